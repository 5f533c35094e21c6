internal import Ambient
internal import Recovery
internal import TestKit
internal import Testing

@Suite struct `A drill that cleans up after itself` {
    private static let hour = Duration.seconds(3600)

    private func drill() -> Rehearsal { Rehearsal(.sample(waves: [2]), cleanUpAfter: Self.hour) }

    /// When the clean-up was last said to be due, by what the last event owed.
    private func due(_ run: Rehearsal) -> Instant? {
        run.last.effects.compactMap { effect in
            if case .startTimer(let timer) = effect, timer.alarm == .cleanUpDue { timer.firesAt } else { nil }
        }.last
    }

    /// The clean-up ends; what is left of instances is what `left` names.
    private func end(_ run: inout Rehearsal, leaving left: Set<Int> = []) {
        guard let order = run.orders.last else { return }
        let gone = order.servers.filter { server in !left.contains { .sample($0) == server.sourceServerId } }
        run.receive(.instancesReported(gone.map { .sample($0.sourceServerId, .terminated) }))
        run.receive(.terminationEnded(key: order.key, problem: left.isEmpty ? nil : "denied"))
    }

    @Test func `has its instances terminated so long after its start, and says that nobody asked`() {
        var run = drill()
        #expect(due(run) == nil, "it has launched nothing yet")
        run.launch(0)
        #expect(due(run) == Instant.sample + Self.hour)
        // What frees the servers drops the timers of an ended execution.
        #expect(run.last.effects.lastIndex(of: .releaseServers) ?? .max < run.last.effects.count - 1)
        run.receive(.cleanUpDue)
        #expect(run.execution.control.cleanUp?.state == .running)
        #expect(run.last.journal.first?.by == Execution.itself)
        end(&run)
        #expect(run.execution.areInstancesTerminated && due(run) == nil)
        let before = run.execution
        run.receive(.cleanUpDue)
        #expect(run.execution == before, "it is done once")
    }

    @Test func `waits for its end, however late that is`() {
        var run = drill()
        run.accept(0)
        run.wait(.seconds(7200))
        let before = run.execution
        run.receive(.cleanUpDue)
        #expect(run.execution == before)
        run.launch(0)
        #expect(due(run) == run.now, "it is due at once")
    }

    @Test func `tries again what DRS refused, and leaves it to people in the end`() {
        var run = drill()
        run.launch(0)
        for attempt in 1...Execution.cleanUpTries {
            run.receive(.cleanUpDue)
            #expect(run.execution.control.cleanUp?.attempt == attempt)
            end(&run, leaving: [1])
            #expect(run.execution.control.cleanUp?.state == .partial)
            let isLast = attempt == Execution.cleanUpTries
            #expect(due(run) == (isLast ? nil : max(run.now + Execution.cleanUpRetry, .sample + Self.hour)))
        }
    }

    @Test func `cleans up what shows itself after all`() {
        var run = drill()
        run.accept(0)
        run.report("LAUNCHED", 0, servers: [1])
        run.report("FAILED", 0, servers: [2])
        for job in run.jobs(0) { run.receive(.jobEnded(job.key)) }
        run.wait(Self.hour)
        run.receive(.cleanUpDue)
        // The spoke finds an instance of the first only, and no more to do.
        let order = run.orders.last
        run.receive(.instancesReported([.sample(.sample(1), .terminated)]))
        if let order { run.receive(.terminationEnded(key: order.key, problem: nil)) }
        #expect(run.execution.areInstancesTerminated)
        run.report("LAUNCHED", 0, servers: [2])
        #expect(run.execution.control.cleanUp?.state == .partial)
        #expect(due(run) == run.now + Execution.cleanUpRetry)
    }

    @Test func `is not every drill`() {
        var run = Rehearsal(.sample(waves: [1]))
        run.launch(0)
        #expect(due(run) == nil)
        let before = run.execution
        run.receive(.cleanUpDue)
        #expect(run.execution == before)
    }
}
