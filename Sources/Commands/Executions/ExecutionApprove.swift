internal import ArgumentParser
internal import Contract
internal import Recovery

struct ExecutionApprove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Approve the start of a wave."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var named: ExecutionArgument
    @Argument(help: "The wave, counted from 0.") var wave: Int
    @Option(help: "What to say of it.") var comment: String?

    func run() async throws {
        try await common.session { session in
            let id = try await session.execution(named.execution)
            let reply = try await session.client.reply(
                to: ApproveWave(executionId: id, waveNumber: wave, body: CommentBody(comment: comment))
            )
            session.output.report(
                reply,
                "Approved wave \(wave): the execution of \(reply.answer.planName) is \(reply.answer.status.rawValue)."
            )
        }
    }
}
