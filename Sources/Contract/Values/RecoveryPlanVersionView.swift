package import Ambient
package import JSON
package import Recovery

/// A version of a plan in a list.
package struct RecoveryPlanVersionSummary: Codable, Sendable, Hashable {
    package var revision: Int
    package var savedAt: Instant
    package var savedBy: String
    package var planName: String
    package var totalWaves: Int

    package init(revision: Int, savedAt: Instant, savedBy: String, planName: String, totalWaves: Int) {
        self.revision = revision
        self.savedAt = savedAt
        self.savedBy = savedBy
        self.planName = planName
        self.totalWaves = totalWaves
    }
}

/// A plan as one revision of it was saved.
package struct RecoveryPlanVersionView: Codable, Sendable, Hashable {
    package var planId: RecoveryPlan.ID
    package var revision: Int
    package var savedAt: Instant
    package var savedBy: String
    package var planName: String
    package var description: String
    package var ordering: RecoveryPlan.Ordering
    @Nullable package var recoveryTimeObjectiveMinutes: Int?
    @Nullable package var recoveryPointObjectiveSeconds: Int?
    @Nullable package var owner: String?
    @Nullable package var application: String?
    package var waves: [WaveView]
    /// The groups that its waves name, as they are called now; those that are gone are not among them.
    package var groups: [GroupReference]

    /// A protection group by name.
    package struct GroupReference: Codable, Sendable, Hashable {
        package var groupId: ProtectionGroup.ID
        package var groupName: String

        package init(groupId: ProtectionGroup.ID, groupName: String) {
            self.groupId = groupId
            self.groupName = groupName
        }
    }

    package init(
        planId: RecoveryPlan.ID,
        revision: Int,
        savedAt: Instant,
        savedBy: String,
        planName: String,
        description: String,
        ordering: RecoveryPlan.Ordering,
        recoveryTimeObjectiveMinutes: Int?,
        recoveryPointObjectiveSeconds: Int?,
        owner: String?,
        application: String?,
        waves: [WaveView],
        groups: [GroupReference]
    ) {
        self.planId = planId
        self.revision = revision
        self.savedAt = savedAt
        self.savedBy = savedBy
        self.planName = planName
        self.description = description
        self.ordering = ordering
        self.recoveryTimeObjectiveMinutes = recoveryTimeObjectiveMinutes
        self.recoveryPointObjectiveSeconds = recoveryPointObjectiveSeconds
        self.owner = owner
        self.application = application
        self.waves = waves
        self.groups = groups
    }
}
