internal import ArgumentParser
internal import Contract
internal import Recovery

struct ExecutionRecoveryPoint: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recovery-point",
        abstract: "Have a server that is not started launched from another recovery point.",
        discussion: """
            muster execution recovery-point Payroll --server s-… --to pit-… --reason "the later ones are encrypted"

            The others go on. A failed server uses it when it is retried. The plan itself stays as it is.
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var named: ExecutionArgument
    @Option(help: "The source server.") var server: SourceServerID
    @Option(help: "The recovery point, as pit-…") var to: RecoverySnapshotID?
    @Flag(help: "No recovery point: the server's latest data.") var latest = false
    @Option(help: "Why; the journal says it.") var reason: String

    func validate() throws {
        guard (to != nil) != latest else { throw ValidationError("Say which: --to a recovery point, or --latest.") }
    }

    func run() async throws {
        try await common.session { session in
            let id = try await session.execution(named.execution)
            let call = ReplaceRecoveryPoint(
                executionId: id,
                serverId: server,
                body: .init(recoverySnapshotId: to, reason: reason)
            )
            let reply = try await session.client.reply(to: call)
            let what = to.map { "the recovery point \($0)" } ?? "its latest data"
            session.output.report(reply, "\(server) is launched from \(what).")
        }
    }
}
