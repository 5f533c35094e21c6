internal import Ambient
internal import Conductor
internal import Contract
internal import Recovery

extension ExecutionWaveView {
    /// A wave as it stands, and what its launches wait for.
    init(
        _ wave: Execution.WaveRun,
        of execution: Execution,
        jobs: [Execution.JobRun],
        waiting: [JobKey: ExecutionReading.Waiting],
        outlook: Execution.Outlook?
    ) {
        let frozen = execution.plan.waves[wave.waveNumber]
        let jobs = jobs.sorted { $0.key < $1.key }
        let waits = jobs.filter { $0.state == .queued }.compactMap { job in
            waiting[job.key].map { (job, WaitingFor($0, of: job, in: execution)) }
        }
        let ofServers = Dictionary(
            waits.flatMap { job, wait in job.servers.map { ($0, wait) } },
            uniquingKeysWith: { first, _ in first }
        )
        self.init(
            waveNumber: wave.waveNumber,
            name: frozen.name,
            status: wave.status,
            waitingFor: WaitingFor(wave, of: execution) ?? waits.first.map { $0.1.beside(waits.count - 1) },
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
            servers: zip(execution.servers[wave.range], frozen.servers).map { run, frozen in
                Server(run, frozen, waitingFor: run.status == .queued ? ofServers[run.sourceServerId] : nil)
            },
            outlook: outlook.map(Outlook.init)
        )
    }
}

extension ExecutionWaveView.Outlook {
    fileprivate init(_ outlook: Execution.Outlook) {
        self.init(
            plannedStartSeconds: Int(outlook.planned.begin.seconds),
            plannedEndSeconds: Int(outlook.planned.end.seconds),
            targetSeconds: outlook.target.map { Int($0.seconds) },
            forecastStartSeconds: outlook.forecast.map { Int($0.begin.seconds) },
            forecastEndSeconds: outlook.forecast.map { Int($0.end.seconds) }
        )
    }
}

extension ExecutionWaveView.Server {
    fileprivate init(
        _ run: Execution.ServerRun,
        _ frozen: FrozenServer,
        waitingFor: ExecutionWaveView.WaitingFor?
    ) {
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
            error: run.error,
            recoverySnapshotId: run.recoveryPoint == nil ? frozen.recoverySnapshotId : run.recoveryPoint?.snapshot,
            waitingFor: waitingFor
        )
    }
}

extension ExecutionWaveView.WaitingFor {
    /// What a wave that has not begun waits for: a person.
    fileprivate init?(_ wave: Execution.WaveRun, of execution: Execution) {
        let since = wave.gate.waitsSince
        let until = since.map { $0 + .seconds(Limits.pauseSeconds) }
        switch wave.waitingFor {
        case .pause:
            self.init(kind: .pause, since: since, until: until, detail: "A person must resume it.")
        case .approval:
            let left = (execution.plan.waves[wave.waveNumber].approvals?.count ?? 1) - wave.gate.approvedBy.count
            self.init(kind: .approval, since: since, until: until, detail: "\(left) more approvals are needed.")
        case nil: return nil
        }
    }

    /// What a queued job waits for.
    fileprivate init(_ waiting: ExecutionReading.Waiting, of job: Execution.JobRun, in execution: Execution) {
        switch waiting {
        case .held:
            self.init(
                kind: .pause,
                since: execution.control.holdsSince,
                detail: "Its jobs are held back until a person resumes.",
                place: job.place
            )
        case .launch(let wait):
            self.init(
                kind: WaitKind(wait.kind),
                since: job.wait?.since,
                detail: wait.text.isEmpty ? wait.code : wait.text,
                place: job.place,
                code: wait.code,
                use: wait.use.map {
                    Use(limit: $0.limit, usedByOthers: $0.byOthers, usedByThis: $0.byThis, needed: $0.needed)
                }
            )
        }
    }

    /// The wait of a wave of which further jobs wait too.
    fileprivate func beside(_ others: Int) -> Self {
        guard others > 0 else { return self }
        var wait = self
        wait.detail = (detail ?? "") + (others == 1 ? "; 1 more job waits" : "; \(others) more jobs wait")
        return wait
    }
}

extension WaitKind {
    fileprivate init(_ kind: LaunchWait.Kind) {
        self =
            switch kind {
            case .quota: .quota
            case .conflict: .conflict
            case .aws: .aws
            }
    }
}
