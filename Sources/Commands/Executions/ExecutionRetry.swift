internal import ArgumentParser
internal import Contract
internal import Recovery

struct ExecutionRetry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Launch failed servers once more: those of a wave, or one."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var named: ExecutionArgument
    @OptionGroup var what: RepairArgument

    func run() async throws {
        try await common.session { session in
            let id = try await session.execution(named.execution)
            let reply =
                switch try what.selection {
                case .wave(let wave):
                    try await session.client.reply(to: RetryWave(executionId: id, waveNumber: wave))
                case .server(let server):
                    try await session.client.reply(to: RetryServer(executionId: id, serverId: server))
                }
            session.output.report(
                reply,
                "Tried once more: \(reply.answer.planName) is \(reply.answer.status.rawValue)."
            )
        }
    }
}

/// What a retry or a skip is about: a wave or a server.
struct RepairArgument: ParsableArguments {
    @Option(help: "The wave whose failed servers are meant, counted from 0.") var wave: Int?
    @Option(help: "One source server.") var server: String?

    func validate() throws {
        guard (wave == nil) != (server == nil) else { throw ValidationError("name a --wave or a --server") }
        _ = try selection
    }

    var selection: Execution.Selection {
        get throws {
            if let wave { return .wave(wave) }
            guard let id = server.flatMap(SourceServerID.init(rawValue:)) else {
                throw ValidationError("--server must be \(SourceServerID.rule)")
            }
            return .server(id)
        }
    }
}
