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

        package init(code: String, text: String) {
            self.code = code
            self.text = text
        }
    }

    package var state: State
    package var reasons: [Reason]

    package init(state: State, reasons: [Reason] = []) {
        self.state = state
        self.reasons = reasons
    }
}

extension SourceServer {
    /// What the inventory alone says about launching this server now.
    ///
    /// DRS takes a launch in lag or stall once the first sync is complete (DRS user guide, "Preparing for failover"), so
    /// those states are warned about and only a server without any recovery point is not ready.
    package var readiness: Readiness { Self.readiness(inReplication: replicationState) }

    /// The same of any server in a replication state.
    package static func readiness(inReplication replicationState: String) -> Readiness {
        switch replicationState {
        case "CONTINUOUS", "RESCAN", "BACKLOG", "CREATING_SNAPSHOT":
            Readiness(state: .ready)
        case "STALLED", "DISCONNECTED", "PAUSED":
            Readiness(
                state: .needsCheck,
                reasons: [
                    .init(
                        code: "REPLICATION_\(replicationState)",
                        text: "Replication is \(replicationState): a launch uses the last consistent recovery point."
                    )
                ]
            )
        default:
            Readiness(
                state: .notReady,
                reasons: [
                    .init(
                        code: "NO_RECOVERY_POINT",
                        text: "Replication is \(replicationState): there is no complete copy to launch from yet."
                    )
                ]
            )
        }
    }
}
