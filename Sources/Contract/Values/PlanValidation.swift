package import JSON
package import Recovery

/// Everything that the start of a plan would check, with every problem at once.
package struct PlanValidation: Codable, Sendable, Hashable {
    package var planId: RecoveryPlan.ID
    /// Whether a start would be accepted now.
    package var startable: Bool
    package var readiness: PlanReadiness
    package var problems: [Problem]

    /// One thing that a start would be refused for, or that is worth knowing before it.
    package struct Problem: Codable, Sendable, Hashable {
        /// The code that the start would be refused with, or of a reason against readiness.
        package var code: String
        package var detail: String
        /// False for what is only a warning.
        package var blocking: Bool
        @Nullable package var waveNumber: Int?
        package var serverIds: [SourceServerID]

        package init(
            code: String,
            detail: String,
            blocking: Bool,
            waveNumber: Int?,
            serverIds: [SourceServerID] = []
        ) {
            self.code = code
            self.detail = detail
            self.blocking = blocking
            self.waveNumber = waveNumber
            self.serverIds = serverIds
        }
    }

    package init(
        planId: RecoveryPlan.ID,
        startable: Bool,
        readiness: PlanReadiness,
        problems: [Problem]
    ) {
        self.planId = planId
        self.startable = startable
        self.readiness = readiness
        self.problems = problems
    }
}
