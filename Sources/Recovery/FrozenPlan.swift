internal import Ambient

/// A plan with every choice made: what an execution does from its start to its end, whatever is edited meanwhile.
///
/// Servers are resolved, recovery points pinned where asked, order and timeouts fixed: no choice is left for later, so
/// that a drill shows what a recovery will do.
package struct FrozenPlan: Sendable, Hashable, Codable {
    package var planId: RecoveryPlan.ID
    package var planName: String
    package var planRevision: Int
    package var ordering: RecoveryPlan.Ordering
    package var recoveryTimeObjectiveMinutes: Int?
    package var recoveryPointObjectiveSeconds: Int?
    package var waves: [FrozenWave]
    /// Where an account and Region (`account/region`) allows another number of servers in a job than DRS's 100.
    package var serversPerJob: [String: Int]

    package init(
        planId: RecoveryPlan.ID,
        planName: String,
        planRevision: Int,
        ordering: RecoveryPlan.Ordering,
        recoveryTimeObjectiveMinutes: Int? = nil,
        recoveryPointObjectiveSeconds: Int? = nil,
        waves: [FrozenWave],
        serversPerJob: [String: Int] = [:]
    ) {
        self.planId = planId
        self.planName = planName
        self.planRevision = planRevision
        self.ordering = ordering
        self.recoveryTimeObjectiveMinutes = recoveryTimeObjectiveMinutes
        self.recoveryPointObjectiveSeconds = recoveryPointObjectiveSeconds
        self.waves = waves
        self.serversPerJob = serversPerJob
    }

    package var servers: [FrozenServer] {
        waves.flatMap(\.servers)
    }

    package var places: Set<Place> {
        Set(servers.map(\.place))
    }
}

/// A wave with its servers resolved.
package struct FrozenWave: Sendable, Hashable, Codable {
    package var waveNumber: Int
    package var name: String
    /// Every wave that must be settled before this one begins; under SEQUENTIAL the one before it too.
    package var dependsOnWaves: [Int]
    package var pauseBeforeWave: Bool
    package var timeoutMinutes: Int
    package var onFailure: Wave.FailurePolicy
    package var approvals: Wave.ApprovalRule?
    package var servers: [FrozenServer]

    package init(
        waveNumber: Int,
        name: String,
        dependsOnWaves: [Int] = [],
        pauseBeforeWave: Bool = false,
        timeoutMinutes: Int = Limits.defaultTimeoutMinutes,
        onFailure: Wave.FailurePolicy = .stop,
        approvals: Wave.ApprovalRule? = nil,
        servers: [FrozenServer]
    ) {
        self.waveNumber = waveNumber
        self.name = name
        self.dependsOnWaves = dependsOnWaves
        self.pauseBeforeWave = pauseBeforeWave
        self.timeoutMinutes = timeoutMinutes
        self.onFailure = onFailure
        self.approvals = approvals
        self.servers = servers
    }
}

/// A server as it will be launched.
package struct FrozenServer: Sendable, Hashable, Codable {
    package var sourceServerId: SourceServerID
    package var hostname: String
    package var place: Place
    package var impact: Wave.Impact
    package var recoverySnapshotId: RecoverySnapshotID?

    package init(
        sourceServerId: SourceServerID,
        hostname: String,
        place: Place,
        impact: Wave.Impact = .critical,
        recoverySnapshotId: RecoverySnapshotID? = nil
    ) {
        self.sourceServerId = sourceServerId
        self.hostname = hostname
        self.place = place
        self.impact = impact
        self.recoverySnapshotId = recoverySnapshotId
    }
}
