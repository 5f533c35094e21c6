internal import AWS
internal import Ambient
internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import PostgreSQL
internal import Recovery
internal import Store
internal import WebToken

/// Looks at what a hub needs; nothing is changed.
///
/// What the facts mean is decided by `Diagnosis`.
struct Examination: Sendable {
    let configuration: HubConfiguration
    /// For issuers.
    let client: HTTPClient
    let migrator: Migrator
    let ambient: Ambient

    /// For one answer of an issuer.
    private static let patience = TimeAmount.seconds(5)
    /// Bytes of a key set that are read.
    private static let longest = 262_144

    /// What can be seen without leaving the machine.
    var local: [Finding] {
        Diagnosis.configuration(configuration) + keys
    }

    private var keys: [Finding] {
        do {
            _ = try SecretKeys(finding: configuration)
            return [.good("secret keys", "they can be read")]
        } catch {
            return [.wrong("secret keys", "\(error)", "openssl rand -base64 32 makes one; all hubs have the same.")]
        }
    }

    /// The database, its schema, and what it knows of spokes.
    ///
    /// - Parameters:
    ///   - pool: Connections to it.
    ///   - scope: The accounts that whoever asks may see; nil: all.
    /// - Returns: What was found.
    /// - Throws: `PostgresFailure`.
    func database(_ pool: Pool, within scope: [AccountNumber]? = nil) async throws -> [Finding] {
        let state = try await migrator.state(on: pool)
        let server = try await pool.run(DoctorStatements.server).flatMap { Diagnosis.database($0, at: ambient.now) }
        guard state.isUsable else { return server + [Diagnosis.schema(state)] }
        let spokes = try await pool.run(DoctorStatements.spokes(within: scope))
        let unserved = try await pool.run(DoctorStatements.unserved(within: scope, at: ambient.now))
        let rights = try await pool.run(DoctorStatements.rights(within: scope))
        return server + [Diagnosis.schema(state)] + Diagnosis.spokes(spokes, unserved) + Diagnosis.rights(rights)
    }

    /// Whether each issuer shows its keys, and what time it is there.
    func issuers() async -> [Finding] {
        var findings: [Finding] = []
        for issuer in configuration.issuers { findings += await self.issuer(issuer) }
        return findings
    }

    private func issuer(_ issuer: Issuer) async -> [Finding] {
        let name = "issuer \(issuer.url)"
        do {
            let answer = try await ambient.failpoints.around("call.issuer.examination") {
                try await client.execute(HTTPClientRequest(url: issuer.keySetURL), timeout: Self.patience)
            }
            let body = try await answer.body.collect(upTo: Self.longest)
            guard answer.status == .ok, String(buffer: body).contains("\"keys\"") else {
                return [
                    .wrong(
                        name,
                        "\(issuer.keySetURL) answers \(answer.status.code) and no keys",
                        "Is it the issuer's exact address, with the user pool's identifier and without a slash at the end?"
                    )
                ]
            }
            let date = answer.headers.first(name: "date").flatMap { Instant(httpDate: $0) }
            return [.good(name, "its keys can be read")]
                + (date.map { [Diagnosis.clock(name, $0, at: ambient.now)] } ?? [])
        } catch {
            let remedy = "Who is signed in stays so for a while. Look at this machine's way out, and at the issuer."
            return [.wrong(name, "\(error)", remedy)]
        }
    }
}

extension SchemaState {
    /// Whether this program's statements fit it.
    fileprivate var isUsable: Bool {
        switch self {
        case .current, .ahead: true
        case .behind, .refused: false
        }
    }
}
