internal import Ambient
internal import Recovery

extension Report.Scope {
    init(_ story: Story) {
        let byPlace = Dictionary(grouping: story.servers) { "\($0.accountId)/\($0.region)" }
        self.init(
            places: byPlace.keys.sorted().compactMap { key in
                guard let servers = byPlace[key], let first = servers.first else { return nil }
                return Report.PlaceCount(
                    accountId: first.accountId,
                    region: first.region,
                    servers: servers.count,
                    launched: servers.count { $0.status == .launched }
                )
            },
            thirdParties: story.entries(of: 4),
            notTested: story.servers.filter { $0.status != .launched }.map { server in
                Report.NotTested(
                    sourceServerId: server.sourceServerId,
                    hostname: server.hostname,
                    waveNumber: server.waveNumber,
                    why: server.error.map { "\(server.status.rawValue): \($0)" } ?? server.status.rawValue
                )
            }
        )
    }
}

extension Report.PlanAsRun {
    init(_ story: Story) {
        let execution = story.execution
        let outlooks = execution.outlooks(at: execution.startedAt)
        self.init(
            ordering: execution.plan.ordering.rawValue,
            waves: zip(execution.waves, execution.plan.waves).enumerated().map { index, wave in
                let (run, frozen) = wave
                let outlook = outlooks[index]
                let servers = execution.servers[run.range]
                return Report.Wave(
                    waveNumber: frozen.waveNumber,
                    name: frozen.name,
                    servers: frozen.servers.count,
                    dependsOnWaves: frozen.dependsOnWaves,
                    pauseBeforeWave: frozen.pauseBeforeWave,
                    approvals: frozen.approvals?.count,
                    timeoutMinutes: frozen.timeoutMinutes,
                    onFailure: frozen.onFailure.rawValue,
                    status: run.status,
                    startedAt: run.startedAt,
                    endedAt: run.endedAt,
                    launched: servers.count { $0.status == .launched },
                    failed: servers.count { $0.status == .failed },
                    plannedStartSeconds: outlook.map { Int($0.planned.begin.seconds) },
                    plannedEndSeconds: outlook.map { Int($0.planned.end.seconds) },
                    targetSeconds: outlook?.target.map { Int($0.seconds) }
                )
            },
            comparedWith: story.material.earlierPlan == nil
                ? nil : story.material.earlier.first?.executionId.description,
            comparedRevision: story.material.earlierPlan?.planRevision,
            differences: story.material.earlierPlan.map { Self.differences(from: $0, to: execution.plan) }
        )
    }

    /// What differs between two frozen plans, one sentence each.
    static func differences(from old: FrozenPlan, to new: FrozenPlan) -> [String] {
        var differences: [String] = []
        func compare(_ what: String, _ before: String, _ after: String) {
            if before != after { differences.append("\(what): \(before) became \(after).") }
        }
        compare("Ordering", old.ordering.rawValue, new.ordering.rawValue)
        compare("Recovery time objective", minutes(old), minutes(new))
        compare("Recovery point objective", seconds(old), seconds(new))
        compare("Number of waves", "\(old.waves.count)", "\(new.waves.count)")
        for (before, after) in zip(old.waves, new.waves) {
            let wave = "Wave \(after.waveNumber)"
            compare("\(wave), name", before.name, after.name)
            compare("\(wave), waits for", "\(before.dependsOnWaves)", "\(after.dependsOnWaves)")
            compare("\(wave), pause before it", "\(before.pauseBeforeWave)", "\(after.pauseBeforeWave)")
            compare("\(wave), approvals", "\(before.approvals?.count ?? 0)", "\(after.approvals?.count ?? 0)")
            compare("\(wave), time-out", "\(before.timeoutMinutes) min", "\(after.timeoutMinutes) min")
            compare("\(wave), on failure", before.onFailure.rawValue, after.onFailure.rawValue)
        }
        let places = { (plan: FrozenPlan) in
            Dictionary(
                plan.waves.flatMap { wave in wave.servers.map { ($0.sourceServerId, wave.waveNumber) } },
                uniquingKeysWith: { first, _ in first }
            )
        }
        let (before, after) = (places(old), places(new))
        for id in after.keys.filter({ before[$0] == nil }).sorted() { differences.append("\(id) was added.") }
        for id in before.keys.filter({ after[$0] == nil }).sorted() { differences.append("\(id) was taken out.") }
        for id in after.keys.sorted() {
            guard let was = before[id], let wave = after[id], was != wave else { continue }
            differences.append("\(id) moved from wave \(was) to wave \(wave).")
        }
        return differences
    }

