internal import Ambient
internal import Recovery
internal import TestKit
internal import Testing

@Suite struct `A clean-up` {
    private let twoPlaces = FrozenPlan.sample(waves: [1, 1]) { $0.waves[1].servers[0].place = .sample(1) }

    private func ended(_ status: ExecutionStatus) -> Rehearsal {
        var run = Rehearsal(
            .sample(waves: [2, 1]) { plan in
                plan.waves[0].servers[1].impact = .optional
                plan.waves[1].pauseBeforeWave = status == .cancelled
            }
        )
        switch status {
        case .completed: run.launch(0)
        case .partial: run.fail(0, servers: [2])
        case .failed: run.fail(0, servers: [1])
        default: run.launch(0)
        }
        if status == .cancelled { run.cancel() } else { run.launch(1) }
        return run
    }

    @Test(arguments: ExecutionStatus.allCases.filter(\.isTerminal))
    func `follows every end`(_ status: ExecutionStatus) {
        var run = ended(status)
        #expect(run.status == status)
        #expect(run.execution.refusal(of: .terminate) == nil)
        run.receive(.terminationRequested(by: "ada"))
        #expect(run.last.effects.first == .claimServers)
        #expect(run.execution.control.cleanUp?.state == .running)
        let order = run.orders[0]
        run.receive(.instancesReported(order.servers.map { .sample($0.sourceServerId, .terminated) }))
        run.receive(.terminationEnded(key: order.key, problem: nil))
        #expect(run.last.effects == [.releaseServers])
        #expect(run.execution.areInstancesTerminated)
        #expect(run.status == status)
    }

    @Test func `does not begin before the end`() {
        var run = Rehearsal(.sample(waves: [1]))
        let before = run.execution
        run.receive(.terminationRequested(by: "ada"))
        #expect(run.execution == before)
    }

    @Test func `is done at once where nothing was launched`() {
        var run = Rehearsal(.sample(waves: [1]) { $0.waves[0].pauseBeforeWave = true })
        run.cancel()
        run.receive(.terminationRequested(by: "ada"))
        #expect(run.last.effects.isEmpty)
        #expect(run.execution.areInstancesTerminated)
    }

    @Test func `orders the instances of each place from its own spoke`() {
        var run = Rehearsal(twoPlaces)
        run.launch(0)
        run.launch(1)
        run.receive(.terminationRequested(by: "ada"))
        #expect(run.orders.map(\.place) == [.sample(0), .sample(1)])
        #expect(run.orders.map { $0.servers.map(\.sourceServerId) } == [[.sample(1)], [.sample(2)]])
        #expect(run.orders[0].key == "\(run.execution.id)/terminate/111122223333.eu-west-1/1")
    }

    @Test func `shows how far each instance is`() {
        var run = ended(.completed)
        run.receive(.terminationRequested(by: "ada"))
        run.receive(.instancesReported([.sample(.sample(1), .terminating)]))
        #expect(run.execution.servers.map(\.instanceState) == [.terminating, .running, .running])
        run.receive(.instancesReported([.sample(.sample(1), .terminated), .sample(.sample(2), .failed)]))
        #expect(run.execution.servers.map(\.instanceState) == [.terminated, .terminationFailed, .running])
    }

    @Test func `that failed in part can be asked for again, for what is left`() {
        var run = Rehearsal(twoPlaces)
        run.launch(0)
        run.launch(1)
        run.receive(.terminationRequested(by: "ada"))
        let orders = run.orders
        run.receive(.instancesReported([.sample(.sample(1), .terminated), .sample(.sample(2), .failed)]))
        run.receive(.terminationEnded(key: orders[0].key, problem: nil))
        #expect(run.execution.control.cleanUp?.state == .running)
        run.receive(.terminationEnded(key: orders[1].key, problem: "denied"))
        #expect(run.execution.control.cleanUp?.state == .partial)
        #expect(run.execution.verdict?.reasons.map(\.code) == ["INSTANCES_NOT_CLEANED_UP"])
        #expect(run.execution.verdict?.result == .passWithDeviations)
        #expect(run.execution.refusal(of: .terminate) == nil)
        run.cleanUp()
        #expect(run.execution.areInstancesTerminated)
        #expect(run.execution.verdict == Verdict(result: .pass, reasons: []))
        #expect(run.execution.control.cleanUp?.attempt == 2)
    }

