internal import Ambient
internal import ArgumentParser
internal import Contract
internal import Recovery

struct ExecutionList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List executions, newest first.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var list: ListOptions
    @Option(help: "Only executions of this plan, by name or id.") var plan: String?
    @Option(help: "Only this status, such as RUNNING.") var status: ExecutionStatus?
    @Option(help: "Only drill, or only recovery.") var type: ExecutionType?
    @Option(help: "Only executions with servers of this account.") var account: AccountNumber?
    @Flag(inversion: .prefixedNo, help: "Only those that have not ended; --no-active: only ended ones.")
    var active: Bool?
    @Option(help: "Only those that started at this time or later, as 2026-11-26T18:00:00Z.") var from: Instant?
    @Option(help: "Only those that started before this time.") var to: Instant?

    func run() async throws {
        try await common.session { session in
            var call = ListExecutions(
                status: status,
                executionType: type,
                accountId: account,
                active: active,
                from: from,
                to: to
            )
            if let plan { call.planId = try await session.plan(plan) }
            session.output.show(try await session.client.every(call, atMost: list.limit))
        }
    }
}
