/// What a caller may do; one call of the API needs one of these.
package enum Permission: String, Sendable, CaseIterable, Codable {
    case viewResources = "ViewResources"
    case createProtectionGroup = "CreateProtectionGroup"
    case updateProtectionGroup = "UpdateProtectionGroup"
    case deleteProtectionGroup = "DeleteProtectionGroup"
    case createRecoveryPlan = "CreateRecoveryPlan"
    case updateRecoveryPlan = "UpdateRecoveryPlan"
    case deleteRecoveryPlan = "DeleteRecoveryPlan"
    case executeRecovery = "ExecuteRecovery"
    case manageExecution = "ManageExecution"
    case terminateInstances = "TerminateInstances"
    case manageAccounts = "ManageAccounts"
}

/// A role as Cognito's groups name it; a caller's permissions are the union of its roles'.
package enum Role: String, Sendable, CaseIterable, Codable {
    case admin = "DRSOrchestrationAdmin"
    case recoveryManager = "DRSRecoveryManager"
    case planManager = "DRSPlanManager"
    case recoveryOperator = "DRSOperator"
    case readOnly = "DRSReadOnly"

    package var permissions: Set<Permission> {
        switch self {
        case .admin: Set(Permission.allCases)
        case .recoveryManager: [.viewResources, .executeRecovery, .manageExecution, .terminateInstances]
        case .planManager:
            [.viewResources, .createProtectionGroup, .updateProtectionGroup, .createRecoveryPlan, .updateRecoveryPlan]
        case .recoveryOperator: [.viewResources, .executeRecovery]
        case .readOnly: [.viewResources]
        }
    }

    /// The role that a client-credentials scope stands for.
    package init?(scope: String) {
        switch scope {
        case "muster/read": self = .readOnly
        case "muster/operate": self = .recoveryManager
        case "muster/admin": self = .admin
        default: return nil
        }
    }
}
