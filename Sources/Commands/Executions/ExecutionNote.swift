internal import ArgumentParser
internal import Contract
internal import Recovery

struct ExecutionNote: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "note",
        abstract: "Put a remark on an execution's timeline."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var named: ExecutionArgument
    @Argument(help: "What to say.") var text: String

    func run() async throws {
        try await common.session { session in
            let id = try await session.execution(named.execution)
            let reply = try await session.client.reply(to: AddNote(executionId: id, body: AddNote.Body(text: text)))
            session.output.report(reply, "Noted on \(reply.answer.planName).")
        }
    }
}
