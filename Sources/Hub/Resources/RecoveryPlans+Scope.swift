internal import Ambient
internal import Contract
internal import PostgreSQL
internal import Recovery
internal import Store

extension Resources {
    /// The plans as the caller may see them: groups and servers of other accounts are counted only.
    func shown(_ plans: [RecoveryPlanView], to context: CallContext) async throws -> [RecoveryPlanView] {
        guard let scope = context.scope else { return plans }
        let named = Set(plans.flatMap { $0.waves.flatMap(\.protectionGroupIds) }).sorted()
        let groups = try await pool.run(RecoveryPlan.groups(among: named, within: scope))
        let visible = VisibleMembers(groups)
        return plans.map { $0.shown(visible) }
    }
}

/// Groups of accounts that the caller may see, with their members; whatever is not among them is outside.
struct VisibleMembers {
    let groups: Set<ProtectionGroup.ID>
    let servers: Set<SourceServerID>

    init(_ groups: [(group: ProtectionGroup.ID, members: [SourceServerID])]) {
        self.groups = Set(groups.map(\.group))
        servers = Set(groups.flatMap(\.members))
    }
}

extension RecoveryPlanView {
    fileprivate func shown(_ visible: VisibleMembers) -> RecoveryPlanView {
        var shown = self
        shown.waves = waves.map { $0.shown(visible) }
        shown.conflictInfo?.conflictingServers.removeAll { !visible.servers.contains($0) }
        return shown
    }
}

extension WaveView {
    func shown(_ visible: VisibleMembers) -> WaveView {
        var shown = self
        shown.protectionGroupIds.removeAll { !visible.groups.contains($0) }
        shown.serverIds.removeAll { !visible.servers.contains($0) }
        shown.servers.removeAll { !visible.servers.contains($0.serverId) }
        shown.outsideScope =
            OutsideScope(
                servers: serverIds.count - shown.serverIds.count,
                groups: protectionGroupIds.count - shown.protectionGroupIds.count
            ).ifAny
        return shown
    }
}
