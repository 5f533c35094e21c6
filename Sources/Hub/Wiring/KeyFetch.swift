internal import Ambient
internal import AsyncHTTPClient
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import PostgreSQL
internal import Store
internal import WebToken

/// Reads issuers' keys over HTTP, and keeps the last ones in the database.
struct KeyFetch: Sendable {
    let client: HTTPClient
    let pool: Pool
    let ambient: Ambient

    /// Bytes of a key set: Cognito's has two keys in 1 kB.
    private static let longest = 262_144
    private static let timeout = TimeAmount.seconds(5)

    /// The issuer answered something else than a key set.
    private struct Unusable: Error, CustomStringConvertible {
        let description: String
    }

    func fetch(_ url: String) async throws -> [UInt8] {
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "accept", value: "application/json")
        let prepared = request
        let answer = try await ambient.failpoints.around("call.issuer.keys") {
            try await client.execute(prepared, timeout: Self.timeout)
        }
        guard answer.status == .ok else { throw Unusable(description: "status \(answer.status.code)") }
        return Array(buffer: try await answer.body.collect(upTo: Self.longest))
    }

    func load(_ issuer: String) async throws -> [UInt8]? {
        try await pool.first(KeySetStatements.find(of: issuer)).map { Array($0.utf8) }
    }

    func keep(_ issuer: String, _ document: [UInt8]) async throws {
        guard let text = String(validating: document, as: UTF8.self) else { return }
        try await pool.execute(KeySetStatements.keep(text, of: issuer, at: ambient.now))
    }

    /// The cache that fetches with it.
    func cache(of issuers: [Issuer], logger: Logger) -> KeyCache {
        KeyCache(
            issuers: issuers,
            ambient: ambient,
            logger: logger,
            fetch: { try await fetch($0) },
            load: { try await load($0) },
            store: { try await keep($0, $1) }
        )
    }
}
