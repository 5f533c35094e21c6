internal import Ambient
internal import Recovery
internal import TestKit
internal import Testing

@Suite struct `A failed server` {
    private func plan(_ sizes: [Int], optional: [Int] = [], onFailure: Wave.FailurePolicy = .stop) -> FrozenPlan {
        .sample(waves: sizes) { plan in
            for wave in plan.waves.indices {
                plan.waves[wave].onFailure = onFailure
                for index in plan.waves[wave].servers.indices
                where optional.contains(where: { .sample($0) == plan.waves[wave].servers[index].sourceServerId }) {
                    plan.waves[wave].servers[index].impact = .optional
                }
            }
        }
    }

    @Test func `that is OPTIONAL stops nothing`() {
        var run = Rehearsal(plan([2, 1], optional: [1]))
        run.fail(0, servers: [1])
        #expect(run.servers == [.failed, .launched, .queued])
        #expect(run.waves == [.partial, .started])
        run.launch(1)
        #expect(run.status == .partial)
        #expect(run.execution.verdict?.reasons.map(\.code) == ["OPTIONAL_SERVER_FAILED"])
    }

    @Test func `that is OPTIONAL stops nothing even alone in its wave`() {
        var run = Rehearsal(plan([1, 1], optional: [1]))
        run.fail(0)
        #expect(run.waves == [.partial, .started])
        run.launch(1)
        #expect(run.status == .partial)
    }

    @Test func `that is CRITICAL fails its wave once its siblings have finished`() {
        var run = Rehearsal(plan([2, 1]))
        run.accept(0)
        run.report("FAILED", 0, servers: [1], error: "no capacity")
        #expect(run.waves == [.polling, .pending])
        run.report("LAUNCHED", 0, servers: [2])
        #expect(run.waves == [.failed, .cancelled])
        run.end(0)
        #expect(run.status == .failed)
        #expect(run.servers == [.failed, .launched, .cancelled])
        #expect(run.execution.servers[0].error == "no capacity")
        #expect(run.execution.verdict?.reasons.map(\.code) == ["CRITICAL_SERVER_FAILED", "WAVE_CANCELLED"])
    }

    @Test func `that is CRITICAL lets dependants run where the plan says CONTINUE`() {
        var run = Rehearsal(plan([1, 1], onFailure: .continue))
        run.fail(0)
        #expect(run.waves == [.failed, .started])
        run.launch(1)
        #expect(run.status == .partial)
        #expect(run.execution.verdict?.result == .partial)
    }

    @Test func `everywhere makes the execution FAILED, whatever the plan says`() {
        var run = Rehearsal(plan([1, 1], onFailure: .continue))
        run.fail(0)
        run.fail(1)
        #expect(run.status == .failed)
        #expect(run.execution.verdict?.result == .fail)
    }

    @Test func `lets what runs in another branch finish, and starts nothing more there`() {
        var run = Rehearsal(.sample(waves: [1, 1, 1], dependsOn: [[], [], [1]]))
        run.accept(1)
        run.fail(0)
        #expect(run.waves == [.failed, .launching, .cancelled])
        #expect(run.status == .running)
        run.report("LAUNCHED", 1)
        run.end(1)
        #expect(run.waves == [.failed, .completed, .cancelled])
        #expect(run.status == .failed)
        #expect(run.launches.count == 2)
    }

    @Test func `takes the queued jobs of other branches back`() {
        var run = Rehearsal(.sample(waves: [1, 1], dependsOn: [[], []]))
        run.accept(0)
        run.report("FAILED", 0)
        #expect(run.last.effects == [.withdraw(run.jobs(1).map(\.key))])
        run.withdraw()
        run.end(0)
        #expect(run.waves == [.failed, .cancelled])
        #expect(run.status == .failed)
    }

    @Test func `cancels a wave that waits for a person`() {
        var run = Rehearsal(
            .sample(waves: [1, 1]) { plan in
                plan.waves[1].dependsOnWaves = []
                plan.waves[1].pauseBeforeWave = true
            }
        )
        run.fail(0)
        #expect(run.waves == [.failed, .cancelled])
        #expect(run.status == .failed)
    }

    @Test func `is one that DRS's job ended without launching`() {
        var run = Rehearsal(plan([1]))
        run.accept(0)
        run.end(0)
        #expect(run.servers == [.failed])
        #expect(run.status == .failed)
    }

    @Test func `is one whose job DRS will never take`() {
        var run = Rehearsal(plan([2, 1]))
        let key = run.jobs(0)[0].key
        run.receive(.launchRefused(key, code: "ValidationException", text: "no such server"))
        #expect(run.servers == [.failed, .failed, .cancelled])
        #expect(run.execution.servers[0].error == "ValidationException: no such server")
        #expect(run.jobs(0).map(\.state) == [.refused])
        #expect(run.status == .failed)
    }

