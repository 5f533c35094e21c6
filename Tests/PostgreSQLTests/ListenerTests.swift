import Ambient
import Logging
import PostgreSQL
import TestKit
import Testing

@Suite(.database) struct `A listener` {
    private func listener(_ database: TestDatabase) throws -> Listener {
        try Listener(
            connectionString: database.connectionString,
            channels: ["plan", "Odd \"name\""],
            ambient: Ambient(),
            logger: .quiet
        )
    }

    @Test(.timeLimit(.minutes(1))) func `wakes when it has connected, and for each hint`() async throws {
        let database = try TestDatabase.current
        let listener = try listener(database)
        var wakeUps = listener.wakeUps(on: "Odd \"name\"", buffer: 10).makeAsyncIterator()
        let running = Task { await listener.run() }
        #expect(await wakeUps.next() == WakeUp(payload: nil))
        let connection = try await database.connect()
        try await connection.execute(Statement("SELECT pg_notify(\("Odd \"name\""), \("s-1"))"))
        #expect(await wakeUps.next() == WakeUp(payload: "s-1"))
        // Who comes later does not know what was before.
        var later = listener.wakeUps(on: "plan").makeAsyncIterator()
        #expect(await later.next() == WakeUp(payload: nil))
        running.cancel()
        await running.value
        #expect(await wakeUps.next() == nil)
    }

    @Test(.timeLimit(.minutes(1))) func `wakes everyone after its connection was lost, for hints may have been too`()
        async throws
    {
        let database = try TestDatabase.current
        let listener = try listener(database)
        var wakeUps = listener.wakeUps(on: "plan").makeAsyncIterator()
        let running = Task { await listener.run() }
        #expect(await wakeUps.next() == WakeUp(payload: nil))
        let connection = try await database.connect()
        for round in 0..<3 {
            let killed = Query(
                """
                SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                 WHERE application_name = \("muster-listener") AND datname = current_database()
                """,
                as: Int.self
            )
            #expect(try await connection.run(killed) == [1])
            #expect(await wakeUps.next() == WakeUp(payload: nil))
            try await connection.execute(Statement("SELECT pg_notify('plan', \("again \(round)"))"))
            #expect(await wakeUps.next() == WakeUp(payload: "again \(round)"))
        }
        running.cancel()
        await running.value
    }

    @Test(.timeLimit(.minutes(1))) func `tells a slow reader that it has missed something`() async throws {
        let database = try TestDatabase.current
        let listener = try listener(database)
        let stream = listener.wakeUps(on: "plan", buffer: 3)
        let probe = listener.wakeUps(on: "plan", buffer: 100)
        let running = Task { await listener.run() }
        var probing = probe.makeAsyncIterator()
        #expect(await probing.next() == WakeUp(payload: nil))
        let connection = try await database.connect()
        try await connection.execute((0..<20).map { Statement("SELECT pg_notify('plan', \("\($0)"))") })
        for number in 0..<20 { #expect(await probing.next()?.payload == "\(number)") }
        running.cancel()
        await running.value
        let received = await stream.reduce(into: [WakeUp]()) { $0.append($1) }
        #expect(received.count == 3)
        #expect(received.last == WakeUp(payload: nil))
    }

    @Test(.timeLimit(.minutes(1))) func `is reached by a notifier, which sends the same hint once`() async throws {
        let database = try TestDatabase.current
        let listener = try listener(database)
        let notifier = try Notifier(
            connectionString: database.connectionString,
            ambient: Ambient(),
            logger: .quiet
        )
        var wakeUps = listener.wakeUps(on: "plan", buffer: 100).makeAsyncIterator()
        // Left before anything runs, they wait together.
        for _ in 0..<50 { notifier.notify("plan", payload: "a") }
        notifier.notify("plan", payload: "b")
        let listening = Task { await listener.run() }
        #expect(await wakeUps.next() == WakeUp(payload: nil))
        let notifying = Task { await notifier.run() }
        #expect(await wakeUps.next()?.payload == "a")
        #expect(await wakeUps.next()?.payload == "b")
        let connection = try await database.connect()
        try await connection.script(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'muster-notifier'"
        )
        notifier.notify("plan", payload: "c")
        #expect(await wakeUps.next()?.payload == "c")
        listening.cancel()
        notifying.cancel()
        await listening.value
        await notifying.value
    }
}
