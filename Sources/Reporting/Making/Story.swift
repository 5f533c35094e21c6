internal import Ambient
internal import Audit
internal import JSON
internal import Recovery

/// What is recorded, read once, for the sections that are made of it.
struct Story {
    let material: ReportMaterial
    let execution: Execution
    let facts: [JournalFact]
    let course: Course
    let dependencies: [[Int]]
    let planText: String
    let servers: [Report.Server]
    let now: Instant

    init(_ material: ReportMaterial, at now: Instant) {
        self.material = material
        self.now = now
        execution = material.execution
        facts = material.journal.compactMap { JournalFact(event: $0.event) }
        course = Course(facts)
        dependencies = execution.plan.waves.map(\.dependsOnWaves)
        planText = Self.text(of: execution.plan)
        servers = Self.servers(of: material, facts)
    }

    /// The plan as RFC 8785 text, of which its hash is made.
    static func text(of plan: FrozenPlan) -> String {
        do {
            return try JSON(encoding: plan).canonicalText
        } catch {
            preconditionFailure("a frozen plan cannot be written as JSON: \(error)")
        }
    }

    func entries(of section: Int) -> [ReportEntry] {
        material.entries.filter { $0.kind.section == section }
    }

    /// The first event of a kind.
    func first(_ kind: JournalEntry.Kind) -> JournalFact? { facts.first { $0.kind == kind } }
    func last(_ kind: JournalEntry.Kind) -> JournalFact? { facts.last { $0.kind == kind } }

    private static func servers(of material: ReportMaterial, _ facts: [JournalFact]) -> [Report.Server] {
        let execution = material.execution
        let logged = Dictionary(grouping: material.jobLog.compactMap(\.sourceServerId)) { $0 }.mapValues(\.count)
        var terminated: [String: Instant] = [:]
        for fact in facts where fact.kind == .instanceTerminated {
            if let server = fact.sourceServerId { terminated[server] = fact.at }
        }
        let objective = execution.plan.recoveryPointObjectiveSeconds
        return zip(execution.servers, execution.plan.servers).map { run, frozen in
            let replication = material.baseline?.servers[run.sourceServerId]
            let pinned = run.recoveryPoint == nil ? frozen.recoverySnapshotId : run.recoveryPoint?.snapshot
            // The lag says nothing of the age of a point that was chosen by hand.
            let lag = pinned == nil ? replication?.lagSeconds : nil
            return Report.Server(
                sourceServerId: run.sourceServerId.rawValue,
                hostname: frozen.hostname,
                accountId: frozen.place.accountId.rawValue,
                region: frozen.place.region.rawValue,
                waveNumber: run.waveNumber,
                impact: frozen.impact.rawValue,
                status: run.status,
                launchStatus: run.launchStatus,
                jobId: run.jobId,
                recoveryInstanceId: run.recoveryInstanceId,
                recoveryPoint: pinned?.rawValue ?? "LATEST",
                attempts: run.attempts,
                startedAt: run.startedAt,
                endedAt: run.endedAt,
                launchSeconds: launchSeconds(of: run),
                replicationState: replication?.state,
                lagSeconds: lag,
                lagAsOf: lag == nil ? nil : replication?.asOf,
                isWithinRecoveryPointObjective: objective.flatMap { objective in lag.map { $0 <= objective } },
                instanceState: run.instanceState,
                terminatedAt: run.instanceState == .terminated ? terminated[run.sourceServerId.rawValue] : nil,
                jobLogItems: logged[run.sourceServerId.rawValue] ?? 0,
                error: run.error,
                note: run.note
            )
        }
    }

    private static func launchSeconds(of run: Execution.ServerRun) -> Int? {
        guard run.status == .launched, let start = run.startedAt, let end = run.endedAt else { return nil }
        return Int(max(.zero, end - start).seconds.rounded())
    }
}

extension Story {
    var recoveryPoints: Report.RecoveryPoints {
        Report.RecoveryPoints(
            objectiveSeconds: execution.plan.recoveryPointObjectiveSeconds,
            takenAt: material.baseline?.takenAt,
            worstSeconds: servers.compactMap(\.lagSeconds).max(),
            breaches: servers.count { $0.isWithinRecoveryPointObjective == false },
            unknown: servers.count { $0.lagSeconds == nil }
        )
    }

