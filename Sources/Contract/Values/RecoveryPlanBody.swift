package import Recovery

/// What a client says of a plan; what it leaves out has the default of the design.
package struct RecoveryPlanBody: Codable, Sendable, Hashable {
    package var planName: String
    package var description: String?
    package var ordering: RecoveryPlan.Ordering?
    package var recoveryTimeObjectiveMinutes: Int?
    package var recoveryPointObjectiveSeconds: Int?
    package var owner: String?
    package var application: String?
    package var waves: [WaveBody]

    package init(
        planName: String,
        description: String? = nil,
        ordering: RecoveryPlan.Ordering? = nil,
        recoveryTimeObjectiveMinutes: Int? = nil,
        recoveryPointObjectiveSeconds: Int? = nil,
        owner: String? = nil,
        application: String? = nil,
        waves: [WaveBody]
    ) {
        self.planName = planName
        self.description = description
        self.ordering = ordering
        self.recoveryTimeObjectiveMinutes = recoveryTimeObjectiveMinutes
        self.recoveryPointObjectiveSeconds = recoveryPointObjectiveSeconds
        self.owner = owner
        self.application = application
        self.waves = waves
    }
}

/// What a client says of a wave.
package struct WaveBody: Codable, Sendable, Hashable {
    package var waveNumber: Int
    package var name: String?
    package var description: String?
    package var protectionGroupIds: [ProtectionGroup.ID]
    package var serverIds: [SourceServerID]?
    package var dependsOnWaves: [Int]?
    package var pauseBeforeWave: Bool?
    package var timeoutMinutes: Int?
    package var onFailure: Wave.FailurePolicy?
    package var approvals: Approvals?
    package var servers: [ServerChoice]?

    /// How many people must agree before the wave begins.
    package struct Approvals: Codable, Sendable, Hashable {
        package var count: Int?
        package var groups: [String]?
        package var excludeStarter: Bool?

        package init(
            count: Int? = nil,
            groups: [String]? = nil,
            excludeStarter: Bool? = nil
        ) {
            self.count = count
            self.groups = groups
            self.excludeStarter = excludeStarter
        }
    }

    /// What is said of one server of the wave.
    package struct ServerChoice: Codable, Sendable, Hashable {
        package var serverId: SourceServerID
        package var impact: Wave.Impact?
        package var recoverySnapshotId: RecoverySnapshotID?

        package init(
            serverId: SourceServerID,
            impact: Wave.Impact? = nil,
            recoverySnapshotId: RecoverySnapshotID? = nil
        ) {
            self.serverId = serverId
            self.impact = impact
            self.recoverySnapshotId = recoverySnapshotId
        }
    }

    package init(
        waveNumber: Int,
        name: String? = nil,
        description: String? = nil,
        protectionGroupIds: [ProtectionGroup.ID],
        serverIds: [SourceServerID]? = nil,
        dependsOnWaves: [Int]? = nil,
        pauseBeforeWave: Bool? = nil,
        timeoutMinutes: Int? = nil,
        onFailure: Wave.FailurePolicy? = nil,
        approvals: Approvals? = nil,
        servers: [ServerChoice]? = nil
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
}

extension Wave {
    /// The wave of the domain, with the defaults filled in.
    package init(_ body: WaveBody) {
        self.init(
            waveNumber: body.waveNumber,
            name: body.name ?? "Wave \(body.waveNumber + 1)",
            description: body.description ?? "",
            protectionGroupIds: body.protectionGroupIds,
            serverIds: body.serverIds ?? [],
            dependsOnWaves: body.dependsOnWaves ?? [],
            pauseBeforeWave: body.pauseBeforeWave ?? false,
            timeoutMinutes: body.timeoutMinutes ?? Limits.defaultTimeoutMinutes,
            onFailure: body.onFailure ?? .stop,
            approvals: body.approvals.map {
                ApprovalRule(
                    count: $0.count ?? 1,
                    groups: $0.groups ?? [],
                    excludeStarter: $0.excludeStarter ?? true
                )
            },
            servers: (body.servers ?? []).map {
                ServerChoice(
                    serverId: $0.serverId,
                    impact: $0.impact ?? .critical,
                    recoverySnapshotId: $0.recoverySnapshotId
                )
            }
        )
    }
}

extension WaveView {
    package init(_ wave: Wave) {
        self.init(
            waveNumber: wave.waveNumber,
            name: wave.name,
            description: wave.description,
            protectionGroupIds: wave.protectionGroupIds,
            serverIds: wave.serverIds,
            dependsOnWaves: wave.dependsOnWaves,
            pauseBeforeWave: wave.pauseBeforeWave,
            timeoutMinutes: wave.timeoutMinutes,
            onFailure: wave.onFailure,
            approvals: wave.approvals,
            servers: wave.servers.map {
                ServerChoiceView(
                    serverId: $0.serverId,
                    impact: $0.impact,
                    recoverySnapshotId: $0.recoverySnapshotId
                )
            }
        )
    }
}
