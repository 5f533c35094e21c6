import Ambient
import Foundation
import Logging
import PostgreSQL
import TestKit
import Testing

private let one = Query("SELECT 1", as: Int.self)
private let backend = Query("SELECT pg_backend_pid()", as: Int.self)

@Suite(.database) struct `A pool` {
    @Test func `gives waiters a connection in the order they came`() async throws {
        let pool = try TestDatabase.current.pool(size: 1)
        let served = Tally()
        let gate = Tally()
        let holder = Task {
            try await pool.withConnection { _ in
                gate.note()
                try await eventually("all have come") { gate.count == 2 }
            }
        }
        try await eventually("the only connection is lent") { gate.count == 1 }
        let waiters = try await (0..<20).asyncMap { number in
            let waiter = Task { try await pool.withConnection { _ in _ = served.note(number) } }
            try await eventually("the caller waits") { pool.load.waiting == number + 1 }
            return waiter
        }
        gate.note()
        for waiter in waiters { try await waiter.value }
        try await holder.value
        #expect(served.all == Array(0..<20))
    }

    @Test func `tells a waiter at its deadline that no connection became free`() async throws {
        let pool = try TestDatabase.current.pool(size: 1, patience: .seconds(2))
        try await pool.withConnection { _ in
            let failure = await #expect(throws: PostgresFailure.self) { try await pool.run(one) }
            #expect(failure?.kind == .timedOut)
        }
        #expect(try await pool.run(one) == [1])
    }

    @Test func `forgets a waiter whose task is cancelled`() async throws {
        let pool = try TestDatabase.current.pool(size: 1)
        try await pool.withConnection { _ in
            let waiter = Task { try await pool.run(one) }
            try await eventually("it waits") { pool.load.waiting == 1 }
            waiter.cancel()
            await #expect(throws: CancellationError.self) { try await waiter.value }
            #expect(pool.load.waiting == 0)
        }
        #expect(try await pool.run(one) == [1])
    }

