internal import ArgumentParser
internal import Contract
internal import Recovery

struct ExecutionPause: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Pause an execution before its next wave, or with --now at once."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var named: ExecutionArgument
    @Flag(help: "Hold back jobs that wait for quota, too; jobs that DRS has go on.") var now = false

    func run() async throws {
        try await common.session { session in
            let id = try await session.execution(named.execution)
            let reply = try await session.client.reply(
                to: PauseExecution(executionId: id, body: .init(mode: now ? .now : .nextWave))
            )
            session.output.report(
                reply,
                "Asked to pause: the execution of \(reply.answer.planName) is \(reply.answer.status.rawValue)."
            )
        }
    }
}
