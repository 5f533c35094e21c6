/// One step of a plan: servers that are launched at the same time.
package struct Wave: Sendable, Hashable, Codable {
    package var waveNumber: Int
    package var name: String
    package var description: String
    package var protectionGroupIds: [ProtectionGroup.ID]
    /// Empty: every server of the groups.
    package var serverIds: [SourceServerID]
    package var dependsOnWaves: [Int]
    package var pauseBeforeWave: Bool
    package var timeoutMinutes: Int
    package var onFailure: FailurePolicy
    package var approvals: ApprovalRule?
    package var servers: [ServerChoice]

    package init(
        waveNumber: Int,
        name: String,
        description: String = "",
        protectionGroupIds: [ProtectionGroup.ID] = [],
        serverIds: [SourceServerID] = [],
        dependsOnWaves: [Int] = [],
        pauseBeforeWave: Bool = false,
        timeoutMinutes: Int = Limits.defaultTimeoutMinutes,
        onFailure: FailurePolicy = .stop,
        approvals: ApprovalRule? = nil,
        servers: [ServerChoice] = []
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
    }

    /// What a failed wave means for the waves after it.
    package enum FailurePolicy: String, Sendable, Codable, CaseIterable {
        case stop = "STOP"
        case `continue` = "CONTINUE"
    }

    /// What a server's failure means for its wave.
    package enum Impact: String, Sendable, Codable, CaseIterable {
        case critical = "CRITICAL"
        case optional = "OPTIONAL"
    }

    /// How many people must agree before the wave begins.
    package struct ApprovalRule: Sendable, Hashable, Codable {
        package var count: Int
        /// Cognito groups whose members may approve; empty: everyone with ManageExecution.
        package var groups: [String]
        package var excludeStarter: Bool

        package init(count: Int, groups: [String], excludeStarter: Bool) {
            self.count = count
            self.groups = groups
            self.excludeStarter = excludeStarter
        }
    }

    /// What the plan says of one server of the wave; servers it does not speak of are CRITICAL and use the latest data.
    package struct ServerChoice: Sendable, Hashable, Codable {
        package var serverId: SourceServerID
        package var impact: Impact
        package var recoverySnapshotId: RecoverySnapshotID?

        package init(serverId: SourceServerID, impact: Impact, recoverySnapshotId: RecoverySnapshotID?) {
            self.serverId = serverId
            self.impact = impact
            self.recoverySnapshotId = recoverySnapshotId
        }
    }
}