    @Test func `uses its connections again, and no more than it may have`() async throws {
        let pool = try TestDatabase.current.pool(size: 3)
        let backends = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<60 { group.addTask { try #require(try await pool.first(backend)) } }
            return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(backends.count <= 3)
    }

    @Test func `replaces a connection whose task was cancelled in mid-query`() async throws {
        let pool = try TestDatabase.current.pool(size: 1)
        let before = try await pool.first(backend)
        let slow = Task { try await pool.execute(Statement("SELECT pg_sleep(30)")) }
        try await eventually("it runs") { pool.load.lent == 1 }
        slow.cancel()
        await #expect(throws: CancellationError.self) { try await slow.value }
        let after = try await pool.first(backend)
        #expect(after != nil)
        #expect(after != before || before == nil)
    }

    @Test func `gives up a loan at its deadline and replaces the connection`() async throws {
        let pool = try TestDatabase.current.pool(size: 1)
        let failure = await #expect(throws: PostgresFailure.self) {
            try await pool.withConnection(deadline: .milliseconds(200)) { connection in
                try await connection.execute(Statement("SELECT pg_sleep(30)"))
            }
        }
        #expect(failure?.kind == .timedOut)
        #expect(try await pool.run(one) == [1])
    }

    @Test func `lends no connection that the server has closed meanwhile`() async throws {
        let database = try TestDatabase.current
        let pool = try database.pool(size: 2)
        for _ in 0..<5 {
            let backend = try #require(try await pool.first(backend))
            let killer = try await database.connect()
            try await killer.execute(Statement("SELECT pg_terminate_backend(\(Int32(backend)))"))
            let alive = Query("SELECT count(*) FROM pg_stat_activity WHERE pid = \(backend)", as: Int.self)
            try await eventually("the session ended") { try await killer.run(alive) == [0] }
            // In a transaction, for until something was sent in one, a connection that turns out broken is replaced.
            #expect(try await pool.transaction { try await $0.run(one) } == [1])
        }
    }

    @Test func `takes back no connection in a transaction`() async throws {
        let pool = try TestDatabase.current.pool(size: 1)
        try await pool.withConnection { connection in
            _ = try await connection.script("BEGIN; CREATE TABLE forgotten ()")
        }
        let exists = Query("SELECT to_regclass('forgotten') IS NOT NULL", as: Bool.self)
        #expect(try await pool.run(exists) == [false])
    }

    @Test func `prepares anew what a migration has changed under it`() async throws {
        let pool = try TestDatabase.current.pool(size: 2)
        try await pool.execute(Statement("CREATE TABLE thing (a bigint)"))
        try await pool.execute(Statement("INSERT INTO thing VALUES (1)"))
        let read = Query("SELECT thing.* FROM thing") { (row: inout RowReader) throws -> String in try row.read() }
        #expect(try await pool.run(read) == ["1"])
        try await pool.execute(Statement("ALTER TABLE thing ALTER COLUMN a TYPE text"))
        #expect(try await pool.run(read) == ["1"])
        try await pool.execute(Statement("ALTER TABLE thing ALTER COLUMN a TYPE numeric USING 2"))
        #expect(try await pool.transaction { try await $0.run(read) } == ["2"])
    }

    @Test func `and others work side by side on one database`() async throws {
        let database = try TestDatabase.current
        let pools = try (0..<4).map { _ in try database.pool(size: 3) }
        try await pools[0].execute(Statement("CREATE TABLE counter (n bigint NOT NULL)"))
        try await pools[0].execute(Statement("INSERT INTO counter VALUES (0)"))
        try await withThrowingTaskGroup { group in
            for number in 0..<200 {
                group.addTask {
                    let pool = pools[number % 4]
                    try await pool.transaction { try await $0.execute(Statement("UPDATE counter SET n = n + 1")) }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await pools[1].first(Query("SELECT n FROM counter", as: Int.self)) == 200)
    }

    @Test func `refuses every caller once it is closed`() async throws {
        let pool = try TestDatabase.current.pool(size: 1)
        try await pool.withConnection { _ in
            let waiter = Task { try await pool.run(one) }
            try await eventually("it waits") { pool.load.waiting == 1 }
            pool.close()
            let failure = await #expect(throws: PostgresFailure.self) { try await waiter.value }
            #expect(failure?.kind == .unavailable)
        }
        await #expect(throws: PostgresFailure.self) { try await pool.run(one) }
    }
}

@Suite(.serialized) struct `A pool without its database` {
    @Test func `says so quickly, and recovers by itself`() async throws {
        let server = try await DatabaseServer.start()
        defer { server.end() }
        let pool = try Pool(
            connectionString: server.url(database: "postgres"),
            size: 3,
            patience: .seconds(20),
            ambient: Ambient(),
            logger: .quiet
        )
        #expect(try await pool.run(one) == [1])
        for _ in 0..<2 {
            try await server.kill()
            let time = SystemTime()
            let start = time.elapsed()
            // More callers than connections: those who wait are told too.
            await withTaskGroup { group in
                for _ in 0..<10 {
                    group.addTask {
                        let failure = await #expect(throws: PostgresFailure.self) { try await pool.run(one) }
                        #expect(failure?.kind == .unavailable)
                    }
                }
            }
            // About their patience once; a connection after the other they would have waited four times it.
            #expect(time.elapsed() - start < .seconds(70))
            // The outage is known now: nobody is kept waiting any more.
            let later = time.elapsed()
            await #expect(throws: PostgresFailure.self) { try await pool.run(one) }
            #expect(time.elapsed() - later < .seconds(18))
            try await server.restart()
            #expect(try await pool.run(one) == [1])
        }
    }

    @Test func `rides out a restart shorter than its patience`() async throws {
        let server = try await DatabaseServer.start()
        defer { server.end() }
        let pool = try Pool(
            connectionString: server.url(database: "postgres"),
            size: 2,
            patience: .seconds(20),
            ambient: Ambient(),
            logger: .quiet
        )
        #expect(try await pool.run(one) == [1])
        try await server.kill()
        async let answer = pool.run(one)
        try await server.restart()
        #expect(try await answer == [1])
    }

    @Test func `reaches the second host when the first is silent`() async throws {
        let (silent, living) = (try await DatabaseServer.start(), try await DatabaseServer.shared)
        defer { silent.end() }
        try silent.freeze()
        let hosts = "host=\(silent.cluster.socketDirectory),\(living.cluster.socketDirectory)"
        let pool = try Pool(
            connectionString: hosts + " user=postgres connect_timeout=2",
            size: 1,
            patience: .seconds(1),
            ambient: Ambient(),
            logger: .quiet
        )
        #expect(try await pool.run(one) == [1])
    }

    @Test func `does not wait for a server that never answers`() async throws {
        let server = try await DatabaseServer.start()
        defer { server.end() }
        try server.freeze()
        var limits = ConnectionSettings.Limits()
        limits.connect = .seconds(60)
        let pool = try Pool(
            connectionString: server.url(database: "postgres"),
            size: 1,
            limits: limits,
            patience: .milliseconds(500),
            ambient: Ambient(),
            logger: .quiet
        )
        let time = SystemTime()
        let start = time.elapsed()
        let failure = await #expect(throws: PostgresFailure.self) { try await pool.run(one) }
        #expect(failure?.kind == .unavailable)
        // Its patience ends long before the minute that connecting may take.
        #expect(time.elapsed() - start < .seconds(50))
    }
}

extension Sequence {
    /// One after the other.
    fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
