internal import Ambient
internal import Recovery
internal import TestKit
internal import Testing

@Suite struct `A pause` {
    private let paused = FrozenPlan.sample(waves: [1, 1]) { $0.waves[1].pauseBeforeWave = true }

    @Test func `before a wave holds that wave until a person resumes`() {
        var run = Rehearsal(paused)
        run.launch(0)
        #expect(run.status == .paused)
        #expect(run.waves == [.completed, .paused])
        #expect(run.execution.waves[1].waitingFor == .pause)
        run.resume()
        #expect(run.waves == [.completed, .started])
        #expect(run.execution.waves[1].waitingFor == nil)
    }

    @Test func `leaves the execution RUNNING while something else is in flight`() {
        var run = Rehearsal(paused)
        run.accept(0)
        run.report("LAUNCHED", 0)
        #expect(run.waves == [.completed, .paused])
        #expect(run.status == .running)
        run.end(0)
        #expect(run.status == .paused)
    }

    @Test func `of the next wave lets what runs go on`() {
        var run = Rehearsal(.sample(waves: [1, 1]))
        run.pause(.nextWave)
        #expect(run.last.effects.isEmpty)
        run.launch(0)
        #expect(run.waves == [.completed, .paused])
        #expect(run.status == .paused)
        #expect(run.launches.count == 1)
    }

    @Test func `of the next wave is one pause, not one before every wave`() {
        var run = Rehearsal(.sample(waves: [1, 1, 1]))
        run.pause(.nextWave)
        run.launch(0)
        run.resume()
        run.launch(1)
        #expect(run.waves == [.completed, .completed, .started])
    }

    @Test func `taken back before the next wave changes nothing`() {
        var run = Rehearsal(.sample(waves: [1, 1]))
        run.pause(.nextWave)
        run.resume()
        run.launch(0)
        #expect(run.waves == [.completed, .started])
    }

    @Test func `now holds the queued jobs, and a resume releases them`() {
        var run = Rehearsal(.sample(waves: [1]))
        let keys = run.jobs(0).map(\.key)
        run.pause(.now)
        #expect(run.last.effects.contains(.hold(keys)))
        #expect(run.status == .paused)
        run.resume()
        #expect(run.last.effects.contains(.release(keys)))
        #expect(run.status == .initiated)
    }

    @Test func `now is not PAUSED before every queued job is known to be kept back`() {
        let run = Rehearsal(.sample(waves: [1]))
        var execution = run.execution
        _ = execution.receive(.pauseRequested(.now, by: "ada"), at: run.now)
        #expect(execution.status == .initiated, "a spoke may have it, and start it yet")
        _ = execution.receive(.held(run.jobs(0).map(\.key)), at: run.now)
        #expect(execution.status == .paused)
    }

    @Test func `now that outlived its execution has an alarm again once that goes on`() {
        var run = Rehearsal(.sample(waves: [1]))
        run.accept(0)
        run.pause(.now)
        run.report("FAILED", 0)
        run.end(0)
        #expect(run.status == .failed)
        run.receive(.retryRequested([.sample(1)], by: "ada"))
        #expect(run.status == .paused)
        let timers = run.last.effects.compactMap { if case .startTimer(let timer) = $0 { timer } else { nil } }
        #expect(timers.map(\.alarm) == [.pauseExpired(wave: 0)])
        run.wait(.seconds(Limits.pauseSeconds))
        run.receive(.pauseExpired(wave: 0))
        #expect(run.execution.phase == .cancelling)
    }

    @Test func `now follows a job that DRS has already`() {
        var run = Rehearsal(.sample(waves: [1, 1]))
        run.accept(0)
        run.pause(.now)
        #expect(run.status == .running)
        run.report("LAUNCHED", 0)
        run.end(0)
        #expect(run.status == .paused)
        #expect(run.waves == [.completed, .paused])
    }

    @Test func `now holds again a job that DRS would not take`() {
        var run = Rehearsal(.sample(waves: [1]))
        let keys = run.jobs(0).map(\.key)
        run.pause(.now)
        run.receive(.launchDeferred(keys[0], code: "ConflictException", text: "busy"))
        #expect(run.last.effects == [.hold(keys)])
    }

    @Test func `now may follow one of the next wave`() {
        var run = Rehearsal(.sample(waves: [1]))
        run.pause(.nextWave)
        run.pause(.now)
        #expect(run.execution.control.isHolding)
    }

    @Test func `asked for twice is asked for once`() {
        var run = Rehearsal(.sample(waves: [1]))
        for mode in [Execution.PauseMode.now, .now, .nextWave] { run.pause(mode) }
        #expect(run.history.journal.count { $0.kind == .pauseRequested } == 1)
    }

    @Test func `of two waves is resumed one by one or all at once`() {
        var run = Rehearsal(
            .sample(waves: [1, 1]) { plan in
                plan.waves[1].dependsOnWaves = []
                for index in plan.waves.indices { plan.waves[index].pauseBeforeWave = true }
            }
        )
        #expect(run.waves == [.paused, .paused])
        var other = run
        run.resume(1)
        #expect(run.waves == [.paused, .started])
        run.resume(0)
        #expect(run.waves == [.started, .started])
        other.resume()
        #expect(other.waves == [.started, .started])
    }

