package import Ambient
package import JSON
package import Recovery

/// A gap that a drill showed: who closes it until when, or who accepts the risk, and which run proves it closed.
package struct ReportFinding: Codable, Sendable, Hashable {
    package typealias ID = Identifier<ReportFinding>

    package enum Severity: String, Codable, Sendable, CaseIterable {
        case critical = "CRITICAL"
        case high = "HIGH"
        case medium = "MEDIUM"
        case low = "LOW"
    }

    package enum State: String, Codable, Sendable, CaseIterable {
        case open = "OPEN"
        /// The risk is taken instead.
        case accepted = "ACCEPTED"
        case closed = "CLOSED"
    }

    package var findingId: ID
    package var executionId: Execution.ID
    package var planName: String
    package var title: String
    @Nullable package var detail: String?
    package var severity: Severity
    /// The class of cause, such as "documentation" or "capacity", by which repeats are found.
    @Nullable package var cause: String?
    @Nullable package var owner: String?
    /// A date, `2027-01-31`.
    @Nullable package var dueOn: String?
    @Nullable package var ticket: String?
    /// Who accepted the risk, why, and until when, in words.
    @Nullable package var riskAcceptance: String?
    /// The run that showed it closed.
    @Nullable package var retestExecutionId: Execution.ID?
    package var state: State
    /// Whether an earlier run of the plan had a finding of the same cause.
    package var isRepeat: Bool
    package var createdBy: String
    package var createdAt: Instant
    package var changedBy: String
    package var changedAt: Instant
    package var revision: Int

    package init(
        findingId: ID,
        executionId: Execution.ID,
        planName: String,
        title: String,
        detail: String? = nil,
        severity: Severity,
        cause: String? = nil,
        owner: String? = nil,
        dueOn: String? = nil,
        ticket: String? = nil,
        riskAcceptance: String? = nil,
        retestExecutionId: Execution.ID? = nil,
        state: State = .open,
        isRepeat: Bool = false,
        createdBy: String,
        createdAt: Instant,
        changedBy: String,
        changedAt: Instant,
        revision: Int = 1
    ) {
        self.findingId = findingId
        self.executionId = executionId
        self.planName = planName
        self.title = title
        self.detail = detail
        self.severity = severity
        self.cause = cause
        self.owner = owner
        self.dueOn = dueOn
        self.ticket = ticket
        self.riskAcceptance = riskAcceptance
        self.retestExecutionId = retestExecutionId
        self.state = state
        self.isRepeat = isRepeat
        self.createdBy = createdBy
        self.createdAt = createdAt
        self.changedBy = changedBy
        self.changedAt = changedAt
        self.revision = revision
    }
}
