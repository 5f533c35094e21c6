/// A PostgreSQL server of one's own, in a directory, reached by a Unix socket alone.
///
/// Whoever can enter the socket's directory is trusted; nobody else can, and it listens on no network. `pg_ctl` puts the
/// server into a session of its own, so that the signals of a terminal reach this program only.
package struct EmbeddedCluster: Sendable {
    package let installation: EmbeddedInstallation
    /// The database's files; made by `create`.
    package let files: String
    /// Where the socket is; private, and there before `start`.
    package let socketDirectory: String
    /// What the server and its start write.
    package let log: String
    /// Further settings, by the names of `postgresql.conf`.
    package let settings: [String: String]

    /// The name of the superuser.
    package static let superuser = "postgres"
    /// The longest path of a Unix socket (unix(7): 108 bytes, the last one zero).
    package static let longestSocketPath = 107
    /// The file that PostgreSQL makes for its socket.
    package static let socketName = "/.s.PGSQL.5432"

    package init(
        installation: EmbeddedInstallation,
        files: String,
        socketDirectory: String,
        log: String,
        settings: [String: String] = [:]
    ) {
        self.installation = installation
        self.files = files
        self.socketDirectory = socketDirectory
        self.log = log
        self.settings = settings
    }

    /// Makes the files of an empty server.
    ///
    /// Sorting is by code point, the same on every machine.
    ///
    /// They can be made at another place on the same disk, to be moved where they belong when they are complete.
    package func create(at place: String? = nil, synced: Bool) async throws {
        let place = place ?? files
        let options = ["-A", "trust", "-U", Self.superuser, "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions"]
        let made = try await installation.run("initdb", options + ["--no-sync", "-D", place])
        guard made.status == 0 else { throw EmbeddedFailure.notStarted(made.output, log: log) }
        guard synced else { return }
        // One `syncfs` for all: as durable as initdb's own `fsync` of a thousand files, and much faster.
        let written = try await installation.runAsOwner("/bin/sync", ["-f", "--", place])
        guard written.status == 0 else { throw EmbeddedFailure.notStarted(written.output, log: log) }
    }

    /// Starts the server and waits until it takes connections.
    package func start() async throws {
        let own = [
            "listen_addresses": "", "port": "5432", "unix_socket_directories": socketDirectory,
            "unix_socket_permissions": "0700",
        ]
        let options = own.merging(settings) { _, wished in wished }.sorted { $0.key < $1.key }
            .map { "-c \($0.key)='\($0.value)'" }.joined(separator: " ")
        let started = try await installation.run(
            "pg_ctl",
            ["start", "-D", files, "-l", log, "-w", "-t", "\(Self.startSeconds)", "-o", options]
        )
        guard started.status == 0 else { throw EmbeddedFailure.notStarted(started.output, log: log) }
    }

    /// Whether a server process of these files is alive; it may still be starting, or already stopping.
    package func isAlive() async throws -> Bool {
        try await installation.run("pg_ctl", ["status", "-D", files]).status == 0
    }

    /// Stops the server: `fast` ends its transactions and writes everything down, `immediate` leaves that to a recovery.
    package func stop(_ mode: StopMode = .fast) async throws {
        let stopped = try await installation.run(
            "pg_ctl",
            ["stop", "-D", files, "-m", mode.rawValue, "-w", "-t", "\(Self.stopSeconds)"]
        )
        guard stopped.status != 0, try await isAlive() else { return }
        throw EmbeddedFailure.program("pg_ctl", stopped.output)
    }

    package enum StopMode: String, Sendable {
        case fast, immediate
    }

    /// Where to connect, as a role, to a database.
    package func url(role: String, database: String) -> String {
        let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
        let host = socketDirectory.utf8.map { byte in
            let code = String(byte, radix: 16, uppercase: true)
            return unreserved.contains(byte)
                ? String(Unicode.Scalar(byte)) : "%" + (code.utf8.count < 2 ? "0" : "") + code
        }
        return "postgresql://\(role)@/\(database)?host=\(host.joined())&port=5432"
    }

    /// How long a start may take: a recovery after a crash reads what was written since the last checkpoint.
    private static let startSeconds = 60
    private static let stopSeconds = 30
}
