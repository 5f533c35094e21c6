internal import ArgumentParser
internal import Contract

struct ExecutionShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show an execution with its waves and servers."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var named: ExecutionArgument

    func run() async throws {
        try await common.session { session in
            let call = GetExecution(executionId: try await session.execution(named.execution))
            session.output.show(try await session.client.reply(to: call))
        }
    }
}
