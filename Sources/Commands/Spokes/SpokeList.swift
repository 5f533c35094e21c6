internal import ArgumentParser
internal import Contract
internal import Recovery

struct SpokeList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List spokes by name.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var list: ListOptions
    @Option(help: "Only spokes that serve this account.") var account: AccountNumber?
    @Option(help: "CONNECTED, LOST or DRAINING.") var state: Spoke.State?

    func run() async throws {
        try await common.session { session in
            let call = ListSpokes(accountId: account, state: state)
            session.output.show(try await session.client.every(call, atMost: list.limit))
        }
    }
}
