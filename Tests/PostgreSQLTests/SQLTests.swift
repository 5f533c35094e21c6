import Ambient
import PostgreSQL
import TestKit
import Testing

@Suite struct `A statement's text` {
    @Test func `holds placeholders where values are, and is the same for all values`() {
        func sql(_ value: String) -> SQL {
            "SELECT \(value), \(7) FROM \(identifier: "odd \"name\"") WHERE a = \(value)"
        }
        #expect(sql("x").text == "SELECT $1, $2 FROM \"odd \"\"name\"\"\" WHERE a = $3")
        #expect(sql("x").text == sql("'; DROP TABLE plan; --").text)
    }

    @Test func `takes in another text with its values`() {
        let condition: SQL = "a = \(1) AND b = \(2)"
        let sql: SQL = "SELECT \(0) WHERE \(condition) LIMIT \(3)"
        #expect(sql.text == "SELECT $1 WHERE a = $2 AND b = $3 LIMIT $4")
    }
}

@Suite(.database) struct `Connection settings` {
    private func setting(_ name: String, _ connectionString: String) async throws -> String? {
        let connection = try await Connection.open(try ConnectionSettings(connectionString: connectionString))
        return try await connection.first(Query("SELECT current_setting(\(name))", as: String.self))
    }

    @Test func `give a session limits and formats of ours`() async throws {
        let url = try TestDatabase.current.connectionString
        let expected = [
            "statement_timeout": "30s", "idle_in_transaction_session_timeout": "1min", "TimeZone": "UTC",
            "client_connection_check_interval": "2s", "application_name": "muster", "client_encoding": "UTF8",
        ]
        for (name, value) in expected { #expect(try await setting(name, url) == value, "\(name)") }
    }

    @Test func `leave what the connection string says`() async throws {
        let url = try TestDatabase.current.connectionString
        let own = url + "&application_name=mine&options=-c%20statement_timeout%3D5min%20-c%20search_path%3Dpg_catalog"
        #expect(try await setting("statement_timeout", own) == "5min")
        #expect(try await setting("search_path", own) == "pg_catalog")
        #expect(try await setting("application_name", own) == "mine")
        #expect(try await setting("TimeZone", own) == "UTC")
    }

    @Test(arguments: ["geheim", "host=x password='geheim", "postgresql://u:geheim@[::1", "geheim = x", "host=x\0"])
    func `refuse a string that cannot be read, and do not repeat it`(string: String) {
        let failure = #expect(throws: PostgresFailure.self) { try ConnectionSettings(connectionString: string) }
        #expect(failure?.kind == .configuration)
        if !string.hasPrefix("geheim =") { #expect(failure.map { !"\($0)".contains("geheim") } == true) }
    }

    @Test func `name the reason when the server refuses`() async throws {
        let server = try TestDatabase.current.server
        let failure = await #expect(throws: PostgresFailure.self) {
            try await Connection.open(try ConnectionSettings(connectionString: server.url(database: "none")))
        }
        #expect(failure?.kind == .unavailable)
        #expect(failure?.message.contains("database \"none\" does not exist") == true)
    }
}
