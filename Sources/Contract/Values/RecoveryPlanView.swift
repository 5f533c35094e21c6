package import Ambient
package import JSON
package import Recovery

/// A recovery plan as the API shows it.
package struct RecoveryPlanView: Codable, Sendable, Hashable, Revisioned {
    package var planId: RecoveryPlan.ID
    package var planName: String
    package var description: String
    package var ordering: RecoveryPlan.Ordering
    @Nullable package var recoveryTimeObjectiveMinutes: Int?
    @Nullable package var recoveryPointObjectiveSeconds: Int?
    @Nullable package var owner: String?
    @Nullable package var application: String?
    package var waves: [WaveView]
    package var totalWaves: Int
    package var totalServers: Int
    package var readiness: PlanReadiness
    /// Whether something uses servers of the plan now, so that it could not be started.
    package var hasServerConflict: Bool
    @Nullable package var conflictInfo: ConflictSummary?
    @Nullable package var latestExecution: ExecutionReference?
    /// When the last drill that launched servers ended.
    @Nullable package var lastDrillAt: Instant?
    /// Whether a drill is due by the plan's rules.
    package var drillDue: Bool
    package var createdDate: Instant
    package var lastModifiedDate: Instant
    package var createdBy: String
    package var revision: Int

    /// The execution that stands in the way.
    package struct ConflictSummary: Codable, Sendable, Hashable {
        package var conflictingExecutionId: String
        package var conflictingStatus: String
        package var conflictingServers: [SourceServerID]

        package init(
            conflictingExecutionId: String,
            conflictingStatus: String,
            conflictingServers: [SourceServerID]
        ) {
            self.conflictingExecutionId = conflictingExecutionId
            self.conflictingStatus = conflictingStatus
            self.conflictingServers = conflictingServers
        }
    }

    /// The execution of the plan that started last.
    package struct ExecutionReference: Codable, Sendable, Hashable {
        package var executionId: Execution.ID
        package var status: ExecutionStatus
        package var executionType: ExecutionType
        package var startedAt: Instant
        @Nullable package var endedAt: Instant?

        package init(
            executionId: Execution.ID,
            status: ExecutionStatus,
            executionType: ExecutionType,
            startedAt: Instant,
            endedAt: Instant?
        ) {
            self.executionId = executionId
            self.status = status
            self.executionType = executionType
            self.startedAt = startedAt
            self.endedAt = endedAt
        }
    }

    package init(
        planId: RecoveryPlan.ID,
        planName: String,
        description: String,
        ordering: RecoveryPlan.Ordering,
        recoveryTimeObjectiveMinutes: Int?,
        recoveryPointObjectiveSeconds: Int?,
        owner: String?,
        application: String?,
        waves: [WaveView],
        totalWaves: Int,
        totalServers: Int,
        readiness: PlanReadiness,
        hasServerConflict: Bool,
        conflictInfo: ConflictSummary?,
        latestExecution: ExecutionReference?,
        lastDrillAt: Instant?,
        drillDue: Bool,
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
        self.totalWaves = totalWaves
        self.totalServers = totalServers
        self.readiness = readiness
        self.hasServerConflict = hasServerConflict
        self.conflictInfo = conflictInfo
        self.latestExecution = latestExecution
        self.lastDrillAt = lastDrillAt
        self.drillDue = drillDue
        self.createdDate = createdDate
        self.lastModifiedDate = lastModifiedDate
        self.createdBy = createdBy
        self.revision = revision
    }
}

/// A wave as the API shows it: everything as posted, with the defaults filled in.
package struct WaveView: Codable, Sendable, Hashable {
    package var waveNumber: Int
    package var name: String
    package var description: String
    package var protectionGroupIds: [ProtectionGroup.ID]
    package var serverIds: [SourceServerID]
    package var dependsOnWaves: [Int]
    package var pauseBeforeWave: Bool
    package var timeoutMinutes: Int
    package var onFailure: Wave.FailurePolicy
    @Nullable package var approvals: Wave.ApprovalRule?
    package var servers: [ServerChoiceView]
    /// Groups and listed servers of the wave in accounts that the caller may not see; left out where there are none, so that
    /// whoever may edit the plan can write back what they read.
    package var outsideScope: OutsideScope?

    package init(
        waveNumber: Int,
        name: String,
        description: String,
        protectionGroupIds: [ProtectionGroup.ID],
        serverIds: [SourceServerID],
        dependsOnWaves: [Int],
        pauseBeforeWave: Bool,
        timeoutMinutes: Int,
        onFailure: Wave.FailurePolicy,
        approvals: Wave.ApprovalRule?,
        servers: [ServerChoiceView],
        outsideScope: OutsideScope? = nil
    ) {
        self.waveNumber = waveNumber
        self.name = name
        self.description = description
        self.protectionGroupIds = protectionGroupIds
        self.serverIds = serverIds
        self.dependsOnWaves = dependsOnWaves
        self.pauseBeforeWave = pauseBeforeWave
        self.timeoutMinutes = timeoutMinutes
        self.onFailure = onFailure
        self.approvals = approvals
        self.servers = servers
        self.outsideScope = outsideScope
    }
}

/// What the plan says of one server of a wave.
package struct ServerChoiceView: Codable, Sendable, Hashable {
    package var serverId: SourceServerID
    package var impact: Wave.Impact
    @Nullable package var recoverySnapshotId: RecoverySnapshotID?

    package init(
        serverId: SourceServerID,
        impact: Wave.Impact,
        recoverySnapshotId: RecoverySnapshotID?
    ) {
        self.serverId = serverId
        self.impact = impact
        self.recoverySnapshotId = recoverySnapshotId
    }
}