    @Test func `is one that took too long, whose job is followed to its end`() {
        var run = Rehearsal(plan([2, 1], onFailure: .continue))
        run.accept(0)
        run.report("LAUNCHED", 0, servers: [1])
        run.receive(.jobTimedOut(run.jobs(0)[0].key))
        #expect(run.servers == [.launched, .failed, .queued])
        #expect(run.execution.servers[1].error?.hasPrefix("TIMED_OUT") == true)
        run.launch(1)
        #expect(run.status == .running, "the first job still runs in DRS")
        run.end(0)
        #expect(run.status == .partial)
        #expect(run.execution.verdict?.reasons.map(\.code) == ["SERVER_TIMED_OUT"])
    }

    @Test func `keeps its status when DRS launches it too late, and its instance is noted`() {
        var run = Rehearsal(plan([1]))
        run.accept(0)
        run.receive(.jobTimedOut(run.jobs(0)[0].key))
        run.report("LAUNCHED", 0)
        #expect(run.servers == [.failed])
        #expect(run.execution.servers[0].recoveryInstanceId == SourceServerID.sample(1).sampleInstance)
        #expect(run.execution.servers[0].instanceState == .running)
        #expect(run.last.journal.map(\.kind) == [.serverLateResult])
        run.end(0)
        run.receive(.terminationRequested(by: "ada"))
        #expect(run.orders.flatMap(\.servers).map(\.sourceServerId) == [.sample(1)])
    }
}

@Suite struct `A job` {
    @Test func `gets its time from the moment that DRS takes it`() throws {
        var run = Rehearsal(.sample(waves: [1]) { $0.waves[0].timeoutMinutes = 5 })
        run.wait(.seconds(9000))
        run.accept(0)
        let key = run.jobs(0)[0].key
        let timers = run.last.effects.compactMap { if case .startTimer(let timer) = $0 { timer } else { nil } }
        #expect(timers.map(\.firesAt) == [run.now + .seconds(300)])
        #expect(timers.map(\.alarm) == [.jobTimedOut(key)])
    }

    @Test func `that DRS does not take now stays queued`() {
        var run = Rehearsal(.sample(waves: [1]))
        let key = run.jobs(0)[0].key
        run.receive(.launchDeferred(key, code: "ServiceQuotaExceededException", text: "20 jobs run"))
        #expect(run.servers == [.queued] && run.status == .initiated)
        #expect(run.execution.jobs[key]?.wait?.kind == .quota && run.execution.jobs[key]?.wait?.since == run.now)
        #expect(run.last.effects.isEmpty)
        #expect(run.last.journal.map(\.label) == ["ServiceQuotaExceededException"])
        run.launch(0)
        #expect(run.status == .completed)
    }

    @Test func `is named by execution, wave, place, ordinal and attempt`() {
        let run = Rehearsal(.sample(waves: [1]))
        #expect(run.launches.map(\.text) == ["\(run.execution.id)/0/111122223333.eu-west-1.0/1"])
    }

    @Test func `is told of twice, late or wrongly without harm`() {
        var run = Rehearsal(.sample(waves: [1, 1]))
        let first = run.jobs(0)[0].key
        run.launch(0)
        let before = run.execution
        let stale: [Execution.Event] = [
            .jobAccepted(first, jobId: "drsjob-other"), .jobEnded(first), .jobTimedOut(first), .withdrawn([first]),
            .launchDeferred(first, code: "X", text: ""), .launchRefused(first, code: "X", text: ""),
            .serversReported(first, [.init(sourceServerId: .sample(1), launchStatus: "FAILED")]),
            .serversReported(first, [.init(sourceServerId: .sample(2), launchStatus: "FAILED")]),
            .jobEnded(JobKey("nobody's")), .jobAccepted(JobKey("nobody's"), jobId: "drsjob-1"),
            .terminationRequested(by: "ada"), .terminationEnded(key: "nobody's", problem: nil),
            .instancesReported([.sample(.sample(1), .terminated)]),
        ]
        for event in stale {
            #expect(run.receive(event) == Execution.Outcome())
            #expect(run.execution == before)
        }
    }

    @Test func `that has not been taken has no results`() {
        var run = Rehearsal(.sample(waves: [1]))
        let before = run.execution
        run.report("LAUNCHED", 0)
        run.receive(.jobEnded(run.jobs(0)[0].key))
        run.receive(.jobTimedOut(run.jobs(0)[0].key))
        #expect(run.execution == before)
    }

    @Test func `is taken back only where that was asked for`() {
        var run = Rehearsal(.sample(waves: [1, 1]))
        let before = run.execution
        run.receive(.withdrawn(run.jobs(0).map(\.key)))
        #expect(run.execution == before)
    }
}
