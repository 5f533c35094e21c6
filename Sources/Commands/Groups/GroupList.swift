internal import ArgumentParser
internal import Contract
internal import Recovery

struct GroupList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List protection groups, newest first."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var list: ListOptions
    @Option(help: "Only this account.") var account: AccountNumber?
    @Option(help: "Only this Region.") var region: Region?
    @Option(help: "Part of the name or description.") var search: String?

    func run() async throws {
        try await common.session { session in
            let call = ListProtectionGroups(accountId: account, region: region, q: search)
            session.output.show(try await session.client.every(call, atMost: list.limit))
        }
    }
}
