internal import Ambient
internal import ArgumentParser
internal import Contract

struct ExecutionHide: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hide",
        abstract: "Hide executions that ended long ago from lists; journal, audit and reports stay.",
        discussion: """
            muster execution hide --older-than 2026-01-01T00:00:00Z

            Hidden executions cannot be shown again, so nothing is hidden without saying how old.
            """
    )

    @OptionGroup var common: CommonOptions
    @Option(help: "Those that ended before this time, as 2026-11-26T18:00:00Z.") var olderThan: Instant?
    @Flag(help: "Every one that has ended by now.") var allEnded = false

    func validate() throws {
        guard (olderThan != nil) != allEnded else {
            throw ValidationError("Say which: --older-than a time, or --all-ended.")
        }
    }

    func run() async throws {
        try await common.session { session in
            let reply = try await session.client.reply(to: HideExecutions(olderThan: olderThan))
            session.output.report(reply, "Hidden: \(counted(reply.answer.deleted, "execution")).")
        }
    }
}

extension HiddenExecutions: Detailed {
    var quiet: String { "\(deleted)" }

    var sections: [Section] {
        [.fields([("Hidden", Table.Cell("\(deleted)"))])]
    }
}
