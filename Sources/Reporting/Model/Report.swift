package import Ambient
package import JSON
package import Recovery

/// The drill report: what an execution was, what came of it, and what was not tested.
///
/// One value, made once from what is recorded (`ReportMaterial`); page, print, JSON and CSV show it and compute nothing of
/// their own, so that their figures cannot differ. Its 22 sections are the members below in their order. What nobody
/// recorded is null or empty here and "not recorded" where people read it; it never disappears.
package struct Report: Codable, Sendable, Hashable {
    package var identity: Identity
    package var summary: Summary
    package var objectives: [ReportEntry]
    package var scope: Scope
    package var people: People
    package var plan: PlanAsRun
    @Nullable package var readiness: ReadinessAtStart?
    package var timeline: Timeline
    package var recoveryTime: RecoveryTime
    package var recoveryPoint: RecoveryPoints
    package var servers: [Server]
    package var validation: Validation
    package var decisions: [Decision]
    package var deviations: [Deviation]
    package var findings: [ReportFinding]
    package var cleanUp: CleanUp
    package var cost: Cost
    package var failback: [ReportEntry]
    package var trend: Trend
    package var controls: [Control]
    package var signOff: SignOff
    package var evidence: Evidence
    /// What people entered for sections that are otherwise the hub's: 6, 7, 11, 14, 15 and 16.
    package var remarks: [ReportEntry]
    /// As whom people called, of section 13; absent in reports of versions before it was recorded.
    package var calls: [AuditedCall]?

    /// Whether the execution had not ended when it was made.
    package var isInterim: Bool { identity.isInterim }
}

extension Report {
    /// Section 1: which report of which execution this is.
    package struct Identity: Codable, Sendable, Hashable {
        package var reportId: String
        /// Counts the final reports of an execution from 1; 0: an interim one.
        package var version: Int
        package var isInterim: Bool
        /// Why this version was made.
        package var why: String
        package var madeAt: Instant
        package var madeBy: String
        package var executionId: Execution.ID
        package var executionType: ExecutionType
        /// The campaign whose drill it was; absent: of none.
        package var campaign: String?
        package var status: ExecutionStatus
        @Nullable package var reason: String?
        package var planId: RecoveryPlan.ID
        package var planName: String
        package var planRevision: Int
        /// SHA-256 of the plan as it was frozen (`evidence.plan`).
        package var planHash: String
        @Nullable package var application: String?
        @Nullable package var owner: String?
        package var startedBy: String
        @Nullable package var declaredAt: Instant?
        package var startedAt: Instant
        @Nullable package var endedAt: Instant?
        package var hubVersion: String
        package var classification: String
    }

    /// Section 2: the result in one page.
    package struct Summary: Codable, Sendable, Hashable {
        /// Null until the execution has ended.
        @Nullable package var verdict: Verdict?
        package var results: [ObjectiveResult]
        package var counts: Counts
        package var openFindings: Int
    }

    /// An objective against what was reached.
    package struct ObjectiveResult: Codable, Sendable, Hashable {
        package enum Outcome: String, Codable, Sendable, CaseIterable {
            case met = "MET"
            case missed = "MISSED"
            /// The plan has no such objective.
            case notSet = "NOT_SET"
            /// There is nothing to compare with it: nothing launched, or it was not recorded.
            case notKnown = "NOT_KNOWN"
            case running = "RUNNING"
        }

        package var name: String
        @Nullable package var targetSeconds: Int?
        @Nullable package var actualSeconds: Int?
        /// What is left of the target; negative: by how much it was missed.
        @Nullable package var marginSeconds: Int?
        package var outcome: Outcome
    }

    /// Servers by what became of them.
    package struct Counts: Codable, Sendable, Hashable {
        package var servers: Int
        package var launched: Int
        package var failed: Int
        package var skipped: Int
        package var cancelled: Int
        package var unsettled: Int
    }
}