    private static func minutes(_ plan: FrozenPlan) -> String {
        plan.recoveryTimeObjectiveMinutes.map { "\($0) min" } ?? "none"
    }

    private static func seconds(_ plan: FrozenPlan) -> String {
        plan.recoveryPointObjectiveSeconds.map { "\($0) s" } ?? "none"
    }
}

extension Report.ReadinessAtStart {
    /// Nil where the plan's readiness was not noted.
    init?(_ baseline: ReportMaterial.Baseline) {
        guard let readiness = baseline.readiness else { return nil }
        self.init(
            takenAt: baseline.takenAt,
            state: readiness.state.rawValue,
            checkedAt: baseline.checkedAt,
            reasons: readiness.reasons.map {
                Report.Reason(code: $0.code, text: $0.text, servers: $0.serverCount)
            }
        )
    }
}

extension Report.Timeline {
    init(_ story: Story) {
        let execution = story.execution
        self.init(
            jobs: execution.jobs.values.sorted { ($0.waveNumber, $0.key) < ($1.waveNumber, $1.key) }.map { job in
                Report.Job(
                    jobId: job.jobId,
                    waveNumber: job.waveNumber,
                    accountId: job.place.accountId.rawValue,
                    region: job.place.region.rawValue,
                    servers: job.servers.count,
                    state: job.state.rawValue,
                    queuedAt: story.course.jobs[job.key.text]?.queuedAt,
                    acceptedAt: job.acceptedAt,
                    endedAt: job.endedAt
                )
            },
            events: story.facts.map {
                Report.Event(
                    sequence: $0.sequence,
                    at: $0.at,
                    kind: $0.kindText,
                    by: $0.by,
                    waveNumber: $0.waveNumber,
                    text: $0.words
                )
            },
            notExecuted: Self.notExecuted(of: story)
        )
    }

    private static func notExecuted(of story: Story) -> [Report.NotExecuted] {
        let cancellation = story.execution.control.cancellation
        let stop = story.facts.last {
            $0.kind == .cancelRequested || $0.kind == .waveDeclined || $0.kind == .pauseExpired
        }
        let waves = story.execution.waves.filter { $0.status == .cancelled || $0.status == .skipped }.map { wave in
            Report.NotExecuted(
                what: "Wave \(wave.waveNumber)",
                result: wave.status.rawValue,
                by: cancellation?.by,
                at: wave.endedAt,
                reason: cancellation == nil ? "a wave before it failed" : stop?.text ?? cancellation?.code.text
            )
        }
        let skips = Dictionary(
            story.facts.filter { $0.kind == .skipRequested }.map { ($0.sourceServerId ?? "", $0) },
            uniquingKeysWith: { $1 }
        )
        let servers = story.servers.filter { $0.status == .skipped || $0.status == .cancelled }.map { server in
            let skip = skips[server.sourceServerId]
            return Report.NotExecuted(
                what: "\(server.hostname) (\(server.sourceServerId))",
                result: server.status.rawValue,
                by: skip?.by ?? cancellation?.by,
                at: server.endedAt,
                reason: skip?.text ?? cancellation?.code.text
            )
        }
        return waves + servers
    }
}
