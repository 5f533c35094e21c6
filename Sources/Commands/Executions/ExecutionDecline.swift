internal import ArgumentParser
internal import Contract
internal import Recovery

struct ExecutionDecline: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decline",
        abstract: "Decline the start of a wave, which cancels the execution."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var named: ExecutionArgument
    @Argument(help: "The wave, counted from 0.") var wave: Int
    @Option(help: "What to say of it.") var comment: String?

    func run() async throws {
        try await common.session { session in
            let id = try await session.execution(named.execution)
            let reply = try await session.client.reply(
                to: DeclineWave(executionId: id, waveNumber: wave, body: CommentBody(comment: comment))
            )
            session.output.report(
                reply,
                "Declined wave \(wave): the execution of \(reply.answer.planName) is \(reply.answer.status.rawValue)."
            )
        }
    }
}
