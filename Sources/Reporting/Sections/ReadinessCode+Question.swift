internal import Recovery

extension ReadinessCode {
    /// What a check asks, with its threshold where it has one.
    var question: String {
        switch self {
        case .ruleBroken: "the plan keeps every rule that it is saved by"
        case .noServers: "the plan has servers"
        case .serverNotInGroup: "each server that a wave names is in one of its groups"
        case .serverAssigned: "no server is another group's"
        case .unknownServer: "DRS knows each server"
        case .noSpoke: "a spoke is connected for each account and Region"
        case .accessDenied: "the role may do everything that a launch needs"
        case .quotaImpossible: "no wave needs more than the quotas of DRS allow"
        case .serverConflict: "nothing else uses the servers"
        case .noRecoveryPoint: "each server has a recovery point"
        case .replicationStalled: "no replication is stalled"
        case .replicationDisconnected: "no replication is disconnected"
        case .lagOverObjective: "no lag is over the plan's recovery point objective"
        case .recoveryPointGone: "each recovery point that the plan names is there"
        case .launchConfigurationMissing: "each server has a launch configuration"
        case .notChecked: "the plan was checked since it was changed"
        case .replicationPaused: "no replication is paused"
        case .inventoryOld: "the inventory was read within its time"
        case .accessNotChecked: "the role's access was checked"
        case .serverNotChecked: "each server's settings were checked"
        case .trustTooWide: "the role's trust policy asks for the external ID"
        case .waveEmpty: "each wave has servers"
        }
    }
}
