internal import Ambient

/// A group as the planner needs it: who is in it now, and which of its tags' servers another group holds.
package struct GroupMembership: Sendable, Hashable {
    package var groupId: ProtectionGroup.ID
    package var groupName: String
    package var place: Place
    package var members: [SourceServerID]
    package var conflicts: [Refusal.Assignment]

    package init(
        groupId: ProtectionGroup.ID,
        groupName: String,
        place: Place,
        members: [SourceServerID],
        conflicts: [Refusal.Assignment]
    ) {
        self.groupId = groupId
        self.groupName = groupName
        self.place = place
        self.members = members
        self.conflicts = conflicts
    }
}

extension RecoveryPlan {
    /// Makes every choice now: the planner.
    ///
    /// - Parameters:
    ///   - groups: every group that the plan's waves name.
    ///   - inventory: what is known of their members; a server that left the inventory is not in it.
    ///   - serversPerJob: exceptions from DRS's 100 servers a job, by account and Region.
    /// - Returns: what an execution needs, and nothing that can change.
    /// - Throws: `Refusal` when a server is gone, taken by another group, or when there is nothing to recover.
    package func frozen(
        groups: [ProtectionGroup.ID: GroupMembership],
        inventory: [SourceServerID: SourceServer],
        serversPerJob: [Place: Int] = [:]
    ) throws(Refusal) -> FrozenPlan {
        let stolen = waves.flatMap(\.protectionGroupIds).compactMap { groups[$0] }.flatMap(\.conflicts)
        guard stolen.isEmpty else {
            throw Refusal(
                .serverAssigned,
                "Servers that the tags of this plan's groups pick belong to other groups.",
                .assignments(Array(Set(stolen)).sorted { $0.serverId < $1.serverId })
            )
        }
        let members = waves.map { $0.members(of: groups) }
        let missing = Set(members.joined().filter { inventory[$0] == nil })
        guard missing.isEmpty else {
            throw Refusal(
                .unknownServer,
                "DRS no longer shows servers of this plan.",
                .servers(missing.sorted())
            )
        }
        guard members.contains(where: { !$0.isEmpty }) else {
            throw Refusal(.ruleBroken, "The plan has no server to recover: its groups are empty.")
        }
        return FrozenPlan(
            planId: planId,
            planName: planName,
            planRevision: revision,
            ordering: ordering,
            recoveryTimeObjectiveMinutes: recoveryTimeObjectiveMinutes,
            recoveryPointObjectiveSeconds: recoveryPointObjectiveSeconds,
            waves: zip(waves, members).map { wave, members in
                wave.frozen(members.compactMap { inventory[$0] }, ordering: ordering)
            },
            serversPerJob: Dictionary(uniqueKeysWithValues: serversPerJob.map { ($0.key.description, $0.value) })
        )
    }
}

extension Wave {
    /// The wave's servers: those it lists, else every member of its groups in the groups' order.
    package func members(of groups: [ProtectionGroup.ID: GroupMembership]) -> [SourceServerID] {
        guard serverIds.isEmpty else { return serverIds }
        return protectionGroupIds.flatMap { groups[$0]?.members ?? [] }
    }

    fileprivate func frozen(_ servers: [SourceServer], ordering: RecoveryPlan.Ordering) -> FrozenWave {
        let choices = Dictionary(self.servers.map { ($0.serverId, $0) }, uniquingKeysWith: { first, _ in first })
        let previous = ordering == .sequential && waveNumber > 0 ? [waveNumber - 1] : []
        return FrozenWave(
            waveNumber: waveNumber,
            name: name,
            dependsOnWaves: Set(dependsOnWaves + previous).sorted(),
            pauseBeforeWave: pauseBeforeWave,
            timeoutMinutes: timeoutMinutes,
            onFailure: onFailure,
            approvals: approvals,
            servers: servers.map { server in
                FrozenServer(
                    sourceServerId: server.sourceServerId,
                    hostname: server.hostname,
                    place: server.place,
                    impact: choices[server.sourceServerId]?.impact ?? .critical,
                    recoverySnapshotId: choices[server.sourceServerId]?.recoverySnapshotId
                )
            }
        )
    }
}
