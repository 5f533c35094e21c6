internal import ArgumentParser
internal import Contract
internal import Recovery

struct ExecutionResume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Resume a paused execution."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var named: ExecutionArgument
    @Option(help: "Which wave, where several wait; all unless said.") var wave: Int?
    @Option(help: "What to say of it.") var comment: String?

    func run() async throws {
        try await common.session { session in
            let id = try await session.execution(named.execution)
            let reply = try await session.client.reply(
                to: ResumeExecution(executionId: id, body: .init(waveNumber: wave, comment: comment))
            )
            session.output.report(
                reply,
                "Resumed: the execution of \(reply.answer.planName) is \(reply.answer.status.rawValue)."
            )
        }
    }
}