    /// Everybody who did something, in the order of their first act.
    var actors: [Report.Actor] {
        var actors: [String: Report.Actor] = [:]
        for fact in facts {
            guard let name = fact.by, name != "muster" else { continue }
            actors[name, default: Report.Actor(name: name, acts: 0, firstAt: fact.at, lastAt: fact.at)].acts += 1
            actors[name]?.lastAt = fact.at
        }
        return actors.values.sorted { ($0.firstAt, $0.name) < ($1.firstAt, $1.name) }
    }

    /// What people decided, with how long a wave had waited for it.
    var decisions: [Report.Decision] {
        facts.compactMap { fact in
            // What somebody noted decides nothing; the notes have a table of their own.
            guard let by = fact.by, fact.kind != .note else { return nil }
            let waits = fact.waveNumber.flatMap { course.waits[$0] } ?? course.waits.values.flatMap { $0 }
            let isAnswer = fact.kind == .resumed || fact.kind == .waveApproved || fact.kind == .waveDeclined
            let wait = isAnswer ? waits.last { $0.from <= fact.at && ($0.to ?? fact.at) >= fact.at } : nil
            return Report.Decision(
                at: fact.at,
                by: by,
                what: fact.label.map { "\(fact.kindText) \($0)" } ?? fact.kindText,
                waveNumber: fact.waveNumber,
                comment: fact.text,
                waitedSeconds: wait.map { Int((fact.at - $0.from).seconds) }
            )
        }
    }

    /// A deviation that only reports have: the checks were against the start, and somebody started all the same.
    private static let startedNotReady = "STARTED_NOT_READY"

    /// What was not as planned: what stands against the verdict, and what people or AWS made different.
    var deviations: [Report.Deviation] {
        var deviations = (execution.verdict?.reasons ?? []).map {
            Report.Deviation(code: $0.code, text: $0.text, by: nil, at: nil)
        }
        for server in servers where server.isWithinRecoveryPointObjective == false {
            let text = "\(server.sourceServerId): its data was \(server.lagSeconds ?? 0) s old at the start."
            deviations.append(.init(code: Verdict.recoveryPointObjectiveMissed, text: text, by: nil, at: nil))
        }
        if let baseline = material.baseline, let readiness = baseline.readiness, readiness.state == .notReady {
            let codes = readiness.reasons.map(\.code).joined(separator: ", ")
            let text = "The plan was \(readiness.state.rawValue) when it was started: \(codes)."
            deviations.append(
                .init(code: Self.startedNotReady, text: text, by: execution.startedBy, at: baseline.takenAt)
            )
        }
        deviations += facts.compactMap(deviation)
        deviations += material.entries.filter { $0.withdrawnAt == nil && $0.kind == .manualStep }.map {
            Report.Deviation(code: "MANUAL_STEP", text: $0.text, by: $0.by, at: $0.at)
        }
        deviations += material.entries.filter { $0.withdrawnAt == nil && $0.kind == .absence }.map {
            Report.Deviation(code: "ABSENCE", text: "\($0.name ?? "Somebody"): \($0.text)", by: $0.by, at: $0.at)
        }
        return deviations
    }

    private func deviation(_ fact: JournalFact) -> Report.Deviation? {
        switch fact.kind {
        case .retryRequested, .skipRequested, .recoveryPointReplaced, .executionReopened, .jobTimedOut,
            .serverLateResult, .jobRefused, .instanceTerminationFailed:
            Report.Deviation(code: fact.kindText, text: fact.words, by: fact.by, at: fact.at)
        default: nil
        }
    }
}

extension JournalFact {
    /// What an event says, for people: one line.
    var words: String {
        let about = [sourceServerId, jobId, recoveryInstanceId].compactMap { $0 }.joined(separator: " ")
        return [about, label ?? "", text ?? ""].filter { !$0.isEmpty }.joined(separator: " · ")
    }
}
