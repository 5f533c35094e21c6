internal import Foundation
internal import Glibc

/// Where the parts of an embedded database are.
struct EmbeddedPlaces: Sendable {
    /// The hub's directory.
    let state: String
    /// The server's own directory in it, mode 0700.
    let server: String
    /// A short path for the socket, mode 0700.
    let socketDirectory: String

    var files: String { server + "/files" }
    var unfinished: String { server + "/unfinished" }
    var log: String { server + "/postgresql.log" }
    var lock: String { state + "/postgresql.lock" }

    /// Marks that PostgreSQL's shell, its configuration and its lists of directories would take for their own.
    private static let forbidden = Set("'\"\\$`,\n")
    /// A log longer than this is put aside when the server starts: one run of the server, and the one before.
    private static let longestLog = 10_000_000

    init(stateDirectory: String) throws {
        let state = URL(fileURLWithPath: stateDirectory).standardizedFileURL.resolvingSymlinksInPath().path
        guard !state.contains(where: Self.forbidden.contains) else {
            throw EmbeddedFailure.directory(state, "its name holds a quote, a comma, $, ` or a backslash")
        }
        self.state = state
        server = state + "/postgresql"
        let near = server + "/socket"
        let isShort = (near + EmbeddedCluster.socketName).utf8.count <= EmbeddedCluster.longestSocketPath
        socketDirectory = isShort ? near : "/tmp/muster-\(geteuid())-\(Self.digest(of: state))"
    }

    /// Makes the state directory, and makes sure that the server's user can reach it.
    func prepareState(_ installation: EmbeddedInstallation) async throws {
        do {
            // 0711: the server's user passes through to its own folder, and reads nothing.
            let mode: [FileAttributeKey: Any] = [.posixPermissions: 0o711]
            try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true, attributes: mode)
        } catch {
            throw EmbeddedFailure.directory(state, error.localizedDescription)
        }
        let reached = try await installation.runAsOwner("/usr/bin/test", ["-x", state])
        guard reached.status == 0 else {
            throw EmbeddedFailure.directory(
                state,
                "the user postgres cannot enter it; set MUSTER_STATE_DIRECTORY to one that it can"
            )
        }
    }

    /// Makes the server's own directories.
    ///
    /// Only whoever holds the lock does.
    func prepareServer(_ installation: EmbeddedInstallation) async throws {
        try await installation.makePrivateDirectory(server)
        try await installation.makePrivateDirectory(socketDirectory)
        // In `/tmp` somebody else may have been first.
        let check = "[ -d \"$1\" ] && [ ! -L \"$1\" ] && [ -O \"$1\" ] && [ \"$(stat -c %a \"$1\")\" = 700 ]"
        let isOurs = try await installation.runAsOwner("/bin/sh", ["-c", check, "sh", socketDirectory])
        guard isOurs.status == 0 else {
            throw EmbeddedFailure.directory(socketDirectory, "it belongs to somebody else; remove it")
        }
    }

    /// Whether there is a database; it is there as a whole or not at all.
    var hasFiles: Bool { FileManager.default.fileExists(atPath: files + "/PG_VERSION") }

    /// Removes what a hub left that was killed while it made the database.
    func discardUnfinished(_ installation: EmbeddedInstallation) async throws {
        let removed = try await installation.runAsOwner("/bin/rm", ["-rf", "--", unfinished])
        guard removed.status == 0 else { throw EmbeddedFailure.directory(unfinished, removed.output) }
    }

    /// Gives the complete database its name, durably.
    func adoptFinished(_ installation: EmbeddedInstallation) async throws {
        let script = "mv -T -- \"$1\" \"$2\" && sync -- \"$3\""
        let moved = try await installation.runAsOwner("/bin/sh", ["-c", script, "sh", unfinished, files, server])
        guard moved.status == 0 else { throw EmbeddedFailure.directory(files, moved.output) }
    }

    /// Removes a socket's directory that is not in the state directory, so that `/tmp` is left as it was.
    func leaveSocketDirectory(_ installation: EmbeddedInstallation) async {
        guard !socketDirectory.hasPrefix(server) else { return }
        // What is left there is taken over at the next start.
        _ = try? await installation.runAsOwner("/bin/rmdir", ["--", socketDirectory])
    }

    /// Puts a long log aside.
    func shortenLog() {
        let size = (try? FileManager.default.attributesOfItem(atPath: log))?[.size] as? Int ?? 0
        guard size > Self.longestLog else { return }
        // A log that cannot be put aside goes on growing, which is no reason not to start.
        try? FileManager.default.removeItem(atPath: log + ".1")
        try? FileManager.default.moveItem(atPath: log, toPath: log + ".1")
    }

    /// FNV-1a: it only has to tell the few state directories of one user apart, the same way every time.
    private static func digest(of path: String) -> String {
        let hash = path.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return String(hash, radix: 36)
    }
}
