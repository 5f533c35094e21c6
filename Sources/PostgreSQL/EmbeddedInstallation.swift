/// The programs of a PostgreSQL server that is installed on this machine.
///
/// PostgreSQL refuses to run as root, so a root process runs them as the user `postgres`, which the package makes.
package struct EmbeddedInstallation: Sendable {
    /// Where `initdb`, `pg_ctl` and `postgres` are.
    package let programs: String
    /// Whether this process is root, and so the server is another user's.
    package let runsAsPostgres: Bool

    /// The oldest server this program works with (`architecture.md`: PostgreSQL 15 or newer).
    private static let oldestVersion = 15

    /// Finds the programs: those in `PATH`, else the newest where Debian keeps them.
    ///
    /// - Throws: `EmbeddedFailure` when there are none, or they are too old.
    package static func find() async throws -> EmbeddedInstallation {
        let found = try await Program.run("/bin/sh", ["-c", findScript])
        let programs = found.output
        guard found.status == 0, !programs.isEmpty else {
            throw EmbeddedFailure.notInstalled
        }
        let version = try await Program.run("\(programs)/postgres", ["--version"]).output
        let major = version.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
        guard major >= oldestVersion else { throw EmbeddedFailure.tooOld(version) }
        let user = try await Program.run("/usr/bin/id", ["-u"]).output
        return EmbeddedInstallation(programs: programs, runsAsPostgres: user == "0")
    }

    private static let findScript = """
        found=$(command -v pg_ctl) && found=$(dirname "$(readlink -f "$found")")
        for place in "$found" $(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin 2>/dev/null | sort -rV); do
            if [ -n "$place" ] && [ -x "$place/initdb" ] && [ -x "$place/pg_ctl" ] && [ -x "$place/postgres" ]; then
                echo "$place"
                exit 0
            fi
        done
        exit 1
        """

    /// Runs one of the programs as the user that owns the server.
    package func run(_ program: String, _ arguments: [String]) async throws -> Program.Result {
        try await runAsOwner("\(programs)/\(program)", arguments)
    }

    /// Runs any program as the user that owns the server.
    package func runAsOwner(_ path: String, _ arguments: [String]) async throws -> Program.Result {
        guard runsAsPostgres else { return try await Program.run(path, arguments) }
        let identity = ["--reuid=postgres", "--regid=postgres", "--init-groups", "--", path]
        return try await Program.run("/usr/bin/setpriv", identity + arguments)
    }

    /// Makes a directory that only the server's user can enter, or makes sure that an existing one is such.
    package func makePrivateDirectory(_ path: String) async throws {
        let owner = runsAsPostgres ? ["-o", "postgres", "-g", "postgres"] : []
        let made = try await Program.run("/usr/bin/install", ["-d", "-m", "0700"] + owner + ["--", path])
        guard made.status == 0 else { throw EmbeddedFailure.directory(path, made.output) }
    }
}

/// Why there is no embedded database.
///
/// Each text says what to do about it.
package enum EmbeddedFailure: Error, Sendable, Hashable, CustomStringConvertible {
    case notInstalled
    case tooOld(String)
    case program(String, String)
    case directory(String, String)
    case locked(String, process: String)
    case notStarted(String, log: String)

    package var description: String {
        switch self {
        case .notInstalled:
            "PostgreSQL is not installed: install the package postgresql, or name a server in MUSTER_DATABASE_URL"
        case .tooOld(let version):
            "\(version) is too old, 15 is needed: install a newer one, or name a server in MUSTER_DATABASE_URL"
        case .program(let path, let reason): "\(path) cannot be run: \(reason)"
        case .directory(let path, let reason):
            "the directory \(path) cannot be used for the embedded database: \(reason)"
        case .locked(let path, let process):
            "the embedded database in \(path) belongs to another muster-hub (process \(process)): "
                + "stop it, or let both use one server, named in MUSTER_DATABASE_URL"
        case .notStarted(let reason, let log): "the embedded database did not start (log: \(log)): \(reason)"
        }
    }
}