    @Test func `that nobody ends cancels the execution after a year`() throws {
        var run = Rehearsal(paused)
        run.launch(0)
        let waited = run.now
        let alarm = try #require(
            run.history.effects.compactMap { effect -> Execution.Timer? in
                if case .startTimer(let timer) = effect, case .pauseExpired = timer.alarm { timer } else { nil }
            }.first
        )
        #expect(alarm.alarm == .pauseExpired(wave: 1))
        #expect(alarm.firesAt > waited + .seconds(364 * 86_400))
        #expect(alarm.firesAt <= waited + .seconds(365 * 86_400))
        run.wait(.seconds(31_536_000))
        run.receive(.pauseExpired(wave: 1))
        #expect(run.status == .cancelled)
        #expect(run.execution.verdict?.reasons.map(\.code) == ["PAUSE_EXPIRED"])
    }

    @Test func `now that nobody ends cancels the execution after a year too`() throws {
        var run = Rehearsal(.sample(waves: [1]))
        run.pause(.now)
        let alarms = run.last.effects.compactMap { effect -> Execution.Timer.Alarm? in
            if case .startTimer(let timer) = effect { timer.alarm } else { nil }
        }
        #expect(alarms == [.pauseExpired(wave: 0)])
        run.wait(.seconds(31_536_000))
        run.receive(.pauseExpired(wave: 0))
        run.withdraw()
        #expect(run.status == .cancelled)
    }

    @Test func `ended in time is not cut off by the alarm of an earlier one`() {
        var run = Rehearsal(
            .sample(waves: [1]) { plan in
                plan.waves[0].pauseBeforeWave = true
                plan.waves[0].approvals = .init(count: 1, groups: [], excludeStarter: false)
            }
        )
        run.wait(.seconds(300 * 86_400))
        run.approve(0, by: "bob")
        #expect(run.execution.waves[0].waitingFor == .pause)
        run.wait(.seconds(65 * 86_400))
        run.receive(.pauseExpired(wave: 0))
        #expect(run.status == .paused)
        let keys = run.history.effects.compactMap { if case .startTimer(let timer) = $0 { timer.key } else { nil } }
        #expect(Set(keys).count == 2, "each wait has an alarm of its own: \(keys)")
    }

    @Test func `that is over leaves its alarm without effect`() {
        var run = Rehearsal(paused)
        run.launch(0)
        run.resume()
        let before = run.execution
        run.wait(.seconds(31_536_000))
        run.receive(.pauseExpired(wave: 1))
        #expect(run.execution == before)
    }
}

@Suite struct `An approval` {
    private func plan(_ count: Int, excludeStarter: Bool = false) -> FrozenPlan {
        .sample(waves: [1, 1]) {
            $0.waves[1].approvals = .init(count: count, groups: [], excludeStarter: excludeStarter)
        }
    }

    @Test func `is waited for by each wave that wants one`() {
        var run = Rehearsal(plan(1))
        run.launch(0)
        #expect(run.status == .paused)
        #expect(run.execution.waves[1].waitingFor == .approval)
        run.approve(1, by: "bob")
        #expect(run.waves == [.completed, .started])
    }

    @Test func `is counted once a person`() {
        var run = Rehearsal(plan(2))
        run.launch(0)
        run.approve(1, by: "bob")
        run.approve(1, by: "bob")
        #expect(run.waves == [.completed, .paused])
        run.approve(1, by: "eve")
        #expect(run.waves == [.completed, .started])
        #expect(run.execution.waves[1].gate.approvedBy == ["bob", "eve"])
    }

    @Test func `is refused to the starter where the plan says so`() {
        var run = Rehearsal(plan(1, excludeStarter: true))
        run.launch(0)
        #expect(run.execution.refusal(of: .approve(wave: 1, by: "ada"))?.code == .ruleBroken)
        #expect(run.execution.refusal(of: .approve(wave: 1, by: "bob")) == nil)
        #expect(run.execution.refusal(of: .decline(wave: 1)) == nil)
    }

    @Test func `is not a resume`() {
        var run = Rehearsal(plan(1))
        run.launch(0)
        run.resume()
        #expect(run.waves == [.completed, .paused])
        #expect(run.execution.refusal(of: .resume(wave: 1))?.code == .notPaused)
    }

    @Test func `before its time changes nothing`() {
        var run = Rehearsal(plan(1))
        let before = run.execution
        run.approve(1, by: "bob")
        run.receive(.declined(wave: 1, by: "bob", comment: nil))
        run.approve(7, by: "bob")
        #expect(run.execution == before)
    }

    @Test func `comes before the pause of the same wave`() {
        var run = Rehearsal(plan(1))
        run.launch(0)
        run.pause(.nextWave)
        run.approve(1, by: "bob")
        #expect(run.execution.waves[1].waitingFor == .pause)
        run.resume()
        #expect(run.waves == [.completed, .started])
    }

    @Test func `declined cancels the execution`() {
        var run = Rehearsal(plan(1))
        run.launch(0)
        run.receive(.declined(wave: 1, by: "bob", comment: "not today"))
        #expect(run.status == .cancelled)
        #expect(run.waves == [.completed, .cancelled])
        #expect(run.execution.verdict?.reasons.map(\.code) == ["APPROVAL_DECLINED"])
        #expect(run.history.journal.contains { $0.kind == .waveDeclined && $0.text == "not today" })
    }
}
