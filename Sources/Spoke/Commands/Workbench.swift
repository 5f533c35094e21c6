package import Ambient
package import Contract
package import Logging
internal import Logs
package import Recovery

/// Performs commands, each in a task of its own, and drops those whose term no longer holds.
package final class Workbench: Sendable {
    /// Commands that may wait between the stream and the bench; they are leased, so that the hub bounds them too.
    package static let waiting = 1000

    private let performers: Performers
    private let outbox: Watched<Outbox>
    private let ambient: Ambient
    private let logger: Logger
    private let book = Watched(WorkBook<AgentCommand.ID>())

    package init(performers: Performers, outbox: Watched<Outbox>, ambient: Ambient, logger: Logger) {
        self.performers = performers
        self.outbox = outbox
        self.ambient = ambient
        self.logger = logger
    }

    /// What is being performed.
    package var held: [Outbox.Work] { book.value.held }

    /// How many commands are being performed.
    package var count: Int { book.value.count }

    /// Runs until the commands end or the task is cancelled.
    package func run(_ commands: AsyncStream<Received>) async {
        await withDiscardingTaskGroup { group in
            for await received in commands where admits(received) {
                group.addTask { [self] in await perform(received.command) }
            }
            group.cancelAll()
        }
    }

    /// Stops performing a work, if it is being performed.
    package func drop(_ work: Outbox.Work) {
        book.change { $0.drop(work) }
    }

    /// Whether a command is new; one that comes again on another stream is known to be still ours.
    private func admits(_ received: Received) -> Bool {
        book.change { $0.admits(received.command.reported, under: received.lease) }
    }

    private struct Dropped: Error {}

    /// The hub acknowledged a heartbeat that names these works.
    package func renew(_ works: Set<Outbox.Work>, sentAt sent: Duration) {
        let answered = ambient.time.elapsed()
        book.change { $0.renew(works, sentAt: sent, answeredAt: answered) }
    }

    /// Performs a command as a step of its trace: whatever is logged meanwhile says which command and execution it is of.
    private func perform(_ command: AgentCommand) async {
        let trace = command.trace?.child(by: ambient.chance) ?? TraceContext(by: ambient.chance)
        await TraceContext.$current.withValue(trace) {
            await LogFacts.$current.withValue(command.names) { await carryOut(command) }
        }
    }

    private func carryOut(_ command: AgentCommand) async {
        let outbox = outbox
        let reporter = Reporter(command: command, outbox: outbox, time: ambient.time)
        logger.info("command begun", metadata: command.facts)
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { [performers, book] in
                    let lease = { @Sendable in book.value.lease(of: command.reported) }
                    try await performers.perform(command, lease: lease, reporter: reporter)
                }
                group.addTask { [book] in try await Self.waitForDrop(of: command.reported, in: book) }
                defer { group.cancelAll() }
                try await group.next()
            }
            logger.info("command ended", metadata: command.facts)
        } catch is Dropped {
            logger.info("command dropped", metadata: command.facts)
        } catch {
            await conclude(error, of: command, reporter: reporter)
        }
        book.change { $0.end(command.reported) }
        outbox.change { $0.finish(command.reported) }
    }

    private static func waitForDrop(of work: Outbox.Work, in book: Watched<WorkBook<AgentCommand.ID>>) async throws {
        try await book.when { $0.isDropped(work) ? true : nil }
        throw Dropped()
    }

    /// Says why a command could not be performed, unless the spoke is stopping.
    private func conclude(_ error: any Error, of command: AgentCommand, reporter: Reporter) async {
        guard !Task.isCancelled else { return }
        var facts = command.facts
        facts["reason"] = "\(error)"
        logger.warning("command not performed", metadata: facts)
        // Only cancellation is thrown by a report, and then nobody waits for it.
        try? await reporter.report(ProgressEvent(concluding: error))
    }
}

/// A command, and what its coming says of its lease.
package struct Received: Sendable {
    package let command: AgentCommand
    package let lease: GrantedLease

    package init(_ command: AgentCommand, under lease: GrantedLease) {
        self.command = command
        self.lease = lease
    }
}

extension AgentCommand {
    /// What a log line says of a command.
    var facts: Logger.Metadata {
        names.merging(
            ["kind": "\(work.kind.rawValue)", "place": "\(place)", "attempt": "\(attempt)", "term": "\(term)"]
        ) { $1 }
    }

    /// Of which command and of which execution something is.
    var names: Logger.Metadata {
        var names: Logger.Metadata = ["command": "\(commandId)"]
        switch work {
        case .launch(let launch): names["execution"] = "\(launch.executionId)"
        case .terminateInstances(let termination): names["execution"] = "\(termination.executionId)"
        case .syncInventory, .validateAccess, .checkServers, .publish: break
        }
        return names
    }
}
