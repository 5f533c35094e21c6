internal import Foundation
internal import Glibc
internal import Logging
package import PostgreSQL

/// A PostgreSQL server for tests: in a directory of its own, without durability, gone when the test process is gone.
///
/// It listens on a socket only, so it can be no server that anyone needs. A process that waits for the end of this one
/// (its standard input is a pipe that only this process holds open) stops the server and removes the directory, whether
/// this one ends well or is killed.
package final class DatabaseServer: Sendable {
    package let cluster: EmbeddedCluster
    private let lifeline: Lifeline

    private init(cluster: EmbeddedCluster, lifeline: Lifeline) {
        self.cluster = cluster
        self.lifeline = lifeline
    }

    /// The one that this test run shares; started when first asked for.
    package static var shared: DatabaseServer {
        get async throws { try await SharedServer.one.server() }
    }

    /// Starts one more: for tests that stop or kill their server.
    ///
    /// `settings` are by the names of `postgresql.conf` and win over the ones for tests; `prepare` is told the server's
    /// directory before it starts.
    package static func start(
        settings: [String: String] = [:],
        prepare: (EmbeddedInstallation, _ directory: String) async throws -> Void = { _, _ in }
    ) async throws -> DatabaseServer {
        let installation = try await EmbeddedInstallation.find()
        let directory = "/tmp/muster-test-\(UUID().uuidString.prefix(8).lowercased())"
        try await installation.makePrivateDirectory(directory)
        let cluster = EmbeddedCluster(
            installation: installation,
            files: directory + "/files",
            socketDirectory: directory,
            log: directory + "/log",
            settings: [
                "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "400",
                "shared_buffers": "64MB", "autovacuum": "off", "log_min_messages": "fatal", "max_wal_size": "256MB",
                // A dead client's statement must end soon enough for a test to see it.
                "deadlock_timeout": "100ms",
            ].merging(settings) { _, wished in wished }
        )
        let lifeline = try Lifeline(cluster: cluster, directory: directory)
        try await cluster.create(synced: false)
        try await prepare(installation, directory)
        try await cluster.start()
        let server = DatabaseServer(cluster: cluster, lifeline: lifeline)
        let connection = try await server.connect(to: "postgres")
        try await connection.script("CREATE ROLE muster_owner LOGIN CREATEDB; CREATE ROLE muster_hub LOGIN")
        connection.close()
        return server
    }

    /// Where to connect: as the superuser, unless a role is named.
    package func url(database: String, role: String = EmbeddedCluster.superuser) -> String {
        cluster.url(role: role, database: database)
    }

    /// A connection of the superuser.
    package func connect(to database: String) async throws -> sending Connection {
        try await Connection.open(try ConnectionSettings(connectionString: url(database: database)))
    }

    /// Ends the server at once, as a power failure does.
    package func kill() async throws {
        try await cluster.stop(.immediate)
    }

    /// Starts it again after `kill`.
    package func restart() async throws {
        try await cluster.start()
    }

    /// Stops its main process in its tracks: connections are made by the kernel, and nobody ever speaks.
    package func freeze() throws {
        try signal(SIGSTOP)
    }

    /// Lets it go on after `freeze`.
    package func thaw() throws {
        try signal(SIGCONT)
    }

    private func signal(_ number: Int32) throws {
        let file = try String(contentsOfFile: cluster.files + "/postmaster.pid", encoding: .utf8)
        guard let process = file.split(separator: "\n").first.flatMap({ pid_t($0) }), Glibc.kill(process, number) == 0
        else { throw ConditionTimeout(what: "the server has no process to signal") }
    }

    /// Ends the server and removes its directory, without waiting.
    package func end() {
        lifeline.cut()
    }
}

/// The pipe whose closing ends a server.
private final class Lifeline: Sendable {
    private let input: FileHandle

    init(cluster: EmbeddedCluster, directory: String) throws {
        let pipe = Pipe()
        let watch = Process()
        watch.executableURL = URL(fileURLWithPath: "/usr/bin/setsid")
        // `cat` ends when nobody holds the pipe's other end any more.
        let script = """
            cat >/dev/null
            kill -CONT "$(head -n 1 "$2/postmaster.pid")" 2>/dev/null
            if [ "$(id -u)" = 0 ]; then run="setpriv --reuid=postgres --regid=postgres --init-groups --"; else run=""; fi
            $run "$1/pg_ctl" stop -D "$2" -m immediate -w >/dev/null 2>&1
            rm -rf "$3"
            """
        watch.arguments = ["/bin/sh", "-c", script, "sh", cluster.installation.programs, cluster.files, directory]
        watch.currentDirectoryURL = URL(fileURLWithPath: "/")
        watch.standardInput = pipe
        watch.standardOutput = FileHandle.nullDevice
        watch.standardError = FileHandle.nullDevice
        // Inherited by another program, the pipe would stay open.
        _ = fcntl(pipe.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        try watch.run()
        input = pipe.fileHandleForWriting
    }

    func cut() {
        // Closed twice, it is closed.
        try? input.close()
    }
}

/// Starts the shared server once, however many tests ask at the same time.
private actor SharedServer {
    static let one = SharedServer()
    private var starting: Task<DatabaseServer, any Error>?

    func server() async throws -> DatabaseServer {
        // Not structured: the test that happens to be first does not own what all of them use.
        let starting = self.starting ?? Task { try await DatabaseServer.start() }
        self.starting = starting
        return try await starting.value
    }
}
