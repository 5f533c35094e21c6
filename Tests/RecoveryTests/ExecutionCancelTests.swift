internal import Ambient
internal import Recovery
internal import TestKit
internal import Testing

@Suite struct `A cancelled execution` {
    @Test func `ends at once where nothing has reached DRS`() {
        var run = Rehearsal(.sample(waves: [1, 1]) { $0.waves[0].pauseBeforeWave = true })
        run.cancel()
        #expect(run.status == .cancelled)
        #expect(run.waves == [.cancelled, .cancelled])
        #expect(run.servers == [.cancelled, .cancelled])
        #expect(run.execution.verdict?.result == .aborted)
        #expect(run.execution.verdict?.reasons.map(\.code) == ["CANCELLED_BY_PERSON"])
    }

    @Test func `takes queued jobs back, and ends when told that they are`() {
        var run = Rehearsal(.sample(waves: [1, 1]))
        let keys = run.jobs(0).map(\.key)
        run.cancel()
        #expect(run.last.effects == [.withdraw(keys)])
        #expect(run.status == .cancelling)
        #expect(run.waves == [.started, .cancelled])
        run.withdraw()
        #expect(run.status == .cancelled)
        #expect(run.waves == [.cancelled, .cancelled])
        #expect(run.jobs(0).map(\.state) == [.withdrawn])
    }

    @Test func `follows running jobs to their end`() {
        var run = Rehearsal(.sample(waves: [1, 1]))
        run.accept(0)
        run.cancel()
        #expect(run.status == .cancelling)
        run.report("LAUNCHED", 0)
        #expect(run.status == .cancelling)
        #expect(run.waves == [.completed, .cancelled])
        run.end(0)
        #expect(run.status == .cancelled)
        #expect(run.servers == [.launched, .cancelled])
    }

    @Test func `follows a job that a spoke had already`() {
        var run = Rehearsal(.sample(waves: [1]))
        run.cancel()
        run.accept(0)
        #expect(run.status == .cancelling)
        run.report("LAUNCHED", 0)
        run.end(0)
        #expect(run.status == .cancelled)
        #expect(run.servers == [.launched])
    }

    @Test func `takes a job back that DRS would not take`() {
        var run = Rehearsal(.sample(waves: [1]))
        let keys = run.jobs(0).map(\.key)
        run.cancel()
        run.receive(.launchDeferred(keys[0], code: "ConflictException", text: "busy"))
        #expect(run.last.effects == [.withdraw(keys)])
        run.withdraw()
        #expect(run.status == .cancelled)
    }

    @Test func `takes held jobs back`() {
        var run = Rehearsal(.sample(waves: [1]))
        run.pause(.now)
        run.cancel()
        #expect(run.last.effects == [.withdraw(run.jobs(0).map(\.key))])
        run.withdraw()
        #expect(run.status == .cancelled)
    }

    @Test func `launches nothing more`() {
        var run = Rehearsal(.sample(waves: [1, 1, 1], dependsOn: [[], [0], [1]]))
        run.accept(0)
        let launched = run.launches
        run.cancel()
        run.report("LAUNCHED", 0)
        run.resume()
        run.end(0)
        #expect(run.launches == launched)
    }

    @Test func `is not cancelled again, paused or resumed`() {
        var run = Rehearsal(.sample(waves: [1]))
        run.accept(0)
        run.cancel()
        let before = run.execution
        run.cancel()
        run.pause(.now)
        run.resume()
        run.receive(.pauseExpired(wave: 0))
        #expect(run.execution == before)
    }

    @Test func `still shows the instance of a job taken after all`() {
        var run = Rehearsal(.sample(waves: [1]))
        run.cancel()
        run.withdraw()
        #expect(run.status == .cancelled)
        let key = run.jobs(0)[0].key
        run.receive(.jobAccepted(key, jobId: "drsjob-1"))
        run.report("LAUNCHED", 0)
        #expect(run.status == .cancelled)
        #expect(run.servers == [.cancelled])
        #expect(run.execution.servers[0].instanceState == .running)
        run.receive(.terminationRequested(by: "ada"))
        #expect(run.orders.map(\.jobIds) == [["drsjob-1"]])
    }
}
