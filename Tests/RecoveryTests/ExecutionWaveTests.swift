internal import Ambient
internal import Recovery
internal import TestKit
internal import Testing

@Suite struct `The waves of an execution` {
    @Test func `begin with the first one alone where they are sequential`() {
        let run = Rehearsal(.sample(waves: [2, 1]))
        #expect(run.status == .initiated)
        #expect(run.waves == [.started, .pending])
        #expect(run.servers == [.queued, .queued, .pending])
        #expect(run.launches == run.jobs(0).map(\.key))
    }

    @Test func `go from STARTED over LAUNCHING and POLLING to COMPLETED`() {
        var run = Rehearsal(.sample(waves: [1]))
        run.accept(0)
        #expect(run.waves == [.launching])
        #expect(run.status == .running)
        #expect(run.servers == [.inProgress])
        run.report("IN_PROGRESS", 0)
        #expect(run.waves == [.polling])
        run.report("LAUNCHED", 0)
        #expect(run.waves == [.completed])
        #expect(run.servers == [.launched])
    }

    @Test func `begin when the servers before are launched, whether or not their jobs have ended`() {
        var run = Rehearsal(.sample(waves: [1, 1]))
        run.accept(0)
        run.report("LAUNCHED", 0)
        #expect(run.waves == [.completed, .started])
        #expect(run.jobs(0).map(\.state) == [.accepted])
    }

    @Test func `let the execution end only when every job has ended`() {
        var run = Rehearsal(.sample(waves: [1]))
        run.accept(0)
        run.report("LAUNCHED", 0)
        #expect(run.status == .running)
        #expect(run.execution.endedAt == nil)
        run.end(0)
        #expect(run.status == .completed)
        #expect(run.execution.endedAt == run.now)
        #expect(run.last.effects == [.releaseServers])
    }

    @Test func `wait for the last server of the wave before them`() {
        var run = Rehearsal(.sample(waves: [2, 1]))
        run.accept(0)
        run.report("LAUNCHED", 0, servers: [1])
        #expect(run.waves == [.polling, .pending])
        run.report("LAUNCHED", 0, servers: [2])
        #expect(run.waves == [.completed, .started])
    }

    @Test func `do not count LAUNCHED before the instance is seen`() throws {
        var run = Rehearsal(.sample(waves: [1]))
        run.accept(0)
        let job = try #require(run.jobs(0).first)
        run.receive(.serversReported(job.key, [.init(sourceServerId: .sample(1), launchStatus: "LAUNCHED")]))
        #expect(run.servers == [.inProgress])
        #expect(run.execution.servers.map(\.launchStatus) == ["LAUNCHED"])
        run.report("LAUNCHED", 0, note: "INSTANCE_NOT_SEEN")
        #expect(run.servers == [.launched])
    }

    @Test func `keep words of DRS that nobody knows yet`() {
        var run = Rehearsal(.sample(waves: [1]))
        run.accept(0)
        run.report("TELEPORTING", 0)
        #expect(run.servers == [.inProgress])
        #expect(run.execution.servers.map(\.launchStatus) == ["TELEPORTING"])
    }

    @Test func `run side by side where dependencies allow, and join where they meet`() {
        var run = Rehearsal(.sample(waves: [1, 1, 1, 1], dependsOn: [[], [0], [0], [1, 2]]))
        #expect(run.waves == [.started, .pending, .pending, .pending])
        run.launch(0)
        #expect(run.waves == [.completed, .started, .started, .pending])
        run.launch(2)
        #expect(run.waves == [.completed, .started, .completed, .pending])
        run.launch(1)
        #expect(run.waves == [.completed, .completed, .completed, .started])
        run.launch(3)
        #expect(run.status == .completed)
    }

    @Test func `may depend on a later one`() {
        var run = Rehearsal(.sample(waves: [1, 1], dependsOn: [[1], []]))
        #expect(run.waves == [.pending, .started])
        #expect(run.execution.currentWave == 0)
        run.launch(1)
        #expect(run.waves == [.started, .completed])
    }

    @Test func `without servers are completed at once`() {
        var run = Rehearsal(.sample(waves: [0, 1, 0, 0]))
        #expect(run.waves == [.completed, .started, .pending, .pending])
        run.launch(1)
        #expect(run.waves == [.completed, .completed, .completed, .completed])
        #expect(run.status == .completed)
    }

    @Test func `without servers still wait for a person where the plan says so`() {
        var run = Rehearsal(.sample(waves: [0, 1]) { $0.waves[0].pauseBeforeWave = true })
        #expect(run.waves == [.paused, .pending])
        run.resume()
        #expect(run.waves == [.completed, .started])
    }

    @Test func `name the lowest one that is not settled, and none at the end`() {
        var run = Rehearsal(.sample(waves: [1, 1]))
        #expect(run.execution.currentWave == 0)
        run.launch(0)
        #expect(run.execution.currentWave == 1)
        run.launch(1)
        #expect(run.execution.currentWave == nil)
    }

    @Test func `say in the outcome which rows changed`() {
        var run = Rehearsal(.sample(waves: [1, 1]))
        #expect(run.last.waves == [0, 1])
        #expect(run.last.servers == [0, 1])
        run.accept(0)
        #expect(run.last.waves == [0])
        #expect(run.last.servers == [0])
        #expect(run.last.jobs == Set(run.jobs(0).map(\.key)))
    }
}
