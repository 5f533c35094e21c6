internal import ArgumentParser
internal import Contract

struct AccountList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List accounts by name.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var list: ListOptions
    @Option(help: "Part of the number, name or owner.") var search: String?

    func run() async throws {
        try await common.session { session in
            session.output.show(try await session.client.every(ListAccounts(q: search), atMost: list.limit))
        }
    }
}
