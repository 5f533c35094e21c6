internal import Ambient
internal import Recovery

/// How a world goes from its beginning to its end.
extension World {
    /// How long there are faults.
    private static let storm = 200
    /// Longer than anything lasts but a pause.
    private static let week = Duration.seconds(7 * 86_400)
    private static let year = Duration.seconds(Limits.pauseSeconds)

    /// Plans what happens to it.
    mutating func populate() {
        let served: [[Int]] = [[0, 1], dice.happens(0.5) ? [0, 1] : [0], [1]]
        for places in served.prefix(dice.number(1...3)) {
            spokes.append(SpokeProcess(places: places))
            let spoke = spokes.count - 1
            plan(.enrol(spoke, epoch: 0), in: .milliseconds(dice.number(0...500)))
            scatter(0...1, .crashSpoke(spoke))
            scatter(0...1, .freeze(spoke))
            scatter(0...1, .cut(spoke))
            scatter(0...2, .breakStream(spoke))
        }
        for replica in hub.indices { scatter(0...1, .crashHub(replica)) }
        for attempt in 0..<dice.number(1...3) {
            plan(.start(attempt), in: attempt == 0 ? .seconds(1) : dice.seconds(0...Self.storm * 3 / 4))
        }
        for place in Self.places.indices {
            plan(.look(place: place), in: dice.seconds(0...10))
            scatter(0...1, .away(place: place))
            if dice.happens(0.5) { scatter(0...4, .foreign(place: place)) }
        }
        guard dice.happens(0.15) else { return }
        let moment = dice.number(5...Self.storm - 20)
        plan(.backUp, in: .seconds(moment))
        plan(.restore, in: .seconds(dice.number(moment + 1...Self.storm)))
    }

    private mutating func scatter(_ times: ClosedRange<Int>, _ action: Action) {
        for _ in 0..<dice.number(times) { plan(action, in: dice.seconds(0...Self.storm)) }
    }

    /// Faults, then calm; people or a year; then the clean-up.
    ///
    /// What must have come about after each is looked at.
    package mutating func run() {
        run(until: Self.beginning + .seconds(Self.storm))
        calm()
        settle()
        checkJournals()
        guard breaches.isEmpty else { return }
        for execution in executions where execution.phase != .ended && !Self.isWaiting(execution) {
            breach(.liveness, "\(execution.status): \(execution.waves.map(\.status))")
        }
        guard breaches.isEmpty else { return }
        if dice.happens(0.2) { letAYearGoBy() } else { letPeopleDecide() }
        guard breaches.isEmpty else { return }
        cleanUp()
        checkJournals()
    }

    private var executions: [Execution] { tables.rows.compactMap { $0?.execution } }

    private mutating func calm() {
        isFaulty = false
        tell("calm")
        for spoke in spokes.indices {
            spokes[spoke].cutUntil = nil
        }
        drs.awayUntil = [nil, nil]
        // Every account and Region is served by then.
        if !spokes.contains(where: { $0.places.contains(1) }) { preconditionFailure("a place has no spoke") }
        rouse()
    }

    private mutating func settle() {
        run(until: now + Self.week)
    }

    /// Whether only a person can make it go on.
    private static func isWaiting(_ execution: Execution) -> Bool {
        execution.status == .paused
            && (execution.control.isHolding || execution.waves.contains { $0.waitingFor != nil })
    }

    private mutating func letPeopleDecide() {
        for _ in 0..<20 where executions.contains(where: { $0.phase != .ended }) {
            decideAll()
            settle()
        }
        guard breaches.isEmpty else { return }
        for execution in executions where execution.phase != .ended {
            breach(.people, "\(execution.status): \(execution.waves.map(\.status))")
        }
    }

    private mutating func letAYearGoBy() {
        let waiting = tables.rows.indices.filter { tables.row($0).map { $0.execution.phase != .ended } ?? false }
        run(until: now + Self.year + Self.week)
        guard breaches.isEmpty else { return }
        for index in waiting {
            guard let execution = tables.row(index)?.execution else { continue }
            sights.insert("a year")
            let codes = execution.verdict?.reasons.map(\.code) ?? []
            if execution.status != .cancelled || codes.first != "PAUSE_EXPIRED" {
                breach(.year, "\(execution.status) \(codes)")
            }
        }
    }

    private mutating func cleanUp() {
        for round in 0..<6 where executions.contains(where: { !$0.areInstancesTerminated }) {
            isFaulty = round < 2 && seed.isMultiple(of: 2)
            for index in tables.rows.indices where tables.row(index) != nil {
                steer(index, at: 0, .terminate, .terminationRequested(by: "ada"))
            }
            run(until: now + .seconds(120))
            calm()
            settle()
            for execution in executions where execution.control.cleanUp?.state == .partial { sights.insert("partly") }
            checkInstances()
        }
        guard breaches.isEmpty else { return }
        for execution in executions where !execution.areInstancesTerminated {
            breach(.cleanUp, "\(execution.status): \(String(describing: execution.control.cleanUp))")
        }
    }

    /// Of an execution that says so, DRS has no instance left, whatever became of its messages.
    ///
    /// Not where the database went back: a job of which it knows nothing is for people to find.
    private mutating func checkInstances() {
        guard !evidence.isRestored else { return }
        for index in tables.rows.indices {
            guard let execution = tables.row(index)?.execution, execution.areInstancesTerminated else { continue }
            for instance in drs.instances where drs.jobs[instance.job].execution == index && !instance.isGoing {
                breach(.instances, "\(instance.server) of execution \(index) runs on")
            }
        }
    }
}
