package import Ambient

/// Whether something could be recovered now, and why not.
package struct Readiness: Sendable, Hashable, Codable {
    package enum State: String, Sendable, Codable, CaseIterable {
        /// Of a server: it can be launched.
        case ready = "READY"
        /// Of a plan: everything was checked and holds.
        case verified = "VERIFIED"
        case needsCheck = "NEEDS_CHECK"
        case notReady = "NOT_READY"
    }

    package struct Reason: Sendable, Hashable, Codable {
        package var code: String
        package var text: String
        /// The servers concerned, the first `namedServers` of them.
        package var serverIds: [SourceServerID]
        /// How many servers are concerned, named or not.
        package var serverCount: Int
        /// The accounts concerned.
        package var accountIds: [AccountNumber]
        /// What a person does about it; empty where nothing has to be done.
        package var whatToDo: String

        package init(
            code: String,
            text: String,
            serverIds: [SourceServerID] = [],
            serverCount: Int? = nil,
            accountIds: [AccountNumber] = [],
            whatToDo: String = ""
        ) {
            self.code = code
            self.text = text
            self.serverIds = serverIds
            self.serverCount = serverCount ?? serverIds.count
            self.accountIds = accountIds
            self.whatToDo = whatToDo
        }
    }

    /// How many servers one reason names: a page of a list holds 200 plans, each with several reasons.
    package static let namedServers = 50

    package var state: State
    package var reasons: [Reason]

    package init(state: State, reasons: [Reason] = []) {
        self.state = state
        self.reasons = reasons
    }
}

extension Readiness.Reason {
    /// The reason as somebody may see it whose scope is some accounts: what lies outside shows as counts only.
    package func seen(within scope: [AccountNumber]?) -> Self {
        guard let scope, !Set(accountIds).isSubset(of: scope) else { return self }
        var reason = self
        reason.serverIds = []
        reason.accountIds = accountIds.filter(scope.contains)
        return reason
    }
}

extension SourceServer {
    /// What the inventory alone says about launching this server now.
    ///
    /// DRS takes a launch in lag or stall once the first sync is complete (DRS user guide, "Preparing for failover"), so
    /// those states are warned about and only a server without any recovery point is not ready. Whether the data would be
    /// recent enough is asked of the plan, which has the objective.
    package var readiness: Readiness {
        let reason: ReadinessCode
        switch replicationState {
        case "CONTINUOUS", "RESCAN", "BACKLOG", "CREATING_SNAPSHOT": return Readiness(state: .ready)
        case "STALLED": reason = .replicationStalled
        case "DISCONNECTED": reason = .replicationDisconnected
        case "PAUSED": reason = .replicationPaused
        default:
            return Readiness(
                state: .notReady,
                reasons: [
                    .init(
                        code: ReadinessCode.noRecoveryPoint.rawValue,
                        text: "Replication is \(replicationState): there is no complete copy to launch from yet.",
                        accountIds: [place.accountId],
                        whatToDo: ReadinessCode.noRecoveryPoint.whatToDo
                    )
                ]
            )
        }
        return Readiness(
            state: .needsCheck,
            reasons: [
                .init(
                    code: reason.rawValue,
                    text: "Replication is \(replicationState): a launch uses the last consistent recovery point.",
                    accountIds: [place.accountId],
                    whatToDo: reason.whatToDo
                )
            ]
        )
    }
}

extension RecoveryPlan {
    /// How old the last drill may be: a quarter, the shortest interval that policies for continuity usually ask for.
    package static let drillInterval = Duration.seconds(90 * 86_400)

    /// Whether a plan should be drilled again, or for the first time.
    package static func isDrillDue(lastDrillAt: Instant?, at now: Instant) -> Bool {
        guard let lastDrillAt else { return true }
        return now - lastDrillAt > drillInterval
    }
}
