import Ambient
import PostgreSQL
import TestKit
import Testing

private struct Stop: Error {}

@Suite(.database) struct `A transaction` {
    private func counted() async throws -> Pool {
        let pool = try TestDatabase.current.pool(size: 8)
        try await pool.execute(Statement("CREATE TABLE counter (name text PRIMARY KEY, n bigint NOT NULL)"))
        try await pool.execute(Statement("INSERT INTO counter VALUES ('a', 0), ('b', 0)"))
        return pool
    }

    private func read(_ name: String) -> Query<Int> {
        Query("SELECT n FROM counter WHERE name = \(name)", as: Int.self)
    }

    private func write(_ name: String, _ value: Int) -> Statement {
        Statement("UPDATE counter SET n = \(value) WHERE name = \(name)")
    }

    @Test func `commits when its closure returns and rolls back when it throws`() async throws {
        let pool = try await counted()
        try await pool.transaction { transaction in _ = try await transaction.execute(write("a", 7)) }
        await #expect(throws: Stop.self) {
            try await pool.transaction { transaction in
                try await transaction.execute(write("a", 8))
                throw Stop()
            }
        }
        #expect(try await pool.first(read("a")) == 7)
    }

    @Test(arguments: [Isolation.serializable, .repeatableRead])
    func `is repeated until it was right, whatever others do meanwhile`(isolation: Isolation) async throws {
        let pool = try await counted()
        let attempts = Tally()
        try await withThrowingTaskGroup { group in
            for _ in 0..<5 {
                group.addTask {
                    try await pool.transaction(isolation) { transaction in
                        attempts.note()
                        let value = try #require(try await transaction.first(read("a")))
                        try await transaction.execute(write("a", value + 1))
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await pool.first(read("a")) == 5)
        #expect(attempts.count >= 5)
    }

    @Test func `is repeated after a deadlock`() async throws {
        let pool = try await counted()
        let attempts = Tally()
        let met = Tally()
        try await withThrowingTaskGroup { group in
            for (first, second) in [("a", "b"), ("b", "a")] {
                group.addTask {
                    try await pool.transaction { transaction in
                        attempts.note()
                        try await transaction.execute(write(first, 1))
                        met.note()
                        try await eventually("both hold a row") { met.count >= 2 }
                        try await transaction.execute(write(second, 1))
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(attempts.count >= 3)
    }

    @Test func `is repeated even when its closure wraps the conflict in an error of its own`() async throws {
        let pool = try await counted()
        let attempts = Tally()
        try await pool.transaction { transaction in
            do {
                let isFirst = attempts.note() == 1
                if isFirst { try await transaction.execute(Statement("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$")) }
            } catch { throw Stop() }
        }
        #expect(attempts.count == 2)
    }

    @Test func `is not repeated for ever`() async throws {
        let pool = try await counted()
        let attempts = Tally()
        let failure = await #expect(throws: PostgresFailure.self) {
            try await pool.transaction { transaction in
                attempts.note()
                try await transaction.execute(Statement("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$"))
            }
        }
        #expect(failure?.kind == .serialization)
        #expect(attempts.count == 12)
    }

    @Test func `fails when its closure hides that a statement failed`() async throws {
        let pool = try await counted()
        let failure = await #expect(throws: PostgresFailure.self) {
            try await pool.transaction { transaction in
                try await transaction.execute(write("a", 9))
                // The failure that is hidden here is the point of the test.
                _ = try? await transaction.execute(Statement("SELECT 1 / 0"))
            }
        }
        #expect(failure?.kind == .statement(sqlstate: "25P02"))
        #expect(try await pool.first(read("a")) == 0)
    }

    @Test func `names a constraint that refuses at the commit`() async throws {
        let pool = try await counted()
        try await pool.withConnection { connection in
            _ = try await connection.script(
                """
                CREATE TABLE child (name text
                    CONSTRAINT child_counter REFERENCES counter (name) DEFERRABLE INITIALLY DEFERRED)
                """
            )
        }
        let failure = await #expect(throws: PostgresFailure.self) {
            try await pool.transaction { try await $0.execute(Statement("INSERT INTO child VALUES ('zz')")) }
        }
        #expect(failure?.constraint == "child_counter")
    }

    @Test func `is rolled back when its task is cancelled, and its locks are gone`() async throws {
        let pool = try await counted()
        let holding = Tally()
        let task = Task {
            try await pool.transaction { transaction in
                try await transaction.execute(write("a", 5))
                holding.note()
                try await transaction.execute(Statement("SELECT pg_sleep(60)"))
            }
        }
        try await eventually("it holds the row") { holding.count == 1 }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        let time = SystemTime()
        let start = time.elapsed()
        try await pool.execute(write("a", 6))
        // Left alone the statement would hold its locks for the 30 s of its limit.
        #expect(time.elapsed() - start < .seconds(25))
        #expect(try await pool.first(read("a")) == 6)
    }

    @Test func `ends at its deadline, attempts and pauses included`() async throws {
        let pool = try await counted()
        let failure = await #expect(throws: PostgresFailure.self) {
            try await pool.transaction(deadline: .milliseconds(300)) { transaction in
                _ = try await transaction.execute(Statement("SELECT pg_sleep(20)"))
            }
        }
        #expect(failure?.kind == .timedOut)
    }

    @Test func `for reading writes nothing and sees one moment`() async throws {
        let pool = try await counted()
        try await pool.transaction(.snapshot) { transaction in
            let before = try await transaction.first(read("a"))
            try await pool.execute(write("a", 3))
            #expect(try await transaction.first(read("a")) == before)
        }
        let failure = await #expect(throws: PostgresFailure.self) {
            try await pool.transaction(.snapshot) { try await $0.execute(write("a", 4)) }
        }
        // The same SQLSTATE, 25006, is what a server says that was made read-only because another takes over.
        #expect(failure?.kind == .unavailable)
    }
}
