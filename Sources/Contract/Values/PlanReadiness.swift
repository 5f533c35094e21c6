package import Ambient
package import JSON
package import Recovery

/// Whether a plan could be recovered, as its last check found.
///
/// It is a standing verdict and never stops a start, which decides by what is true then.
package struct PlanReadiness: Codable, Sendable, Hashable {
    package var state: Readiness.State
    package var reasons: [Readiness.Reason]
    /// When the plan was checked; null: not yet.
    @Nullable package var checkedAt: Instant?

    package init(state: Readiness.State, reasons: [Readiness.Reason] = [], checkedAt: Instant? = nil) {
        self.state = state
        self.reasons = reasons
        self.checkedAt = checkedAt
    }

    /// The verdict as somebody may see it whose scope is some accounts; nil: all.
    package init(_ readiness: Readiness, checkedAt: Instant?, within scope: [AccountNumber]?) {
        self.init(
            state: readiness.state,
            reasons: readiness.reasons.map { $0.seen(within: scope) },
            checkedAt: checkedAt
        )
    }
}
