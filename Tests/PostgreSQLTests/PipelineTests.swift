import Ambient
import PostgreSQL
import TestKit
import Testing

@Suite(.database) struct `A pipeline` {
    @Test(.timeLimit(.minutes(2))) func `takes 50,000 statements whose answers fill every buffer`() async throws {
        let connection = try await TestDatabase.current.connect()
        // Both directions carry far more than sockets and libpq hold back.
        let filling = String(repeating: "x", count: 500)
        let rows = try await connection.run(
            (0..<50_000).map { Query("SELECT \($0), \(filling)", as: Int.self, String.self) }
        )
        #expect(rows.count == 50_000)
        #expect(rows.map { $0[0].0 } == Array(0..<50_000))
        #expect(rows.allSatisfy { $0[0].1.utf8.count == 500 })
        #expect(try await connection.first(Query("SELECT 1", as: Int.self)) == 1)
    }

    @Test func `does all or nothing, and reports the first failure`() async throws {
        let connection = try await TestDatabase.current.connect()
        try await connection.script("CREATE TABLE number (n bigint CONSTRAINT number_once UNIQUE)")
        let numbers = Array(0..<500) + [250] + Array(500..<1000) + [1, 2]
        let failure = await #expect(throws: PostgresFailure.self) {
            try await connection.execute(numbers.map { Statement("INSERT INTO number VALUES (\($0))") })
        }
        #expect(failure?.constraint == "number_once")
        #expect(try await connection.first(Query("SELECT count(*) FROM number", as: Int.self)) == 0)
        let counts = try await connection.execute((0..<500).map { Statement("INSERT INTO number VALUES (\($0))") })
        #expect(counts == Array(repeating: 1, count: 500))
    }

    @Test func `mixes texts, known and new`() async throws {
        let connection = try await TestDatabase.current.connect()
        _ = try await connection.run(Query("SELECT \(1) + 1", as: Int.self))
        let queries = [
            Query("SELECT \(1) + 1", as: Int.self), Query("SELECT \(2) * 5", as: Int.self),
            Query("SELECT \(3) * 5", as: Int.self), Query("SELECT \(4) + 1", as: Int.self),
        ]
        #expect(try await connection.run(queries) == [[2], [10], [15], [5]])
    }

    @Test func `stays usable after a text that cannot be prepared and a row that does not read`() async throws {
        let connection = try await TestDatabase.current.connect()
        await #expect(throws: PostgresFailure.self) {
            try await connection.execute([Statement("SELECT 1"), Statement("SELEKT 2"), Statement("SELECT 3")])
        }
        await #expect(throws: PostgresFailure.self) {
            try await connection.run([Query("SELECT 'a'", as: Int.self), Query("SELECT '1'", as: Int.self)])
        }
        #expect(try await connection.run([Query("SELECT 3", as: Int.self)]) == [[3]])
    }

    @Test func `of a pool joins the transaction it is in`() async throws {
        let pool = try TestDatabase.current.pool()
        try await pool.execute(Statement("CREATE TABLE number (n bigint)"))
        struct Stop: Error {}
        await #expect(throws: Stop.self) {
            try await pool.transaction { transaction in
                try await transaction.execute((0..<100).map { Statement("INSERT INTO number VALUES (\($0))") })
                throw Stop()
            }
        }
        #expect(try await pool.first(Query("SELECT count(*) FROM number", as: Int.self)) == 0)
    }
}
