package import Ambient
package import Logging

/// The database that the hub brings itself when none is configured.
///
/// PostgreSQL runs in a session of its own, with its files and its log in the state directory, and is reached by a Unix
/// socket that only root and its own user can open. One hub owns it: it holds a lock as long as it lives. A hub that was
/// killed leaves the server alive, and the next one adopts it; a hub that ends, ends the server too.
package struct EmbeddedServer: Sendable {
    /// Where the role connects that owns the tables, for migrations.
    package let ownerURL: String
    /// Where the role connects that the hub works with.
    package let hubURL: String
    /// Whether the server was alive when it was looked for.
    package let wasAdopted: Bool

    private let cluster: EmbeddedCluster
    private let places: EmbeddedPlaces
    private let lock: EmbeddedLock
    private let logger: Logger

    /// The database, and the roles that the migrations' grants name.
    package static let database = "muster"
    package static let ownerRole = "muster_owner"
    package static let hubRole = "muster_hub"

    /// Starts the server of a state directory, or adopts the living one.
    ///
    /// The directory is made if there is none. When started as root, the server's own folders in it belong to the user
    /// `postgres`, who must be able to reach them: nothing below `/root` will do.
    ///
    /// - Throws: `EmbeddedFailure`, whose text says what to do.
    package static func start(
        stateDirectory: String,
        ambient: Ambient,
        logger: Logger
    ) async throws -> EmbeddedServer {
        let installation = try await EmbeddedInstallation.find()
        let places = try EmbeddedPlaces(stateDirectory: stateDirectory)
        try await places.prepareState(installation)
        let lock = try EmbeddedLock(path: places.lock, directory: places.state)
        try await places.prepareServer(installation)
        let cluster = EmbeddedCluster(
            installation: installation,
            files: places.files,
            socketDirectory: places.socketDirectory,
            log: places.log,
            settings: settings
        )
        let start = ambient.time.elapsed()
        let wasAdopted = try await bringUp(cluster, places, ambient)
        try await prepare(cluster)
        logger.info(
            wasAdopted ? "embedded database adopted" : "embedded database started",
            metadata: ["directory": "\(places.server)", "after": "\(ambient.time.elapsed() - start)"]
        )
        return EmbeddedServer(
            ownerURL: cluster.url(role: ownerRole, database: database),
            hubURL: cluster.url(role: hubRole, database: database),
            wasAdopted: wasAdopted,
            cluster: cluster,
            places: places,
            lock: lock,
            logger: logger
        )
    }

    /// Where the hub's role connects while the hub of a state directory runs; nothing is started.
    ///
    /// - Throws: `EmbeddedFailure` where PostgreSQL is not installed, or the directory cannot be one.
    package static func hubURL(stateDirectory: String) async throws -> String {
        let places = try EmbeddedPlaces(stateDirectory: stateDirectory)
        return EmbeddedCluster(
            installation: try await EmbeddedInstallation.find(),
            files: places.files,
            socketDirectory: places.socketDirectory,
            log: places.log,
            settings: settings
        )
        .url(role: hubRole, database: database)
    }

    /// Stops the server, writing everything down, and gives the lock back.
    package func stop() async {
        do {
            try await cluster.stop(.fast)
            await places.leaveSocketDirectory(cluster.installation)
            logger.info("embedded database stopped")
        } catch {
            // It stays alive, and whoever comes next adopts it.
            logger.error("embedded database does not stop", metadata: ["reason": "\(error)"])
        }
        lock.release()
    }

    /// What differs from PostgreSQL's own settings.
    ///
    /// Durability is left as it is: on.
    private static let settings = [
        "max_connections": "200",
        // One machine, shared with the hub and whatever else runs there.
        "shared_buffers": "128MB",
        // The log is for what needs a person.
        "log_checkpoints": "off", "log_min_messages": "warning", "log_timezone": "UTC", "timezone": "UTC",
        "log_line_prefix": "%m [%p] %u ",
    ]
}

// MARK: - Starting

extension EmbeddedServer {
    /// How long a server that is starting or stopping is waited for before it is started anyway.
    private static let patience = Duration.seconds(40)
    private static let pause = Duration.milliseconds(50)

    /// Brings the server to where it takes connections.
    ///
    /// - Returns: Whether it was alive already.
    private static func bringUp(
        _ cluster: EmbeddedCluster,
        _ places: EmbeddedPlaces,
        _ ambient: Ambient
    ) async throws -> Bool {
        guard places.hasFiles else {
            // Made aside and moved when complete: a hub killed meanwhile leaves nothing that looks like a database.
            try await places.discardUnfinished(cluster.installation)
            try await cluster.create(at: places.unfinished, synced: true)
            try await places.adoptFinished(cluster.installation)
            try await cluster.start()
            return false
        }
        let end = ambient.time.elapsed() + patience
        while try await cluster.isAlive(), ambient.time.elapsed() < end {
            if try await isAnswering(cluster) { return true }
            // Starting, stopping, or another program with the number that a crash left in the file.
            try await ambient.time.sleep(for: pause)
        }
        places.shortenLog()
        try await cluster.start()
        return false
    }

    private static func isAnswering(_ cluster: EmbeddedCluster) async throws -> Bool {
        do {
            let connection = try await connect(cluster, to: "postgres")
            connection.close()
            return true
        } catch let failure as PostgresFailure where failure.kind == .unavailable {
            return false
        }
    }

    private static func connect(_ cluster: EmbeddedCluster, to database: String) async throws -> sending Connection {
        let url = cluster.url(role: EmbeddedCluster.superuser, database: database)
        return try await Connection.open(
            try ConnectionSettings(connectionString: url, applicationName: "muster-embedded")
        )
    }

    /// Makes the roles and the database where they are missing; each step may have been the last one before a crash.
    private static func prepare(_ cluster: EmbeddedCluster) async throws {
        let connection = try await connect(cluster, to: "postgres")
        defer { connection.close() }
        for role in [ownerRole, hubRole] {
            try await connection.script(
                """
                DO $$ BEGIN
                    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '\(role)') THEN CREATE ROLE \(role) LOGIN; END IF;
                END $$
                """
            )
        }
        let exists = Query("SELECT EXISTS (SELECT FROM pg_database WHERE datname = \(database))", as: Bool.self)
        guard try await connection.run(exists) != [true] else { return }
        try await connection.script("CREATE DATABASE \(database) OWNER \(ownerRole)")
    }
}
