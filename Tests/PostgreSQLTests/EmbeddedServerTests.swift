import Ambient
import Foundation
import Glibc
import PostgreSQL
import TestKit
import Testing

/// A state directory that every user can reach, gone after the test.
private final class StateDirectory {
    let path: String
    private let top: String

    init(_ suffix: String = "") {
        top = "/tmp/muster-state-\(UUID().uuidString.prefix(8).lowercased())"
        path = top + suffix
    }

    func start() async throws -> EmbeddedServer {
        try await EmbeddedServer.start(stateDirectory: path, ambient: Ambient(), logger: .quiet)
    }

    var serverProcess: pid_t? {
        let text = try? String(contentsOfFile: path + "/postgresql/files/postmaster.pid", encoding: .utf8)
        return text?.split(separator: "\n").first.flatMap { pid_t($0) }
    }

    deinit {
        // Whatever a failed test left alive.
        if let serverProcess { kill(serverProcess, SIGQUIT) }
        try? FileManager.default.removeItem(atPath: top)
    }
}

private func names(_ url: String) async throws -> [String] {
    let connection = try await Connection.open(try ConnectionSettings(connectionString: url))
    defer { connection.close() }
    return try await connection.run(Query("SELECT name FROM thing ORDER BY name", as: String.self))
}

private func script(_ url: String, _ text: String) async throws {
    let connection = try await Connection.open(try ConnectionSettings(connectionString: url))
    defer { connection.close() }
    try await connection.script(text)
}

@Suite(.serialized) struct `An embedded database` {
    @Test func `is made once, keeps what it has, and stops with its hub`() async throws {
        let state = StateDirectory()
        let first = try await state.start()
        #expect(!first.wasAdopted)
        try await script(first.ownerURL, "CREATE TABLE thing (name text); INSERT INTO thing VALUES ('kept')")
        try await script(first.ownerURL, "GRANT SELECT ON thing TO muster_hub")
        #expect(try await names(first.hubURL) == ["kept"])
        let process = try #require(state.serverProcess)
        await first.stop()
        try await eventually("the server is gone") { kill(process, 0) != 0 }
        let second = try await state.start()
        #expect(!second.wasAdopted)
        #expect(try await names(second.hubURL) == ["kept"])
        await second.stop()
    }

    @Test func `lets its hub's role make no tables`() async throws {
        let state = StateDirectory()
        let server = try await state.start()
        let failure = await #expect(throws: PostgresFailure.self) {
            try await script(server.hubURL, "CREATE TABLE thing (name text)")
        }
        #expect(failure?.kind == .statement(sqlstate: "42501"))
        await server.stop()
    }

    @Test func `is reached by its own user's socket only, and leads a session of its own`() async throws {
        let state = StateDirectory()
        let server = try await state.start()
        let process = try #require(state.serverProcess)
        #expect(getsid(process) == process)
        #expect(getsid(process) != getsid(0))
        for folder in ["/postgresql", "/postgresql/socket", "/postgresql/files"] {
            let mode = try FileManager.default.attributesOfItem(atPath: state.path + folder)[.posixPermissions] as? Int
            #expect(mode == 0o700)
        }
        let listens = Query("SELECT current_setting('listen_addresses')", as: String.self)
        let connection = try await Connection.open(try ConnectionSettings(connectionString: server.ownerURL))
        #expect(try await connection.run(listens) == [""])
        #expect(FileManager.default.fileExists(atPath: state.path + "/postgresql/postgresql.log"))
        await server.stop()
    }

    @Test func `refuses a second hub, and says which setting helps`() async throws {
        let state = StateDirectory()
        let server = try await state.start()
        let failure = await #expect(throws: EmbeddedFailure.self) { try await state.start() }
        #expect(failure == .locked(state.path, process: "\(getpid())"))
        #expect(failure?.description.contains("MUSTER_DATABASE_URL") == true)
        await server.stop()
    }

    @Test func `that its killed hub left alive is adopted, and stopped in the end`() async throws {
        let state = StateDirectory()
        // A hub that is killed gives back nothing but the lock: so does one that forgets its server.
        do { _ = try await state.start() }
        let process = try #require(state.serverProcess)
        let adopted = try await state.start()
        #expect(adopted.wasAdopted)
        #expect(state.serverProcess == process)
        await adopted.stop()
        try await eventually("the server is gone") { kill(process, 0) != 0 }
    }

    @Test func `comes back after a crash of the machine, whatever that left half done`() async throws {
        let state = StateDirectory()
        do {
            let server = try await state.start()
            try await script(server.ownerURL, "CREATE TABLE thing (name text); INSERT INTO thing VALUES ('kept')")
            try await script(server.ownerURL, "GRANT SELECT ON thing TO muster_hub")
        }
        let process = try #require(state.serverProcess)
        kill(process, SIGKILL)
        try await eventually("the server is dead") { kill(process, 0) != 0 }
        // What a hub leaves that is killed while it makes a database.
        try FileManager.default.createDirectory(
            atPath: state.path + "/postgresql/unfinished",
            withIntermediateDirectories: true
        )
        let server = try await state.start()
        #expect(!server.wasAdopted)
        #expect(try await names(server.hubURL) == ["kept"])
        await server.stop()
    }

    @Test func `whose state directory has a long name has its socket elsewhere`() async throws {
        let state = StateDirectory("/" + String(repeating: "long", count: 25))
        let server = try await state.start()
        #expect(server.hubURL.contains("%2Ftmp%2Fmuster-"))
        try await script(server.ownerURL, "CREATE TABLE thing (name text); GRANT SELECT ON thing TO muster_hub")
        #expect(try await names(server.hubURL) == [])
        await server.stop()
    }

    @Test func `refuses a directory that the server's user cannot enter`() async throws {
        guard geteuid() == 0 else { return }
        let state = StateDirectory()
        try FileManager.default.createDirectory(
            atPath: state.path,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let failure = await #expect(throws: EmbeddedFailure.self) {
            try await EmbeddedServer.start(stateDirectory: state.path + "/below", ambient: Ambient(), logger: .quiet)
        }
        #expect(failure?.description.contains("MUSTER_STATE_DIRECTORY") == true)
    }
}
