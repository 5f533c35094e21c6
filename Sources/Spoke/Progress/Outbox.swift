package import Ambient
package import Contract
package import Recovery

/// The reports that the hub has not acknowledged yet, in the order in which things happened.
///
/// A value: it numbers the reports of each command and term, gives out batches, and forgets what is acknowledged.
package struct Outbox: Sendable {
    /// The work that a report is about: a command under one term.
    package typealias Work = WorkUnderTerm<AgentCommand.ID>

    /// Reports kept, after which whoever has more to say waits.
    ///
    /// Two of each of 5,000 servers fit, at about 300 bytes each.
    package static let capacity = 10_000
    /// Reports of one batch.
    package static let batchReports = 500
    /// Weight of one batch in bytes, roughly: the hub takes bodies of 1 MiB.
    package static let batchWeight = 400_000

    private var reports = UnheardReports<AgentCommand.ID, ProgressReport>()

    package init() {}

    package var count: Int { reports.entries.count }
    package var hasRoom: Bool { reports.entries.count < Self.capacity }
    package var isEmpty: Bool { reports.entries.isEmpty }
    /// The work that there is still something to say of.
    package var works: Set<Work> { reports.works }

    /// The oldest reports that fit into one batch; they stay here until they are acknowledged.
    package var batch: [ProgressReport] {
        var (batch, weight): ([ProgressReport], Int) = ([], 0)
        for entry in reports.entries.prefix(Self.batchReports) {
            weight += entry.report.weight
            guard batch.isEmpty || weight <= Self.batchWeight else { break }
            batch.append(entry.report)
        }
        return batch
    }

    /// Adds what happened as the next report of that work.
    package mutating func append(_ event: ProgressEvent, of work: Work, attempt: Int, at instant: Instant) {
        reports.append(of: work) { sequence in
            ProgressReport(
                commandId: work.commandId,
                attempt: attempt,
                term: work.term,
                sequence: sequence,
                at: instant,
                event: event
            )
        }
    }

    /// Forgets what the hub has stored; whether that was anything.
    @discardableResult
    package mutating func acknowledge(_ acknowledged: [ProgressAcknowledgement.Acknowledged]) -> Bool {
        reports.acknowledge(acknowledged.map { (Work(commandId: $0.commandId, term: $0.term), $0.sequence) })
    }

    /// Forgets everything of a work: its term no longer holds.
    package mutating func drop(_ work: Work) {
        reports.drop(work)
    }

    /// Forgets how far a work was numbered, once nothing more comes of it; its reports stay until acknowledged.
    package mutating func finish(_ work: Work) {
        reports.finish(work)
    }
}

extension AgentCommand {
    package var reported: Outbox.Work { Outbox.Work(commandId: commandId, term: term) }
}

extension ProgressReport {
    package var work: Outbox.Work { Outbox.Work(commandId: commandId, term: term) }

    /// About how many bytes it has as JSON.
    var weight: Int {
        let inner =
            switch event {
            case .jobAccepted(let job): job.sourceServerIds.count * 24
            case .servers(let servers): servers.reduce(0) { $0 + 160 + ($1.error?.utf8.count ?? 0) }
            case .logItems(let items): items.reduce(0) { $0 + 160 + ($1.detail?.utf8.count ?? 0) }
            case .instances(let instances): instances.reduce(0) { $0 + 120 + ($1.error?.utf8.count ?? 0) }
            case .access(let checks): checks.reduce(0) { $0 + 100 + ($1.detail?.utf8.count ?? 0) }
            case .findings(let findings):
                findings.reduce(0) { $0 + 160 + 24 * ($1.foundSnapshotIds.count + $1.goneSnapshotIds.count) }
            case .startDeferred(let problem), .failed(let problem): problem.message.utf8.count
            case .jobEnded, .done: 0
            }
        return 260 + inner
    }
}
