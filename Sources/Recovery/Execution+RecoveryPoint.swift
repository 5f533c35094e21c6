internal import Ambient

/// What a server is launched from.
package enum RecoveryPoint: Sendable, Hashable {
    /// Its data as they are when the launch begins.
    case latest
    case pinned(RecoverySnapshotID)

    private static let latestLabel = "LATEST"

    package init(_ snapshot: RecoverySnapshotID?) {
        self = snapshot.map(Self.pinned) ?? .latest
    }

    /// Reads the label; nil for what is none.
    package init?(label: String) {
        if label == Self.latestLabel {
            self = .latest
        } else {
            guard let snapshot = RecoverySnapshotID(rawValue: label) else { return nil }
            self = .pinned(snapshot)
        }
    }

    /// `LATEST`, or the recovery point's identifier.
    package var label: String {
        snapshot?.rawValue ?? Self.latestLabel
    }

    package var snapshot: RecoverySnapshotID? {
        switch self {
        case .latest: nil
        case .pinned(let snapshot): snapshot
        }
    }
}

/// Another recovery point for a server that is not started, while the others go on.
extension Execution {
    /// What a server will be, or was, launched from: what a person chose, else what the plan says.
    package func recoveryPoint(of id: SourceServerID) -> RecoveryPoint {
        guard let run = server(id) else { return .latest }
        if let chosen = run.recoveryPoint { return chosen }
        let frozen = plan.waves[run.waveNumber].servers.first { $0.sourceServerId == id }
        return RecoveryPoint(frozen?.recoverySnapshotId)
    }

    /// The queued job that has the server, if one has.
    package func queuedJob(of id: SourceServerID) -> JobRun? {
        jobs.values.first { $0.state == .queued && $0.servers.contains(id) }
    }

    /// Why the server's recovery point cannot be replaced; nil when it can.
    ///
    /// A queued server's can as long as no spoke has its launch, which only the database knows.
    func recoveryPointRefusal(of id: SourceServerID) -> Refusal? {
        if let refusal = reopeningRefusal { return refusal }
        guard let run = server(id) else {
            return Refusal(.unknownServer, "\(id) is no server of this execution.", .servers([id]))
        }
        switch run.status {
        case .pending, .queued, .failed: return nil
        // It comes back when what stopped its wave is mended.
        case .cancelled where control.isStopped: return nil
        case .inProgress, .launched, .skipped, .cancelled: return Self.started(id, "it is \(run.status.rawValue)")
        }
    }

    /// The launch of a server can no longer be changed.
    package static func started(_ id: SourceServerID, _ why: String) -> Refusal {
        Refusal(.serverStarted, "The recovery point of \(id) cannot be replaced any more: \(why).", .servers([id]))
    }

    mutating func replaceRecoveryPoint(
        of id: SourceServerID,
        by snapshot: RecoverySnapshotID?,
        person: String,
        reason: String,
        _ outcome: inout Outcome
    ) {
        let chosen = RecoveryPoint(snapshot)
        guard recoveryPointRefusal(of: id) == nil, let position = positions[id], recoveryPoint(of: id) != chosen else {
            return
        }
        servers[position].recoveryPoint = chosen
        outcome.servers.insert(position)
        outcome.journal.append(
            JournalEntry(
                .recoveryPointReplaced,
                by: person,
                waveNumber: servers[position].waveNumber,
                sourceServerId: id,
                label: chosen.label,
                text: reason
            )
        )
        if let job = queuedJob(of: id) { outcome.effects.append(.rewrite(job.key)) }
    }
}
