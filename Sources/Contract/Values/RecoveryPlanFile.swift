internal import Ambient
package import Recovery

/// A plan as it is written to a file: the body that would make it, but for its groups, which stand by name, so that
/// another hub can read it.
package struct RecoveryPlanFile: Codable, Sendable, Hashable {
    package var planName: String
    package var description: String?
    package var ordering: RecoveryPlan.Ordering?
    package var recoveryTimeObjectiveMinutes: Int?
    package var recoveryPointObjectiveSeconds: Int?
    package var owner: String?
    package var application: String?
    package var waves: [FileWave]

    /// A wave in the file.
    package struct FileWave: Codable, Sendable, Hashable {
        package var waveNumber: Int
        package var name: String?
        package var description: String?
        /// The groups' names; their identifiers are read too.
        package var protectionGroupIds: [String]
        package var serverIds: [SourceServerID]?
        package var dependsOnWaves: [Int]?
        package var pauseBeforeWave: Bool?
        package var timeoutMinutes: Int?
        package var onFailure: Wave.FailurePolicy?
        package var approvals: WaveBody.Approvals?
        package var servers: [WaveBody.ServerChoice]?
    }

    /// The plan as a file.
    ///
    /// - Parameters:
    ///   - plan: The whole plan.
    ///   - names: What its groups are called; one without a name stands by its identifier.
    package init(_ plan: RecoveryPlanView, names: [ProtectionGroup.ID: String]) {
        planName = plan.planName
        description = plan.description
        ordering = plan.ordering
        recoveryTimeObjectiveMinutes = plan.recoveryTimeObjectiveMinutes
        recoveryPointObjectiveSeconds = plan.recoveryPointObjectiveSeconds
        owner = plan.owner
        application = plan.application
        waves = plan.waves.map { FileWave($0, names: names) }
    }

    /// The body that makes the plan.
    ///
    /// - Parameter groups: The groups of each wave, in the order of the waves.
    /// - Returns: The body.
    package func body(groups: [[ProtectionGroup.ID]]) -> RecoveryPlanBody {
        RecoveryPlanBody(
            planName: planName,
            description: description,
            ordering: ordering,
            recoveryTimeObjectiveMinutes: recoveryTimeObjectiveMinutes,
            recoveryPointObjectiveSeconds: recoveryPointObjectiveSeconds,
            owner: owner,
            application: application,
            waves: zip(waves, groups).map { $0.body(groups: $1) }
        )
    }
}

extension RecoveryPlanFile.FileWave {
    init(_ wave: WaveView, names: [ProtectionGroup.ID: String]) {
        self.init(
            waveNumber: wave.waveNumber,
            name: wave.name,
            description: wave.description,
            protectionGroupIds: wave.protectionGroupIds.map { names[$0] ?? $0.description },
            serverIds: wave.serverIds,
            dependsOnWaves: wave.dependsOnWaves,
            pauseBeforeWave: wave.pauseBeforeWave,
            timeoutMinutes: wave.timeoutMinutes,
            onFailure: wave.onFailure,
            approvals: wave.approvals.map {
                .init(count: $0.count, groups: $0.groups, excludeStarter: $0.excludeStarter)
            },
            servers: wave.servers.map {
                .init(serverId: $0.serverId, impact: $0.impact, recoverySnapshotId: $0.recoverySnapshotId)
            }
        )
    }

    fileprivate func body(groups: [ProtectionGroup.ID]) -> WaveBody {
        WaveBody(
            waveNumber: waveNumber,
            name: name,
            description: description,
            protectionGroupIds: groups,
            serverIds: serverIds,
            dependsOnWaves: dependsOnWaves,
            pauseBeforeWave: pauseBeforeWave,
            timeoutMinutes: timeoutMinutes,
            onFailure: onFailure,
            approvals: approvals,
            servers: servers
        )
    }
}
