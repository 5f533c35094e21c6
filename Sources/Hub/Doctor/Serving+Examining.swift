internal import AWS
internal import Ambient
internal import AsyncHTTPClient
internal import Logging
internal import PostgreSQL
internal import Schema

extension Serving {
    /// Looks at everything that the hub needs; nothing is changed.
    ///
    /// - Returns: What was found, in the order in which it is needed.
    package func examine() async -> [Finding] {
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: HTTPExchange.configuration)
        let examination = Examination(
            configuration: configuration,
            client: client,
            migrator: Migrator(Schema.migrations, ambient: ambient, logger: logger),
            ambient: ambient
        )
        let findings = examination.local + (await database(examination)) + (await examination.issuers())
        // It was only read with; what is left of it goes with the program.
        try? await client.shutdown()
        return findings
    }

    private func database(_ examination: Examination) async -> [Finding] {
        do {
            let url = try await databaseURL()
            let pool = try Pool(connectionString: url, size: 1, ambient: ambient, logger: logger)
            defer { pool.close() }
            return try await examination.database(pool)
        } catch {
            let remedy = "Is it running, and can this machine reach it? The address is MUSTER_DATABASE_URL."
            return [.wrong("database", "\(error)", remedy)]
        }
    }
}
