package import Ambient
package import Contract
package import Logging
internal import Recovery

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
            for await received in commands where book.change({ $0.admits(received.command.reported) }) {
                group.addTask { [self] in await perform(received) }
            }
            group.cancelAll()
        }
    }

    /// Stops performing a work, if it is being performed.
    package func drop(_ work: Outbox.Work) {
        book.change { $0.drop(work) }
    }

    private struct Dropped: Error {}

    private func perform(_ received: Received) async {
        let (command, outbox) = (received.command, outbox)
        let reporter = Reporter(command: command, outbox: outbox, time: ambient.time)
        logger.info("command begun", metadata: command.facts)
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { [performers] in try await performers.perform(received, reporter: reporter) }
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

/// A command with the moment it came, from which its lease is judged.
package struct Received: Sendable {
    package let command: AgentCommand
    /// On `CLOCK_BOOTTIME`.
    package let at: Duration

    package init(_ command: AgentCommand, at elapsed: Duration) {
        self.command = command
        self.at = elapsed
    }
}

extension AgentCommand {
    /// What a log line says of a command.
    var facts: Logger.Metadata {
        [
            "command": "\(commandId)", "kind": "\(work.kind.rawValue)", "place": "\(place)", "attempt": "\(attempt)",
            "term": "\(term)",
        ]
    }
}
