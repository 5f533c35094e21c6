internal import ArgumentParser
internal import Contract
internal import Recovery

struct ExecutionSkip: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "skip",
        abstract: "Go on without failed servers: those of a wave, or one (which may also be waiting)."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var named: ExecutionArgument
    @OptionGroup var what: RepairArgument
    @Option(help: "Why; the journal and the verdict say it.") var reason: String

    func run() async throws {
        try await common.session { session in
            let id = try await session.execution(named.execution)
            let body = ReasonBody(reason: reason)
            let reply =
                switch try what.selection {
                case .wave(let wave):
                    try await session.client.reply(to: SkipWave(executionId: id, waveNumber: wave, body: body))
                case .server(let server):
                    try await session.client.reply(to: SkipServer(executionId: id, serverId: server, body: body))
                }
            session.output.report(reply, "Skipped: \(reply.answer.planName) is \(reply.answer.status.rawValue).")
        }
    }
}
