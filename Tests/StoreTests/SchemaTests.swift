internal import Foundation
internal import PostgreSQL
internal import Recovery
internal import Schema
internal import TestKit
internal import Testing

@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `The schema` {
    private var folder: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../Database").standardized
    }

    @Test func `embeds every migration of the folder, in order`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "Migrations").path)
        let names = files.filter { $0.hasSuffix(".sql") }.map { String($0.dropLast(4)) }.sorted()
        #expect(Schema.migrations.map(\.name) == names)
        for migration in Schema.migrations {
            let text = try String(
                contentsOf: folder.appending(path: "Migrations/\(migration.name).sql"),
                encoding: .utf8
            )
            #expect(migration.sql == text, "\(migration.name) is embedded with another text")
        }
    }

    /// `MUSTER_REGENERATE=1` writes the file anew.
    @Test func `is what Schema.sql shows`() async throws {
        let dump = try await Self.dump(try TestDatabase.current)
        let file = folder.appending(path: "Schema.sql")
        if ProcessInfo.processInfo.environment["MUSTER_REGENERATE"] != nil {
            try dump.write(to: file, atomically: true, encoding: .utf8)
        }
        let shown = try String(contentsOf: file, encoding: .utf8)
        #expect(shown == dump, "MUSTER_REGENERATE=1 Tests/run writes Database/Schema.sql anew")
    }

    @Test(arguments: ["journal_event", "audit_event", "audit_seal", "audit_head"])
    func `lets the hub's role add to the past and read it, but neither change nor delete it`(
        _ table: String
    ) async throws {
        let rights = try await TestDatabase.current.pool().run(
            Query(
                """
                SELECT privilege, has_table_privilege('muster_hub', \(table), privilege)
                  FROM unnest(ARRAY['INSERT', 'SELECT', 'UPDATE', 'DELETE', 'TRUNCATE']) privilege
                """,
                as: String.self,
                Bool.self
            )
        )
        #expect(rights.filter(\.1).map(\.0) == ["INSERT", "SELECT"])
    }

    @Test(arguments: [
        "UPDATE journal_event SET event = '{}'", "DELETE FROM journal_event", "TRUNCATE journal_event",
        "UPDATE audit_event SET principal = 'somebody'", "DELETE FROM audit_event", "TRUNCATE audit_event",
        "UPDATE audit_seal SET hash = ''", "DELETE FROM audit_head", "ALTER TABLE audit_head ADD COLUMN thing text",
        "CREATE TABLE thing (name text)", "DROP TABLE journal_event",
        "ALTER TABLE journal_event DISABLE TRIGGER ALL", "ALTER TABLE execution ADD COLUMN thing text",
        "CREATE INDEX thing ON execution (name)", "CREATE FUNCTION thing() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE RULE thing AS ON INSERT TO audit_event DO INSTEAD NOTHING", "CREATE SCHEMA thing",
        "INSERT INTO schema_migration DEFAULT VALUES", "DELETE FROM schema_migration",
        "SET ROLE muster_owner", "CREATE ROLE thing",
        "COPY audit_event TO PROGRAM 'cat'", "SELECT pg_read_file('/etc/passwd')",
    ])
    func `refuses the hub's role what only its owner may do`(_ statement: String) async throws {
        let connection = try await Connection.open(
            try ConnectionSettings(connectionString: TestDatabase.current.hubConnectionString)
        )
        defer { connection.close() }
        do {
            _ = try await connection.script(statement)
            Issue.record("\(statement) was done")
        } catch let failure as PostgresFailure {
            #expect(failure.kind == .statement(sqlstate: "42501"), "\(statement): \(failure)")
        }
    }

    @Test func `leaves the hub's role no temporary table, which could stand in for one of ours`() async throws {
        // What may be done in a database as a whole is no part of its template.
        let owner = try await TestDatabase.current.connect()
        defer { owner.close() }
        for _ in 0..<2 { try await owner.script(Schema.roles) }
        let hub = try await Connection.open(
            try ConnectionSettings(connectionString: TestDatabase.current.hubConnectionString)
        )
        defer { hub.close() }
        let failure = await #expect(throws: PostgresFailure.self) {
            try await hub.script("CREATE TEMPORARY TABLE audit_event (event text)")
        }
        #expect(failure?.kind == .statement(sqlstate: "42501"))
        try await owner.script("CREATE TEMPORARY TABLE thing (name text)")
    }

    @Test func `has the labels of the domain, and no others`() async throws {
        let checks = try await TestDatabase.current.pool().run(
            Query(
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'c'",
                as: String.self,
                String.self
            )
        )
        let definitions = Dictionary(checks) { first, _ in first }
        func labels(_ constraint: String) -> Set<String> {
            let parts = (definitions[constraint] ?? "").split(separator: "'", omittingEmptySubsequences: false)
            return Set(parts.indices.filter { $0 % 2 == 1 }.map { String(parts[$0]) })
        }
        #expect(labels("execution_status_label") == Set(ExecutionStatus.allCases.map(\.rawValue)))
        #expect(labels("execution_type_label") == Set(ExecutionType.allCases.map(\.rawValue)))
        #expect(labels("execution_wave_status_label") == Set(WaveStatus.allCases.map(\.rawValue)))
        #expect(labels("execution_server_status_label") == Set(ServerStatus.allCases.map(\.rawValue)))
        #expect(labels("execution_server_instance_label") == Set(InstanceState.allCases.map(\.rawValue)))
        #expect(labels("recovery_plan_ordering") == Set(RecoveryPlan.Ordering.allCases.map(\.rawValue)))
    }

    @Test func `has an index for every foreign key`() async throws {
        let bare = try await TestDatabase.current.pool().run(
            Query(
                """
                SELECT c.conname FROM pg_constraint c
                 WHERE c.contype = 'f'
                   AND NOT EXISTS (SELECT FROM pg_index i
                                    WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1])
                """,
                as: String.self
            )
        )
        #expect(bare.isEmpty)
    }

    /// What `pg_dump` shows, without what differs between its versions.
    private static func dump(_ database: TestDatabase) async throws -> String {
        let output = FileManager.default.temporaryDirectory.appending(path: "schema-\(UUID().uuidString).sql")
        try Data().write(to: output)
        defer { try? FileManager.default.removeItem(at: output) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: database.server.cluster.installation.programs + "/pg_dump")
        process.arguments = ["--schema-only", "--no-owner", "--no-privileges", "--dbname", database.connectionString]
        process.standardOutput = try FileHandle(forWritingTo: output)
        try process.run()
        try await eventually("pg_dump ends") { !process.isRunning }
        try #require(process.terminationStatus == 0)
        let text = try String(contentsOf: output, encoding: .utf8)
        var lines: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let isNoise = ["--", "SET ", "SELECT pg_catalog", "\\"].contains { line.hasPrefix($0) }
            if isNoise || (line.isEmpty && lines.last?.isEmpty ?? true) { continue }
            lines.append(line)
        }
        return lines.joined(separator: "\n")
    }
}
