internal import Ambient

extension PlanCheck {
    /// What is wrong with single servers, by what the inventory and looks at them say.
    var serverFindings: [Finding] {
        var servers: [ReadinessCode: [SourceServerID]] = [:]
        let pinned = pinned
        for id in self.servers {
            for code in codes(of: id, pinned: pinned[id]) { servers[code, default: []].append(id) }
        }
        var found = servers.map { code, ids in
            Finding(code: code, text: text(of: code, ids), servers: ids)
        }
        if !conflicts.isEmpty {
            let users = conflicts.map { "\($0), which is \($0.status)" }
            let rest = users.count > 3 ? " and \(users.count - 3) more" : ""
            found.append(
                Finding(
                    code: .serverConflict,
                    text: "Servers of the plan are in use by \(users.prefix(3).joined(separator: "; "))\(rest).",
                    servers: Set(conflicts.flatMap(\.serverIds)).sorted()
                )
            )
        }
        return found
    }

    /// The recovery points that the plan pins.
    private var pinned: [SourceServerID: RecoverySnapshotID] {
        var pinned: [SourceServerID: RecoverySnapshotID] = [:]
        for choice in plan.waves.flatMap(\.servers) { pinned[choice.serverId] = choice.recoverySnapshotId }
        return pinned
    }

    /// What is wrong with one server; a server that is gone is only that.
    private func codes(of id: SourceServerID, pinned: RecoverySnapshotID?) -> [ReadinessCode] {
        guard let server = inventory[id] else { return [.unknownServer] }
        var codes: [ReadinessCode] = []
        switch server.replicationState {
        case "CONTINUOUS", "RESCAN", "BACKLOG", "CREATING_SNAPSHOT": break
        case "STALLED": codes.append(.replicationStalled)
        case "DISCONNECTED": codes.append(.replicationDisconnected)
        case "PAUSED": codes.append(.replicationPaused)
        default: codes.append(.noRecoveryPoint)
        }
        if let objective = plan.recoveryPointObjectiveSeconds, let lag = server.lag, lag > .seconds(objective) {
            codes.append(.lagOverObjective)
        }
        // Where no spoke is, nobody can look: the place's own reason says so.
        guard let finding = looks[id] else {
            return places[server.place]?.isServed == true ? codes + [.serverNotChecked] : codes
        }
        if !finding.hasRecoveryPoint, !codes.contains(.noRecoveryPoint) { codes.append(.noRecoveryPoint) }
        if !finding.hasLaunchConfiguration { codes.append(.launchConfigurationMissing) }
        if let pinned {
            if finding.goneSnapshotIds.contains(pinned) {
                codes.append(.recoveryPointGone)
            } else if !finding.foundSnapshotIds.contains(pinned) {
                codes.append(.serverNotChecked)
            }
        }
        return codes
    }

    private func text(of code: ReadinessCode, _ servers: [SourceServerID]) -> String {
        let count = Self.count(servers)
        let are = servers.count == 1 ? "is" : "are"
        let have = servers.count == 1 ? "has" : "have"
        switch code {
        case .unknownServer: return "\(count) of the plan \(are) not in DRS any more."
        case .replicationStalled: return "\(count) \(have) STALLED replication: a launch would use old data."
        case .replicationDisconnected: return "\(count) \(are) DISCONNECTED from DRS: a launch would use old data."
        case .replicationPaused: return "\(count) \(have) PAUSED replication: a launch would use old data."
        case .noRecoveryPoint: return "\(count) \(have) no consistent recovery point to launch from."
        case .lagOverObjective:
            let objective = plan.recoveryPointObjectiveSeconds ?? 0
            let worst = servers.compactMap { inventory[$0]?.lag }.max() ?? .zero
            return "\(count) \(are) up to \(worst.components.seconds) s behind; the plan allows \(objective) s."
        case .launchConfigurationMissing: return "\(count) \(have) no launch configuration in DRS."
        case .recoveryPointGone: return "DRS has the recovery points no longer that the plan pins for \(count)."
        case .serverNotChecked: return "\(count) \(have) not been looked at in DRS lately (launch, recovery points)."
        case .notChecked, .ruleBroken, .noServers, .serverNotInGroup, .serverAssigned, .noSpoke, .accessDenied,
            .quotaImpossible, .serverConflict, .inventoryOld, .accessNotChecked, .trustTooWide, .waveEmpty:
            return count
        }
    }
}
