internal import Ambient
internal import Conductor
internal import Contract
internal import Recovery
internal import Store

extension ExecutionView {
    /// An execution with everything in it.
    init(_ execution: Execution, waiting: [JobKey: ExecutionReading.Waiting], at now: Instant, version: Int) {
        let tally = Dictionary(grouping: execution.servers, by: \.status).mapValues(\.count)
        let states = Dictionary(grouping: execution.servers.compactMap(\.instanceState), by: \.self).mapValues(\.count)
        let jobs = Dictionary(grouping: execution.jobs.values, by: \.waveNumber)
        let outlooks = execution.outlooks(at: now)
        self.init(
            executionId: execution.id,
            planId: execution.plan.planId,
            planName: execution.plan.planName,
            planRevision: execution.plan.planRevision,
            executionType: execution.type,
            status: execution.status,
            reason: execution.reason,
            startedBy: execution.startedBy,
            startedAt: execution.startedAt,
            declaredAt: execution.declaredAt,
            endedAt: execution.endedAt,
            currentWave: execution.currentWave,
            totalWaves: execution.waves.count,
            waitingForPerson: PersonWait(
                execution.waves.filter { $0.endedAt == nil }.compactMap(\.waitingFor),
                isHolding: execution.control.isHolding && execution.endedAt == nil
            ),
            counts: Counts(tally),
            waves: execution.waves.map { wave in
                ExecutionWaveView(
                    wave,
                    of: execution,
                    jobs: jobs[wave.waveNumber] ?? [],
                    waiting: waiting,
                    outlook: outlooks[wave.waveNumber]
                )
            },
            verdict: execution.verdict,
            instancesTerminated: execution.areInstancesTerminated,
            cleanup: execution.control.cleanUp.map { CleanUp($0, states) },
            cleanUpAt: execution.control.cleanUpAt,
            recoveryTime: RecoveryTime(
                objectiveSeconds: execution.plan.recoveryTimeObjectiveMinutes.map { $0 * 60 },
                elapsedSeconds: Int(execution.elapsed(at: now).seconds),
                forecastSeconds: execution.forecast(at: now).map { Int($0.seconds) }
            ),
            revision: version
        )
    }

    /// An execution as a list shows it: without its waves.
    init(_ row: ExecutionListStatements.Row, at now: Instant) {
        let end = row.endedAt == nil ? now : row.lastLaunch ?? row.endedAt ?? now
        self.init(
            executionId: row.executionId,
            planId: row.planId,
            planName: row.planName,
            planRevision: row.planRevision,
            executionType: row.type,
            status: row.status,
            reason: row.reason,
            startedBy: row.startedBy,
            startedAt: row.startedAt,
            declaredAt: row.declaredAt,
            endedAt: row.endedAt,
            currentWave: row.currentWave,
            totalWaves: row.totalWaves,
            waitingForPerson: PersonWait(
                [row.waitingFor].compactMap(\.self),
                isHolding: row.control.isHolding && row.endedAt == nil
            ),
            counts: Counts(row.servers),
            waves: nil,
            verdict: row.verdict,
            instancesTerminated: row.control.cleanUp?.state == .completed,
            cleanup: row.control.cleanUp.map { CleanUp($0, row.instances) },
            cleanUpAt: row.control.cleanUpAt,
            recoveryTime: RecoveryTime(
                objectiveSeconds: row.objectiveMinutes.map { $0 * 60 },
                elapsedSeconds: Int(max(.zero, end - (row.declaredAt ?? row.startedAt)).seconds),
                forecastSeconds: nil
            ),
            revision: row.version
        )
    }
}

extension ExecutionView.PersonWait {
    /// What comes first for a person; nil when no gate is shut and nothing is held back.
    fileprivate init?(_ gates: [Execution.WaveRun.Waiting], isHolding: Bool) {
        if gates.contains(.approval) {
            self = .approval
        } else if isHolding || gates.contains(.pause) {
            self = .pause
        } else {
            return nil
        }
    }
}

extension ExecutionView.Counts {
    fileprivate init(_ tally: [ServerStatus: Int]) {
        self.init(
            total: tally.values.reduce(0, +),
            pending: tally[.pending] ?? 0,
            queued: tally[.queued] ?? 0,
            inProgress: tally[.inProgress] ?? 0,
            launched: tally[.launched] ?? 0,
            failed: tally[.failed] ?? 0,
            skipped: tally[.skipped] ?? 0,
            cancelled: tally[.cancelled] ?? 0
        )
    }
}

extension ExecutionView.CleanUp {
    fileprivate init(_ cleanUp: Execution.CleanUp, _ states: [InstanceState: Int]) {
        self.init(
            state: cleanUp.state,
            total: states.values.reduce(0, +),
            terminated: states[.terminated] ?? 0,
            failed: states[.terminationFailed] ?? 0
        )
    }
}
