package import Ambient
package import Contract
package import Logging

/// Performs commands, each in a task of its own, and drops those whose term no longer holds.
package final class Workbench: Sendable {
    /// Commands that may wait between the stream and the bench; they are leased, so that the hub bounds them too.
    package static let waiting = 1000

    /// Works that have ended are remembered, so that one that comes again is not performed again; this many at most.
    package static let remembered = 4096

    private struct Running: Sendable {
        let term: Int
        var isDropped = false
        var hasEnded = false
    }

    private let performers: Performers
    private let outbox: Watched<Outbox>
    private let ambient: Ambient
    private let logger: Logger
    private let running = Watched<[AgentCommand.ID: Running]>([:])

    package init(performers: Performers, outbox: Watched<Outbox>, ambient: Ambient, logger: Logger) {
        self.performers = performers
        self.outbox = outbox
        self.ambient = ambient
        self.logger = logger
    }

    /// What is being performed.
    package var held: [Outbox.Work] {
        running.value.filter { !$0.value.hasEnded && !$0.value.isDropped }.map {
            Outbox.Work(commandId: $0.key, term: $0.value.term)
        }
    }

    /// How many commands are being performed.
    package var count: Int { running.value.values.count { !$0.hasEnded } }

    /// Runs until the commands end or the task is cancelled.
    package func run(_ commands: AsyncStream<Received>) async {
        await withDiscardingTaskGroup { group in
            for await received in commands where admits(received.command) {
                group.addTask { [self] in await perform(received) }
            }
            group.cancelAll()
        }
    }

    /// Stops performing a work, if it is being performed.
    package func drop(_ work: Outbox.Work) {
        running.change { running in
            if running[work.commandId]?.term == work.term { running[work.commandId]?.isDropped = true }
        }
    }

    /// Whether a command is new, or newer than what runs under its identifier; that one is then dropped.
    private func admits(_ command: AgentCommand) -> Bool {
        running.change { running in
            guard (running[command.commandId]?.term ?? Int.min) < command.term else { return false }
            if running.count >= Self.remembered { running = running.filter { !$0.value.hasEnded } }
            running[command.commandId] = Running(term: command.term)
            return true
        }
    }

    private struct Dropped: Error {}

    private func perform(_ received: Received) async {
        let (command, outbox) = (received.command, outbox)
        let reporter = Reporter(command: command, outbox: outbox, time: ambient.time)
        logger.info("command begun", metadata: command.facts)
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { [performers] in try await performers.perform(received, reporter: reporter) }
                group.addTask { [running] in try await Self.waitForDrop(of: command, in: running) }
                defer { group.cancelAll() }
                try await group.next()
            }
            logger.info("command ended", metadata: command.facts)
        } catch is Dropped {
            logger.info("command dropped", metadata: command.facts)
        } catch {
            await conclude(error, of: command, reporter: reporter)
        }
        running.change { running in
            if running[command.commandId]?.term == command.term { running[command.commandId]?.hasEnded = true }
        }
        outbox.change { $0.finish(command.reported) }
    }

    private static func waitForDrop(
        of command: AgentCommand,
        in running: Watched<[AgentCommand.ID: Running]>
    ) async throws {
        try await running.when { running in
            guard let entry = running[command.commandId], entry.term == command.term, !entry.isDropped else {
                return true
            }
            return nil
        }
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
