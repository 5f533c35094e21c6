package import Ambient

extension Execution {
    /// Starts an execution of a frozen plan: its first waves begin, or wait for a person, at once.
    ///
    /// With `cleanUpAfter` its instances are terminated by themselves once so much time has passed and it has ended.
    package static func begin(
        _ plan: FrozenPlan,
        id: ID,
        type: ExecutionType,
        reason: String?,
        by person: String,
        declaredAt: Instant? = nil,
        cleanUpAfter: Duration? = nil,
        at now: Instant
    ) -> (execution: Execution, outcome: Outcome) {
        var execution = Execution(
            id: id,
            plan: plan,
            type: type,
            reason: reason,
            startedBy: person,
            startedAt: now,
            declaredAt: declaredAt
        )
        execution.control.cleanUpAt = cleanUpAfter.map { now + $0 }
        var outcome = Outcome()
        outcome.waves = Set(plan.waves.indices)
        outcome.servers = Set(execution.servers.indices)
        outcome.journal.append(JournalEntry(.executionStarted, by: person, label: type.rawValue, text: reason))
        execution.moveOn(at: now, &outcome)
        return (execution, outcome)
    }

    init(
        id: ID,
        plan: FrozenPlan,
        type: ExecutionType,
        reason: String?,
        startedBy: String,
        startedAt: Instant,
        declaredAt: Instant?
    ) {
        self.id = id
        self.plan = plan
        self.type = type
        self.reason = reason
        self.startedBy = startedBy
        self.startedAt = startedAt
        self.declaredAt = declaredAt
        servers = plan.waves.flatMap { wave in
            wave.servers.map { ServerRun(sourceServerId: $0.sourceServerId, waveNumber: wave.waveNumber) }
        }
        positions = Dictionary(
            servers.enumerated().map { ($0.element.sourceServerId, $0.offset) },
            uniquingKeysWith: { first, _ in first }
        )
        var end = 0
        waves = plan.waves.map { wave in
            defer { end += wave.servers.count }
            return WaveRun(waveNumber: wave.waveNumber, range: end..<end + wave.servers.count)
        }
    }
}
