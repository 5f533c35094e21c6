internal import Ambient
internal import Recovery

/// What is looked at after every commit, beside the laws of single events.
extension World {
    mutating func check(_ turn: Turn, _ row: Tables.Row) {
        checkClaims(of: turn.index, row.execution)
        checkStored(turn, row.execution)
        // What the replicas make of the rows after a crash is what was there.
        if dice.happens(0.02), Self.restored(row.execution) != row.execution {
            breach(.stored, "execution \(turn.index), \(row.execution.status)")
        }
    }

    private mutating func checkClaims(of index: Int, _ execution: Execution) {
        let held = execution.servers.count { tables.claims[$0.sourceServerId] == index }
        if execution.phase != .ended {
            if held != execution.servers.count { breach(.servers, "\(execution.status) without all of its servers") }
        } else if execution.control.cleanUp?.state != .running, held > 0 {
            breach(.servers, "\(execution.status) with \(held) servers of its own")
        }
    }

    /// A settled server is as it was in the row before the turn too, whatever copy the turn worked on.
    private mutating func checkStored(_ turn: Turn, _ after: Execution) {
        for (old, new) in zip(turn.before.servers, after.servers)
        where old.status == .launched && new.status != .launched {
            breach(.settledServer, "\(old.sourceServerId): \(old.status) became \(new.status) in the rows")
        }
    }

    /// No server is in two executions that go on.
    mutating func checkExecutions() {
        var users: [SourceServerID: Int] = [:]
        for index in tables.rows.indices {
            guard let execution = tables.rows[index]?.execution, execution.phase != .ended else { continue }
            for server in execution.servers {
                if let other = users.updateValue(index, forKey: server.sourceServerId) {
                    breach(.oneExecution, "\(server.sourceServerId) is in executions \(other) and \(index)")
                }
            }
        }
    }

    /// Every journal, from its first event on.
    mutating func checkJournals() {
        for row in tables.rows.compactMap(\.self) {
            var previous = Self.root
            for (number, fact) in row.journal.enumerated() {
                let hash = Self.hash(of: fact.entry, sequence: fact.sequence, previous: previous, at: fact.at)
                if fact.sequence != number + 1 || fact.previous != previous || fact.hash != hash {
                    return breach(.journal, "the chain breaks at event \(number + 1)")
                }
                previous = hash
            }
            if row.head.hash != previous { breach(.journal, "the head is not the hash of the last event") }
        }
    }

    static func restored(_ old: Execution) -> Execution {
        Execution(
            restoring: .init(
                id: old.id,
                plan: old.plan,
                type: old.type,
                reason: old.reason,
                startedBy: old.startedBy,
                startedAt: old.startedAt,
                declaredAt: old.declaredAt,
                status: old.status,
                endedAt: old.endedAt,
                verdict: old.verdict,
                control: old.control
            ),
            waves: old.waves.map {
                .init(
                    waveNumber: $0.waveNumber,
                    status: $0.status,
                    waitingFor: $0.waitingFor,
                    gate: $0.gate,
                    startedAt: $0.startedAt,
                    endedAt: $0.endedAt
                )
            },
            servers: old.servers,
            jobs: Array(old.jobs.values)
        )
    }
}
