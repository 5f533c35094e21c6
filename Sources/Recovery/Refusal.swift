package import Ambient

/// The domain says no: why, in words for a person, with what the caller needs to act on it.
///
/// A refusal changes nothing. `code` is stable and listed in `Docs/Errors.md`; `status` is the HTTP status it becomes.
package struct Refusal: Error, Sendable, Hashable {
    package let code: Code
    package let detail: String
    package let facts: Facts

    package init(_ code: Code, _ detail: String, _ facts: Facts = .none) {
        self.code = code
        self.detail = detail
        self.facts = facts
    }

    /// What a refusal is about, for programs; each case becomes members of the problem document.
    package enum Facts: Sendable, Hashable {
        case none
        /// `servers`: who holds each server that was asked for.
        case assignments([Assignment])
        /// `plans`: the plans that use the group.
        case plans([PlanReference])
        /// `executionId`: the execution that stands in the way.
        case execution(Identifier<Execution>)
        /// `conflicts`: everything that uses the plan's servers now.
        case conflicts([Conflict])
        /// `serverIds`.
        case servers([SourceServerID])
        /// `cycle`: the waves that wait for each other.
        case cycle([Int])
        /// `errors`: where in the body each broken rule is.
        case pointers([Pointer])
    }

    /// A place in the request's body (RFC 6901) and the rule that it breaks.
    package struct Pointer: Sendable, Hashable {
        package let pointer: String
        package let message: String

        package init(_ pointer: String, _ message: String) {
            self.pointer = pointer
            self.message = message
        }
    }

    /// A server that belongs to a group already.
    package struct Assignment: Sendable, Hashable {
        package let serverId: SourceServerID
        package let groupId: ProtectionGroup.ID
        package let groupName: String

        package init(serverId: SourceServerID, groupId: ProtectionGroup.ID, groupName: String) {
            self.serverId = serverId
            self.groupId = groupId
            self.groupName = groupName
        }
    }

    package struct PlanReference: Sendable, Hashable {
        package let planId: RecoveryPlan.ID
        package let planName: String

        package init(planId: RecoveryPlan.ID, planName: String) {
            self.planId = planId
            self.planName = planName
        }
    }
}

extension Refusal {
    /// The stable codes of refusals.
    package enum Code: String, Sendable, Hashable, CaseIterable {
        case accountInUse = "ACCOUNT_IN_USE"
        case administrationLost = "ADMINISTRATION_LOST"
        case alreadyTerminated = "ALREADY_TERMINATED"
        case cleanUpStarted = "CLEANUP_STARTED"
        case confirmationMissing = "CONFIRMATION_MISSING"
        case deliveryNotDead = "DELIVERY_NOT_DEAD"
        case executionActive = "EXECUTION_ACTIVE"
        case executionCancelling = "EXECUTION_CANCELLING"
        case executionEnded = "EXECUTION_ENDED"
        case groupInActiveExecution = "GROUP_IN_ACTIVE_EXECUTION"
        case groupInUse = "GROUP_IN_USE"
        case nameTaken = "NAME_TAKEN"
        case notFailed = "NOT_FAILED"
        case notPaused = "NOT_PAUSED"
        case notWaitingForApproval = "NOT_WAITING_FOR_APPROVAL"
        case outsideScope = "OUTSIDE_SCOPE"
        case planInActiveExecution = "PLAN_IN_ACTIVE_EXECUTION"
        case ruleBroken = "RULE_BROKEN"
        case serverAssigned = "SERVER_ASSIGNED"
        case serverConflict = "SERVER_CONFLICT"
        case serverStarted = "SERVER_STARTED"
        case terminationInProgress = "TERMINATION_IN_PROGRESS"
        case unknownAccount = "UNKNOWN_ACCOUNT"
        case unknownGroup = "UNKNOWN_GROUP"
        case unknownPlan = "UNKNOWN_PLAN"
        case unknownRegion = "UNKNOWN_REGION"
        case unknownServer = "UNKNOWN_SERVER"
        case waveCycle = "WAVE_CYCLE"
        case waveOrder = "WAVE_ORDER"

        /// The HTTP status of the answer: 409 where the state stands in the way, 422 where a rule does.
        package var status: Int {
            switch self {
            case .accountInUse, .administrationLost, .alreadyTerminated, .cleanUpStarted, .deliveryNotDead,
                .executionActive,
                .executionCancelling, .executionEnded, .groupInActiveExecution, .groupInUse, .nameTaken, .notFailed,
                .notPaused, .notWaitingForApproval, .planInActiveExecution, .serverAssigned, .serverConflict,
                .serverStarted, .terminationInProgress:
                409
            case .outsideScope: 403
            case .confirmationMissing, .ruleBroken, .unknownAccount, .unknownGroup, .unknownPlan, .unknownRegion,
                .unknownServer,
                .waveCycle, .waveOrder:
                422
            }
        }
    }
}
