internal import ArgumentParser
internal import Contract
internal import Recovery

struct PlanList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List recovery plans, newest first.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var list: ListOptions
    @Option(help: "Only plans with servers of this account.") var account: AccountNumber?
    @Option(help: "Only plans that name this group, by name or id.") var group: String?
    @Option(help: "Part of the name, description, owner or application.") var search: String?
    @Option(help: "Only plans that stand so: VERIFIED, NEEDS_CHECK or NOT_READY.") var readiness: Readiness.State?

    func run() async throws {
        try await common.session { session in
            var call = ListRecoveryPlans(accountId: account, q: search, readiness: readiness)
            if let group { call.groupId = try await session.group(group) }
            session.output.show(try await session.client.every(call, atMost: list.limit))
        }
    }
}
