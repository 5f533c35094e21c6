internal import ArgumentParser
internal import Contract
internal import Recovery

struct AccountShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show an account; to administrators with its external ID."
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The account's 12 digits.") var account: AccountNumber

    func run() async throws {
        try await common.session { session in
            session.output.show(try await session.client.reply(to: GetAccount(accountId: account)))
        }
    }
}
