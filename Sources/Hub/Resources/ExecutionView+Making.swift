internal import Ambient
internal import Contract
internal import Recovery
internal import Store

/// A launch that waits: its key, state, and what DRS or the ledger last said.
typealias Waiting = (key: String, state: String, code: String?, text: String?)

extension ExecutionView {
    /// An execution with everything in it.
    init(_ execution: Execution, waiting: [Waiting], at now: Instant, version: Int) {
        let tally = Dictionary(grouping: execution.servers, by: \.status).mapValues(\.count)
        let states = Dictionary(grouping: execution.servers.compactMap(\.instanceState), by: \.self).mapValues(\.count)
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
            counts: Counts(tally),
            waves: execution.waves.map { ExecutionWaveView($0, of: execution, waiting: waiting) },
            verdict: execution.verdict,
            instancesTerminated: execution.areInstancesTerminated,
            cleanup: execution.control.cleanUp.map { CleanUp($0, states) },
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
            counts: Counts(row.servers),
            waves: nil,
            verdict: row.verdict,
            instancesTerminated: row.control.cleanUp?.state == .completed,
            cleanup: row.control.cleanUp.map { CleanUp($0, row.instances) },
            recoveryTime: RecoveryTime(
                objectiveSeconds: row.objectiveMinutes.map { $0 * 60 },
                elapsedSeconds: Int(max(.zero, end - (row.declaredAt ?? row.startedAt)).seconds),
                forecastSeconds: nil
            ),
            revision: row.version
        )
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

extension ExecutionWaveView {
    fileprivate init(_ wave: Execution.WaveRun, of execution: Execution, waiting: [Waiting]) {
        let frozen = execution.plan.waves[wave.waveNumber]
        let jobs = execution.jobs.values.filter { $0.waveNumber == wave.waveNumber }.sorted { $0.key < $1.key }
        self.init(
            waveNumber: wave.waveNumber,
            name: frozen.name,
            status: wave.status,
            waitingFor: WaitingFor(wave, of: execution, waiting: waiting),
            startedAt: wave.startedAt,
            endedAt: wave.endedAt,
            jobs: jobs.compactMap { job in
                job.jobId.map {
                    Job(
                        jobId: $0,
                        accountId: job.place.accountId,
                        region: job.place.region,
                        status: job.state == .ended ? "COMPLETED" : "STARTED"
                    )
                }
            },
            servers: zip(execution.servers[wave.range], frozen.servers).map(Server.init)
        )
    }
}

extension ExecutionWaveView.Server {
    fileprivate init(_ run: Execution.ServerRun, _ frozen: FrozenServer) {
        self.init(
            sourceServerId: run.sourceServerId,
            hostname: frozen.hostname,
            accountId: frozen.place.accountId,
            region: frozen.place.region,
            impact: frozen.impact,
            status: run.status,
            launchStatus: run.launchStatus,
            jobId: run.jobId,
            recoveryInstanceId: run.recoveryInstanceId,
            instanceState: run.instanceState,
            attempts: run.attempts,
            startedAt: run.startedAt,
            endedAt: run.endedAt,
            error: run.error
        )
    }
}

extension ExecutionWaveView.WaitingFor {
    /// What a wave waits for: a person, or capacity at DRS.
    fileprivate init?(
        _ wave: Execution.WaveRun,
        of execution: Execution,
        waiting: [Waiting]
    ) {
        let since = wave.gate.waitsSince
        switch wave.waitingFor {
        case .pause:
            self.init(
                kind: .pause,
                since: since,
                until: since.map { $0 + .seconds(Limits.pauseSeconds) },
                detail: "A person must resume it."
            )
        case .approval:
            let left = (execution.plan.waves[wave.waveNumber].approvals?.count ?? 1) - wave.gate.approvedBy.count
            self.init(
                kind: .approval,
                since: since,
                until: since.map { $0 + .seconds(Limits.pauseSeconds) },
                detail: "\(left) more approvals are needed."
            )
        case nil:
            let prefix = "\(execution.id)/\(wave.waveNumber)/"
            guard let first = waiting.first(where: { $0.key.hasPrefix(prefix) }) else { return nil }
            if first.state == "HELD" {
                self.init(
                    kind: .pause,
                    since: execution.control.holdsSince,
                    until: nil,
                    detail: "Its jobs are held back until a person resumes."
                )
            } else {
                let said = [first.code, first.text].compactMap { $0 }.joined(separator: ": ")
                self.init(
                    kind: .quota,
                    since: wave.startedAt,
                    until: nil,
                    detail: said.isEmpty ? "It waits for room under the quotas of DRS." : said
                )
            }
        }
    }
}
