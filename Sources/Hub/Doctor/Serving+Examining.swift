internal import AWS
internal import Ambient
internal import AsyncHTTPClient
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import PostgreSQL
internal import Schema
internal import Store
internal import WebToken

extension Serving {
    /// For one answer of an issuer.
    private static let patience = TimeAmount.seconds(5)
    /// Bytes of a key set that are read.
    private static let longest = 262_144

    /// Looks at everything that the hub needs; nothing is changed.
    ///
    /// - Returns: What was found, in the order in which it is needed.
    package func examine() async -> [Finding] {
        var findings = Diagnosis.configuration(configuration) + keys
        findings += await database()
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: HTTPExchange.configuration)
        for issuer in configuration.issuers { findings += await self.issuer(issuer, client) }
        // It was only read with; what is left of it goes with the program.
        try? await client.shutdown()
        return findings
    }

    private var keys: [Finding] {
        do {
            _ = try SecretKeys(finding: configuration)
            return [.good("secret keys", "they can be read")]
        } catch {
            return [.wrong("secret keys", "\(error)", "openssl rand -base64 32 makes one; all hubs have the same.")]
        }
    }

    private func database() async -> [Finding] {
        do {
            let url = try await databaseURL()
            let pool = try Pool(connectionString: url, size: 1, ambient: ambient, logger: logger)
            defer { pool.close() }
            let state = try await Migrator(Schema.migrations, ambient: ambient, logger: logger).state(on: pool)
            let server = try await pool.run(DoctorStatements.server).flatMap { Diagnosis.database($0, at: ambient.now) }
            guard state.isUsable else { return server + [Diagnosis.schema(state)] }
            let spokes = try await pool.run(DoctorStatements.spokes)
            let unserved = try await pool.run(DoctorStatements.unserved(at: ambient.now))
            let rights = try await pool.run(DoctorStatements.rights)
            return server + [Diagnosis.schema(state)] + Diagnosis.spokes(spokes, unserved) + Diagnosis.rights(rights)
        } catch {
            let remedy = "Is it running, and can this machine reach it? The address is MUSTER_DATABASE_URL."
            return [.wrong("database", "\(error)", remedy)]
        }
    }

    private func issuer(_ issuer: Issuer, _ client: HTTPClient) async -> [Finding] {
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
