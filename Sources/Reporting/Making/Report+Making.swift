internal import Ambient
internal import Audit
internal import JSON
internal import OpenSSL
package import Recovery

extension Report {
    /// Makes the report of what is recorded, as of the order's moment.
    package init(_ material: ReportMaterial, _ order: ReportMaterial.Order) {
        let story = Story(material, at: order.madeAt)
        let (time, points) = (RecoveryTime(story), story.recoveryPoints)
        let open = material.findings.count { $0.state == .open }
        self.init(
            identity: Identity(story, order),
            summary: Summary(story, time, points, openFindings: open),
            objectives: story.entries(of: 3),
            scope: Scope(story),
            people: People(entries: story.entries(of: 5), actors: story.actors),
            plan: PlanAsRun(story),
            readiness: material.baseline.flatMap { ReadinessAtStart($0) },
            timeline: Timeline(story),
            recoveryTime: time,
            recoveryPoint: points,
            servers: story.servers,
            validation: Validation(story),
            decisions: story.decisions,
            deviations: story.deviations,
            findings: material.findings.sorted { ($0.severity.rank, $0.createdAt) < ($1.severity.rank, $1.createdAt) },
            cleanUp: CleanUp(story),
            cost: Cost(story),
            failback: story.entries(of: 18),
            trend: Trend(story),
            controls: [],
            signOff: SignOff(story),
            evidence: Evidence(story),
            remarks: [6, 7, 11, 14, 15, 16].flatMap(story.entries(of:)),
            calls: material.calls
        )
        controls = Control.all(of: self)
    }
}

extension Report.Validation {
    fileprivate init(_ story: Story) {
        let launched = story.servers.filter { $0.status == .launched }
        self.init(
            instancesSeen: launched.count { $0.recoveryInstanceId != nil && $0.note == nil },
            launched: launched.count,
            entries: story.entries(of: 12)
        )
    }
}

extension Report.SignOff {
    fileprivate init(_ story: Story) {
        let entries = story.entries(of: 21)
        self.init(
            signatures: entries.filter { $0.kind == .signOff },
            distribution: entries.filter { $0.kind == .distribution }
        )
    }
}

extension Report.Evidence {
    fileprivate init(_ story: Story) {
        let material = story.material
        self.init(
            journalSequence: material.journalHead.sequence,
            journalHead: material.journalHead.hash,
            journal: material.journal,
            plan: story.planText,
            jobLog: material.jobLog
        )
    }
}

extension Report.Identity {
    fileprivate init(_ story: Story, _ order: ReportMaterial.Order) {
        let execution = story.execution
        self.init(
            reportId: order.reportId,
            version: order.version,
            isInterim: execution.endedAt == nil || order.version == 0,
            why: order.why,
            madeAt: order.madeAt,
            madeBy: order.madeBy,
            executionId: execution.id,
            executionType: execution.type,
            campaign: story.material.campaign,
            status: execution.status,
            reason: execution.reason,
            planId: execution.plan.planId,
            planName: execution.plan.planName,
            planRevision: execution.plan.planRevision,
            planHash: Hex.encode(SHA256.digest(Array(story.planText.utf8))),
            application: story.material.application,
            owner: story.material.owner,
            startedBy: execution.startedBy,
            declaredAt: execution.declaredAt,
            startedAt: execution.startedAt,
            endedAt: execution.endedAt,
            hubVersion: order.hubVersion,
            classification: order.classification
        )
    }
}

extension Report.Summary {
    fileprivate init(
        _ story: Story,
        _ time: Report.RecoveryTime,
        _ points: Report.RecoveryPoints,
        openFindings: Int
    ) {
        let execution = story.execution
        let tally = Dictionary(grouping: execution.servers, by: \.status).mapValues(\.count)
        let launched = tally[.launched] ?? 0
        self.init(
            verdict: execution.verdict.map { Verdict($0, points) },
            results: [
                .recoveryTime(time, hasEnded: execution.endedAt != nil),
                .recoveryPoint(points),
            ],
            counts: Report.Counts(
                servers: execution.servers.count,
                launched: launched,
                failed: tally[.failed] ?? 0,
                skipped: tally[.skipped] ?? 0,
                cancelled: tally[.cancelled] ?? 0,
                unsettled: execution.servers.count { !$0.status.isSettled }
            ),
            openFindings: openFindings
        )
    }
}

extension Verdict {
    /// The reason that the report adds: of the age of data the machine of an execution knows nothing.
    package static let recoveryPointObjectiveMissed = "RECOVERY_POINT_OBJECTIVE_MISSED"

    /// The verdict of the execution, and what the report knows beside it: a pass with data too old is none without
    /// deviations.
    fileprivate init(_ verdict: Verdict, _ points: Report.RecoveryPoints) {
        self = verdict
        guard points.breaches > 0, let objective = points.objectiveSeconds else { return }
        let text = "At the start the data of \(points.breaches) servers was older than the objective of \(objective) s."
        reasons.append(Reason(code: Self.recoveryPointObjectiveMissed, text: text))
        if result == .pass { result = .passWithDeviations }
    }
}

extension Report.ObjectiveResult {
    fileprivate static func recoveryTime(_ time: Report.RecoveryTime, hasEnded: Bool) -> Self {
        // Rounded up: a report never says less than it took.
        let actual = (time.anatomy.totals.total + 999) / 1000
        let isKnown = time.isReached && hasEnded
        let isMet = time.objectiveSeconds.map { time.anatomy.totals.total <= $0 * 1000 }
        return Self(
            name: "Recovery time",
            targetSeconds: time.objectiveSeconds,
            actualSeconds: isKnown || !hasEnded ? actual : nil,
            marginSeconds: isKnown ? time.objectiveSeconds.map { $0 - actual } : nil,
            outcome: !hasEnded
                ? .running : isMet == nil ? .notSet : !isKnown ? .notKnown : isMet == true ? .met : .missed
        )
    }

    fileprivate static func recoveryPoint(_ points: Report.RecoveryPoints) -> Self {
        let outcome: Outcome =
            if points.objectiveSeconds == nil {
                .notSet
            } else if points.breaches > 0 {
                .missed
            } else {
                points.unknown > 0 || points.worstSeconds == nil ? .notKnown : .met
            }
        return Self(
            name: "Recovery point",
            targetSeconds: points.objectiveSeconds,
            actualSeconds: points.worstSeconds,
            marginSeconds: points.objectiveSeconds.flatMap { objective in points.worstSeconds.map { objective - $0 } },
            outcome: outcome
        )
    }
}

extension ReportFinding.Severity {
    /// The worst first.
    package var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