    @Test func `that could not look is not taken for done`() {
        var run = Rehearsal(.sample(waves: [1]))
        run.accept(0)
        run.report("LAUNCHED", 0, note: "INSTANCE_NOT_SEEN")
        run.end(0)
        run.receive(.terminationRequested(by: "ada"))
        run.receive(.terminationEnded(key: run.orders[0].key, problem: "AccessDenied"))
        #expect(run.execution.control.cleanUp?.state == .partial)
        run.cleanUp()
        #expect(run.execution.areInstancesTerminated)
    }

    @Test func `asked for again after everything is gone clears the verdict`() {
        var run = Rehearsal(.sample(waves: [1]))
        run.launch(0)
        run.receive(.terminationRequested(by: "ada"))
        run.receive(.terminationEnded(key: run.orders[0].key, problem: "time-out"))
        run.receive(.instancesReported([.sample(.sample(1), .terminated)]))
        run.receive(.terminationRequested(by: "ada"))
        #expect(run.orders.isEmpty)
        #expect(run.execution.areInstancesTerminated)
        #expect(run.execution.verdict == Verdict(result: .pass, reasons: []))
    }

    @Test func `is open again when an instance shows up after it`() {
        var run = Rehearsal(.sample(waves: [1]))
        run.accept(0)
        run.end(0)
        run.receive(.terminationRequested(by: "ada"))
        run.receive(.terminationEnded(key: run.orders[0].key, problem: nil))
        #expect(run.execution.areInstancesTerminated)
        run.report("LAUNCHED", 0)
        #expect(!run.execution.areInstancesTerminated)
        #expect(run.execution.refusal(of: .terminate) == nil)
        run.cleanUp()
        #expect(run.execution.areInstancesTerminated)
    }

    @Test func `never brings a terminated instance back`() {
        var run = ended(.completed)
        run.cleanUp()
        let before = run.execution
        run.receive(.instancesReported([.sample(.sample(1), .terminating), .sample(.sample(2), .failed)]))
        run.report("LAUNCHED", 0)
        #expect(run.execution == before)
    }

    @Test func `asked for while it runs is one clean-up`() {
        var run = ended(.completed)
        run.receive(.terminationRequested(by: "ada"))
        let before = run.execution
        run.receive(.terminationRequested(by: "bob"))
        run.receive(.terminationEnded(key: "nobody's", problem: nil))
        #expect(run.execution == before)
        #expect(run.last.effects.isEmpty)
    }
}

@Suite struct `A verdict` {
    @Test func `is given at the end and not before`() {
        var run = Rehearsal(.sample(waves: [1]))
        run.accept(0)
        run.report("LAUNCHED", 0)
        #expect(run.execution.verdict == nil)
        run.end(0)
        #expect(run.execution.verdict == Verdict(result: .pass, reasons: []))
    }

    @Test func `notes an instance that nobody saw`() {
        var run = Rehearsal(.sample(waves: [1]))
        run.accept(0)
        run.report("LAUNCHED", 0, note: "INSTANCE_NOT_SEEN")
        run.end(0)
        #expect(run.status == .completed)
        #expect(run.execution.verdict?.result == .passWithDeviations)
        #expect(run.execution.verdict?.reasons.map(\.code) == ["INSTANCE_NOT_SEEN"])
    }

    @Test func `notes a missed recovery time objective`() {
        for (minutes, codes) in [(60, []), (1, ["RECOVERY_TIME_OBJECTIVE_MISSED"])] {
            var run = Rehearsal(.sample(waves: [1]) { $0.recoveryTimeObjectiveMinutes = minutes })
            run.accept(0)
            run.wait(.seconds(120))
            run.report("LAUNCHED", 0)
            run.end(0)
            #expect(run.execution.verdict?.reasons.map(\.code) == codes)
        }
    }

    @Test func `of a cancelled execution is ABORTED, whatever was launched`() {
        var run = Rehearsal(.sample(waves: [1]))
        run.accept(0)
        run.cancel()
        run.report("LAUNCHED", 0)
        run.end(0)
        #expect(run.execution.verdict?.result == .aborted)
    }
}
