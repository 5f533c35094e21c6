import Recovery
import TestKit
import Testing

@Suite struct `A retry` {
    @Test func `launches only what failed, in a new job`() {
        var run = Rehearsal(.sample(waves: [3, 1]))
        run.fail(0, servers: [2])
        #expect(run.status == .failed)
        run.receive(.retryRequested(run.execution.servers(of: .wave(0), whileWaiting: false), by: "ada"))
        #expect(run.status == .running)
        #expect(run.servers == [.launched, .queued, .launched, .pending])
        #expect(run.jobs(0).map(\.servers) == [[.sample(1), .sample(2), .sample(3)], [.sample(2)]])
        #expect(Set(run.jobs(0).map(\.key)).count == 2)
    }

    @Test func `takes an ended execution up again and lets it end well`() {
        var run = Rehearsal(.sample(waves: [2, 2]))
        run.fail(0, servers: [1])
        #expect(run.waves == [.failed, .cancelled])
        run.receive(.retryRequested([.sample(1)], by: "ada"))
        #expect(run.waves == [.started, .pending])
        #expect(run.last.effects.contains(.reclaimServers))
        #expect(run.execution.endedAt == nil && run.execution.verdict == nil)
        run.launch(0)
        run.launch(1)
        #expect(run.status == .completed)
        #expect(run.execution.verdict?.result == .pass)
        #expect(run.execution.server(.sample(1))?.attempts == 2)
    }

    @Test func `of one server leaves the others of its wave alone`() {
        var run = Rehearsal(.sample(waves: [2]))
        run.accept(0)
        run.report("FAILED", 0, servers: [1], error: "no capacity")
        run.receive(.retryRequested([.sample(1)], by: "ada"))
        #expect(run.servers == [.queued, .inProgress])
        #expect(run.execution.server(.sample(1))?.error == nil)
    }

    @Test func `that fails again stops the execution again`() {
        var run = Rehearsal(.sample(waves: [1, 1]))
        run.fail(0)
        run.receive(.retryRequested([.sample(1)], by: "ada"))
        run.accept(0)
        run.report("FAILED", 0, error: "no capacity")
        run.end(0)
        #expect(run.status == .failed)
        #expect(run.waves == [.failed, .cancelled])
    }

    @Test func `hears no late word of the job before`() {
        var run = Rehearsal(.sample(waves: [1, 1]))
        run.fail(0)
        let former = run.jobs(0)[0]
        run.receive(.retryRequested([.sample(1)], by: "ada"))
        let late = ServerReport(sourceServerId: .sample(1), launchStatus: "FAILED", error: "late")
        run.receive(.serversReported(former.key, [late]))
        #expect(run.servers[0] == .queued)
    }

    @Test func `is refused once a clean-up has begun, and where nothing failed`() {
        var run = Rehearsal(.sample(waves: [1]))
        #expect(run.execution.refusal(of: .retry(.wave(0)))?.code == .notFailed)
        #expect(run.execution.refusal(of: .retry(.wave(7)))?.code == .ruleBroken)
        #expect(run.execution.refusal(of: .retry(.server(.sample(9))))?.code == .notFailed)
        run.fail(0)
        #expect(run.execution.refusal(of: .retry(.wave(0))) == nil)
        run.cleanUp()
        #expect(run.execution.refusal(of: .retry(.wave(0)))?.code == .cleanUpStarted)
    }

    @Test func `is refused in an execution that completed or was cancelled`() {
        var completed = Rehearsal(.sample(waves: [1]))
        completed.launch(0)
        #expect(completed.execution.refusal(of: .retry(.wave(0)))?.code == .executionEnded)
        var cancelled = Rehearsal(.sample(waves: [1, 1]))
        cancelled.accept(0)
        cancelled.report("FAILED", 0, error: "no capacity")
        cancelled.cancel()
        #expect(cancelled.execution.refusal(of: .skip(.wave(0)))?.code == .executionEnded)
    }
}

@Suite struct `A skip` {
    @Test func `of a failed wave lets the next one begin`() {
        var run = Rehearsal(.sample(waves: [2, 1]))
        run.fail(0, servers: [1])
        run.receive(.skipRequested(run.execution.servers(of: .wave(0), whileWaiting: true), by: "ada", reason: "old"))
        #expect(run.servers == [.skipped, .launched, .queued])
        #expect(run.waves == [.partial, .started])
        run.launch(1)
        #expect(run.status == .partial)
        #expect(run.execution.verdict?.reasons.map(\.code) == ["SERVER_SKIPPED"])
    }

    @Test func `of a whole wave makes it SKIPPED`() {
        var run = Rehearsal(.sample(waves: [1, 1]))
        run.fail(0)
        run.receive(.skipRequested([.sample(1)], by: "ada", reason: "old"))
        #expect(run.waves == [.skipped, .started])
    }

    @Test func `of a server that waits leaves it out of its wave`() {
        var run = Rehearsal(.sample(waves: [1, 2]))
        run.receive(.skipRequested([.sample(2)], by: "ada", reason: "retired"))
        run.launch(0)
        #expect(run.jobs(1).map(\.servers) == [[.sample(3)]])
        run.launch(1)
        #expect(run.status == .partial)
    }

    @Test func `never touches a server that is with DRS or launched`() {
        var run = Rehearsal(.sample(waves: [2]))
        run.accept(0)
        #expect(run.execution.refusal(of: .skip(.server(.sample(1))))?.code == .notFailed)
        let before = run.execution
        run.receive(.skipRequested([.sample(1)], by: "ada", reason: "late"))
        #expect(run.execution == before)
    }
}

@Suite struct `A note` {
    @Test func `stands in the journal and changes nothing else`() {
        var run = Rehearsal(.sample(waves: [1]))
        run.launch(0)
        let before = run.execution
        run.receive(.noted(by: "ada", text: "the network team was called"))
        #expect(run.execution == before)
        #expect(run.last.journal == [JournalEntry(.note, by: "ada", text: "the network team was called")])
    }
}
