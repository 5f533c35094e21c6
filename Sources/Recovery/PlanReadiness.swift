package import Ambient

/// What the database knows about a plan's servers now, in numbers: enough to say whether the plan could be started.
package struct PlanFacts: Sendable, Hashable {
    /// How many servers are in each replication state; the empty text stands for those the inventory does not know.
    package var serversByState: [String: Int]
    /// Servers that the plan lists but that are in none of its groups any more.
    package var strays: Int
    /// The numbers of waves that have no server now.
    package var emptyWaves: [Int]
    /// Servers that the tags of the plan's groups pick but that other groups hold.
    package var groupConflicts: Int

    package init(serversByState: [String: Int], strays: Int, emptyWaves: [Int], groupConflicts: Int) {
        self.serversByState = serversByState
        self.strays = strays
        self.emptyWaves = emptyWaves
        self.groupConflicts = groupConflicts
    }

    package var totalServers: Int { serversByState.values.reduce(0, +) }
}

extension PlanFacts {
    /// Whether the plan could be recovered now, as far as the inventory shows.
    ///
    /// It is never `VERIFIED` by this alone: that takes a validation, which asks everything that a start asks.
    package var readiness: Readiness {
        let reasons = blocking
        guard reasons.isEmpty else { return Readiness(state: .notReady, reasons: reasons) }
        return Readiness(state: .needsCheck, reasons: warnings)
    }

    /// What would make a start refused, or sure to fail.
    package var blocking: [Readiness.Reason] {
        var reasons: [Readiness.Reason] = []
        if groupConflicts > 0 {
            reasons.append(
                .init(
                    code: Refusal.Code.serverAssigned.rawValue,
                    text: "\(Self.servers(groupConflicts)) picked by tags belong to other protection groups."
                )
            )
        }
        if let unknown = serversByState[""], unknown > 0 {
            reasons.append(
                .init(
                    code: Refusal.Code.unknownServer.rawValue,
                    text: "\(Self.servers(unknown)) of the plan are not in the inventory any more."
                )
            )
        }
        if strays > 0 {
            reasons.append(
                .init(
                    code: "SERVER_NOT_IN_GROUP",
                    text: "\(Self.servers(strays)) that the plan lists are in none of its protection groups any more."
                )
            )
        }
        if totalServers == 0 {
            reasons.append(.init(code: "NO_SERVERS", text: "There is no server to recover: the groups are empty."))
        }
        return reasons + reasonsOfReplication(in: .notReady)
    }

    /// What is worth knowing before a start, though it would be accepted.
    package var warnings: [Readiness.Reason] {
        guard totalServers > 0, !emptyWaves.isEmpty else { return reasonsOfReplication(in: .needsCheck) }
        let numbers = emptyWaves.map(String.init).joined(separator: ", ")
        let empty = Readiness.Reason(code: "WAVE_EMPTY", text: "There is no server in wave \(numbers).")
        return [empty] + reasonsOfReplication(in: .needsCheck)
    }

    private func reasonsOfReplication(in state: Readiness.State) -> [Readiness.Reason] {
        serversByState.filter { !$0.key.isEmpty }.sorted { $0.key < $1.key }.flatMap { replication, count in
            let readiness = SourceServer.readiness(inReplication: replication)
            guard readiness.state == state else { return [Readiness.Reason]() }
            return readiness.reasons.map { .init(code: $0.code, text: "\(Self.servers(count)): \($0.text)") }
        }
    }

    private static func servers(_ count: Int) -> String {
        count == 1 ? "1 server" : "\(count) servers"
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
