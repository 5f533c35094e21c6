import Ambient
import PostgreSQL
import TestKit
import Testing

private let first = Migration(name: "M0001-accounts", sql: "CREATE TABLE account (id text PRIMARY KEY);")
private let second = Migration(
    name: "M0002-names",
    sql: "ALTER TABLE account ADD name text; INSERT INTO account VALUES ('1', 'one; two');"
)
private let third = Migration(
    name: "M0003-index",
    sql: """
        -- outside-transaction
        CREATE INDEX CONCURRENTLY IF NOT EXISTS account_name
            ON account (name);
        CREATE INDEX CONCURRENTLY IF NOT EXISTS account_other ON account (name, id);
        -- The end.
        """
)

private func migrator(_ migrations: [Migration], grants: String? = nil) -> Migrator {
    Migrator(migrations, grants: grants, ambient: Ambient(), logger: .quiet)
}

@Suite(.database) struct `A migrator` {
    @Test func `applies what is missing, once and in order`() async throws {
        let database = try TestDatabase.current
        let pool = try database.pool()
        #expect(try await migrator([first, second]).state(on: pool) == .behind([first.name, second.name]))
        #expect(try await migrator([first]).apply(to: database.connectionString) == [first.name])
        let all = migrator([first, second, third], grants: "GRANT SELECT ON account TO muster_hub")
        #expect(try await all.apply(to: database.connectionString) == [second.name, third.name])
        #expect(try await all.apply(to: database.connectionString) == [])
        #expect(try await all.state(on: pool) == .current)
        #expect(try await pool.run(Query("SELECT name FROM account", as: String.self)) == ["one; two"])
        let indices = Query("SELECT count(*) FROM pg_indexes WHERE tablename = 'account'", as: Int.self)
        #expect(try await pool.run(indices) == [3])
        // The hub's role may look, which `serve` needs.
        let hub = try Pool(
            connectionString: database.hubConnectionString,
            size: 1,
            ambient: Ambient(),
            logger: .quiet
        )
        #expect(try await all.state(on: hub) == .current)
        #expect(try await hub.run(Query("SELECT id FROM account", as: String.self)) == ["1"])
    }

    @Test func `applies nothing of a migration that fails, and all before it`() async throws {
        let database = try TestDatabase.current
        let broken = Migration(name: "M0002-broken", sql: "CREATE TABLE thing (); SELECT 1 / 0;")
        let failure = await #expect(throws: MigrationFailure.self) {
            try await migrator([first, broken]).apply(to: database.connectionString)
        }
        guard case .failed(broken.name, let cause) = failure else {
            return #expect(Bool(false), "\(String(describing: failure))")
        }
        #expect(cause.kind == .statement(sqlstate: "22012"))
        let pool = try database.pool()
        #expect(try await pool.run(Query("SELECT to_regclass('thing') IS NULL", as: Bool.self)) == [true])
        #expect(try await migrator([first]).state(on: pool) == .current)
        #expect(try await migrator([first, second]).apply(to: database.connectionString) == [second.name])
    }

    @Test func `refuses a migration that ends its transaction`() async throws {
        let database = try TestDatabase.current
        let sly = Migration(name: "M0001-sly", sql: "CREATE TABLE thing (); COMMIT; SELECT 1;")
        await #expect(throws: MigrationFailure.self) { try await migrator([sly]).apply(to: database.connectionString) }
    }

    @Test func `refuses a schema that it does not know`() async throws {
        let database = try TestDatabase.current
        let pool = try database.pool()
        try await migrator([first, second]).apply(to: database.connectionString)
        let changed = Migration(name: second.name, sql: second.sql + " ")
        let cases: [([Migration], SchemaState.Refusal)] = [
            ([second], .unknown([first.name])), ([first, changed], .changed([second.name])),
            ([third, first, second], .skipped([third.name])),
        ]
        for (migrations, refusal) in cases {
            #expect(try await migrator(migrations).state(on: pool) == .refused(refusal))
            let failure = await #expect(throws: MigrationFailure.self) {
                try await migrator(migrations).apply(to: database.connectionString)
            }
            #expect(failure == .refused(refusal))
        }
    }

    @Test func `lets an older program work with a newer schema until something is taken away from it`() async throws {
        let database = try TestDatabase.current
        let pool = try database.pool()
        let contracting = Migration(
            name: "M0009-contract-account",
            sql: "ALTER TABLE account DROP COLUMN IF EXISTS gone"
        )
        try await migrator([first, second]).apply(to: database.connectionString)
        #expect(try await migrator([first]).state(on: pool) == .ahead([second.name]))
        #expect(try await migrator([first]).apply(to: database.connectionString) == [])
        try await migrator([first, second, contracting]).apply(to: database.connectionString)
        #expect(
            try await migrator([first]).state(on: pool) == .refused(.unknown([second.name, contracting.name]))
        )
        #expect(try await migrator([first, second]).state(on: pool) == .refused(.unknown([contracting.name])))
    }

    @Test func `lets several programs start at once`() async throws {
        let database = try TestDatabase.current
        let applied = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<4 {
                group.addTask { try await migrator([first, second, third]).apply(to: database.connectionString) }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(applied == [first.name, second.name, third.name])
    }
}
