internal import Ambient
internal import ArgumentParser
internal import Contract
internal import JSON
internal import Recovery

struct ExecutionEvents: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "List an execution's journal, oldest first, or follow it.",
        discussion: "With --follow and --format json one event a line, each as the API has it."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var list: ListOptions
    @OptionGroup var named: ExecutionArgument
    @Option(help: "Only events after this sequence number.") var after: Int?
    @Flag(name: .shortAndLong, help: "Go on until the execution and its clean-up have ended.") var follow = false

    func validate() throws {
        guard after ?? 0 >= 0 else { throw ValidationError("--after must not be negative.") }
        guard !follow || list.limit == nil else { throw ValidationError("--follow and --limit exclude each other.") }
    }

    func run() async throws {
        try await common.session { session in
            let id = try await session.execution(named.execution)
            if follow { return try await follow(id, session) }
            let call = ListExecutionEvents(executionId: id, after: after)
            session.output.show(try await session.client.every(call, atMost: list.limit))
        }
    }

    private func follow(_ id: Execution.ID, _ session: Session) async throws {
        let follower = Follower(session.client, id, readsJournal: true, after: after ?? 0)
        try await follower.run(every: .seconds(5)) { sight in
            for entry in sight.news {
                if session.output.isQuiet {
                    session.terminal.line(entry.quiet)
                } else if session.output.format == .json {
                    session.terminal.line(try JSON(encoding: entry).text)
                } else {
                    session.terminal.line(JournalLine.text(entry, waves: sight.execution.names))
                }
            }
            return !(sight.execution.status.isTerminal && sight.execution.cleanup?.state != .running)
        }
    }
}

extension JournalView: Tabular {
    static var columns: [Table.Column] {
        [
            .number("NUMBER"), .text("AT"), .text("EVENT"), .number("WAVE"), .text("SERVER"), .text("JOB"),
            .text("LABEL"), .text("BY"), .text("TEXT"),
        ]
    }

    var row: [Table.Cell] {
        [
            Table.Cell("\(sequence)"), Table.Cell(ClockText.of(at)), Table.Cell(event.rawValue), .optional(waveNumber),
            .optional(sourceServerId), .optional(jobId), .optional(label), .optional(by), Table.Cell(text ?? ""),
        ]
    }

    var quiet: String { "\(sequence)" }
}
