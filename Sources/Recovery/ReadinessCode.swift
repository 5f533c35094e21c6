/// Why a plan is not VERIFIED, or what is worth knowing of one that is; listed in `Docs/Errors.md`.
///
/// In the order in which a plan shows them: faults, doubts, remarks.
package enum ReadinessCode: String, Sendable, CaseIterable {
    case ruleBroken = "RULE_BROKEN"
    case noServers = "NO_SERVERS"
    case serverNotInGroup = "SERVER_NOT_IN_GROUP"
    case serverAssigned = "SERVER_ASSIGNED"
    case unknownServer = "UNKNOWN_SERVER"
    case noSpoke = "NO_SPOKE"
    case accessDenied = "ACCESS_DENIED"
    case quotaImpossible = "QUOTA_IMPOSSIBLE"
    case serverConflict = "SERVER_CONFLICT"
    case noRecoveryPoint = "NO_RECOVERY_POINT"
    case replicationStalled = "REPLICATION_STALLED"
    case replicationDisconnected = "REPLICATION_DISCONNECTED"
    case lagOverObjective = "LAG_OVER_OBJECTIVE"
    case recoveryPointGone = "RECOVERY_POINT_GONE"
    case launchConfigurationMissing = "LAUNCH_CONFIGURATION_MISSING"
    case notChecked = "NOT_CHECKED"
    case replicationPaused = "REPLICATION_PAUSED"
    case inventoryOld = "INVENTORY_OLD"
    case accessNotChecked = "ACCESS_NOT_CHECKED"
    case serverNotChecked = "SERVER_NOT_CHECKED"
    case trustTooWide = "TRUST_TOO_WIDE"
    case waveEmpty = "WAVE_EMPTY"

    /// What a reason means for the plan.
    package enum Weight: Sendable, Hashable {
        /// The plan is NOT_READY: somebody has something to mend, or to wait for.
        case fault
        /// The plan is NEEDS_CHECK: something is not known, or a person should look whether it is meant so.
        case doubt
        /// Worth knowing; the plan stays VERIFIED.
        case remark
    }

    package var weight: Weight {
        switch self {
        case .ruleBroken, .noServers, .serverNotInGroup, .serverAssigned, .unknownServer, .noSpoke, .accessDenied,
            .quotaImpossible, .serverConflict, .noRecoveryPoint, .replicationStalled, .replicationDisconnected,
            .lagOverObjective, .recoveryPointGone, .launchConfigurationMissing:
            .fault
        case .notChecked, .replicationPaused, .inventoryOld, .accessNotChecked, .serverNotChecked: .doubt
        case .trustTooWide, .waveEmpty: .remark
        }
    }

    /// What a person does about it.
    package var whatToDo: String {
        switch self {
        case .notChecked: "Nothing: the check comes by itself within seconds."
        case .ruleBroken: "Edit the plan: validate names each place."
        case .noServers: "Put servers into the plan's protection groups, or check their tags."
        case .serverNotInGroup: "Put the servers back into their groups, or take them out of the plan."
        case .serverAssigned: "Take the servers out of the other groups, or change the tags."
        case .unknownServer: "Install the DRS agent again, or take the servers out of their groups."
        case .noSpoke: "Start a spoke that serves the account and Region, and look at its log."
        case .accessDenied: "Add the actions to the role's policy; muster account validate shows when they are there."
        case .quotaImpossible: "Raise the quota in the Service Quotas console."
        case .serverConflict: "Wait for its end, or end it."
        case .noRecoveryPoint: "Wait for the end of the initial sync; if it does not end, look at the server in DRS."
        case .replicationStalled: "Look at the server in DRS: it names why replication is stalled."
        case .replicationDisconnected: "Start the DRS agent on the source server, or mend its network."
        case .lagOverObjective: "Look for what slows replication down, or choose a longer objective."
        case .recoveryPointGone: "Choose another recovery point in the plan, or none for the latest data."
        case .launchConfigurationMissing: "Open the server's launch settings in DRS and save them."
        case .replicationPaused: "Resume replication in DRS, if the pause is not meant."
        case .inventoryOld: "Look at the spoke's log and at AWS's health: the inventory is read every minute."
        case .accessNotChecked: "Nothing, if a spoke has just come; else look at its log."
        case .serverNotChecked: "Nothing, if the plan is new; else look at the spoke's log."
        case .trustTooWide: "Make the role's trust policy ask for the external ID."
        case .waveEmpty: "Nothing, if it is meant; else put servers into the wave's groups."
        }
    }
}
