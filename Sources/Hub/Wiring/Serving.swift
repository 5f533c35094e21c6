internal import AWS
package import Ambient
internal import AsyncHTTPClient
package import Logging
internal import PostgreSQL
internal import Schema
internal import ServiceLifecycle
internal import UnixSignals

/// What the program `muster-hub` does.
package struct Serving: Sendable {
    let configuration: HubConfiguration
    let ambient: Ambient
    let logger: Logger

    package init(_ configuration: HubConfiguration, ambient: Ambient, logger: Logger) {
        self.configuration = configuration
        self.ambient = ambient
        self.logger = logger
    }

    /// Why the hub does not start.
    package struct Refused: Error, CustomStringConvertible {
        package let description: String
    }

    private var migrator: Migrator {
        Migrator(Schema.migrations, grants: Schema.roles, ambient: ambient, logger: logger)
    }

    /// Applies what is missing of the schema.
    ///
    /// - Parameter makesRole: Whether the role of the hub's own connection string is made first, or given its password.
    /// - Returns: The names of the migrations that were applied.
    /// - Throws: `MigrationFailure`, `PostgresFailure`, `EmbeddedFailure`.
    @discardableResult
    package func migrate(makingRole makesRole: Bool = false) async throws -> [String] {
        guard let url = configuration.databaseOwnerURL ?? configuration.databaseURL else {
            let server = try await embedded()
            do {
                let applied = try await migrator.apply(to: server.ownerURL)
                await server.stop()
                return applied
            } catch {
                await server.stop()
                throw error
            }
        }
        if configuration.databaseOwnerURL == nil {
            logger.warning("migrating as the hub's own role: MUSTER_DATABASE_OWNER_URL is not set")
        }
        if makesRole, let hub = configuration.databaseURL {
            try await LoginRole.ensure(asIn: hub, by: url, failpoints: ambient.failpoints)
        }
        return try await migrator.apply(to: url)
    }

    /// Serves until SIGTERM or SIGINT.
    ///
    /// - Parameter migrates: Whether missing migrations are applied first; with the embedded database they always are.
    /// - Throws: `Refused`, `MigrationFailure`, `EmbeddedFailure`, or what made the hub stop.
    package func serve(migrates: Bool) async throws {
        guard let url = configuration.databaseURL else {
            let server = try await embedded()
            do {
                try await migrator.apply(to: server.ownerURL)
                try await run(databaseURL: server.hubURL)
            } catch {
                await server.stop()
                throw error
            }
            await server.stop()
            return
        }
        if migrates { try await migrate() }
        try await run(databaseURL: url)
    }

    func embedded() async throws -> EmbeddedServer {
        try await EmbeddedServer.start(
            stateDirectory: configuration.stateDirectory,
            ambient: ambient,
            logger: logger
        )
    }

    private func run(databaseURL: String) async throws {
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: HTTPExchange.configuration)
        do {
            try await run(databaseURL: databaseURL, client)
        } catch {
            try? await client.shutdown()
            throw error
        }
        try await client.shutdown()
    }

    private func run(databaseURL: String, _ client: HTTPClient) async throws {
        let hub = try Hub.build(
            configuration,
            databaseURL: databaseURL,
            client: client,
            ambient: ambient,
            logger: logger
        )
        try await requireSchema(databaseURL)
        var group = ServiceGroupConfiguration(
            services: hub.services,
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        group.maximumGracefulShutdownDuration = Hub.shutdownTime
        try await ServiceGroup(configuration: group).run()
        logger.info("the hub has stopped")
    }

    /// Refuses a schema that is not known; a database that cannot be reached now is waited for by those who use it.
    private func requireSchema(_ url: String) async throws {
        let pool = try Pool(connectionString: url, size: 1, ambient: ambient, logger: logger)
        defer { pool.close() }
        do {
            switch try await migrator.state(on: pool) {
            case .current: return
            case .ahead(let names):
                logger.warning("a newer hub was here", metadata: ["migrations": "\(names.joined(separator: ", "))"])
            case .behind(let names):
                throw Refused(
                    description:
                        "the database lacks \(names.joined(separator: ", ")): run muster-hub migrate, or serve --migrate"
                )
            case .refused(let refusal): throw MigrationFailure.refused(refusal)
            }
        } catch let failure as PostgresFailure where failure.isTransient {
            logger.warning("the database cannot be reached yet", metadata: ["failure": "\(failure)"])
        }
    }
}
