package import Ambient

/// Which servers are recovered in which order, and what a person decides on the way.
package struct RecoveryPlan: Sendable, Hashable {
    package typealias ID = Identifier<RecoveryPlan>

    package var planId: ID
    package var planName: String
    package var description: String
    package var ordering: Ordering
    package var recoveryTimeObjectiveMinutes: Int?
    package var recoveryPointObjectiveSeconds: Int?
    package var owner: String?
    package var application: String?
    package var waves: [Wave]
    package var createdDate: Instant
    package var lastModifiedDate: Instant
    package var createdBy: String
    package var revision: Int

    package init(
        planId: ID,
        planName: String,
        description: String,
        ordering: Ordering,
        recoveryTimeObjectiveMinutes: Int?,
        recoveryPointObjectiveSeconds: Int?,
        owner: String?,
        application: String?,
        waves: [Wave],
        createdDate: Instant,
        lastModifiedDate: Instant,
        createdBy: String,
        revision: Int
    ) {
        self.planId = planId
        self.planName = planName
        self.description = description
        self.ordering = ordering
        self.recoveryTimeObjectiveMinutes = recoveryTimeObjectiveMinutes
        self.recoveryPointObjectiveSeconds = recoveryPointObjectiveSeconds
        self.owner = owner
        self.application = application
        self.waves = waves
        self.createdDate = createdDate
        self.lastModifiedDate = lastModifiedDate
        self.createdBy = createdBy
        self.revision = revision
    }

    package enum Ordering: String, Sendable, Codable, CaseIterable {
        /// Wave after wave.
        case sequential = "SEQUENTIAL"
        /// A wave runs as soon as every wave it depends on is settled.
        case dependencies = "DEPENDENCIES"
    }
}
