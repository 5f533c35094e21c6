internal import ArgumentParser
internal import Contract
internal import Recovery

struct ExecutionCancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancel an execution: what waits never starts, running jobs are followed to their end."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var named: ExecutionArgument

    func run() async throws {
        try await common.session { session in
            let id = try await session.execution(named.execution)
            let reply = try await session.client.reply(to: CancelExecution(executionId: id))
            session.output.report(
                reply,
                "Cancelled: the execution of \(reply.answer.planName) is \(reply.answer.status.rawValue)."
            )
        }
    }
}
