internal import ArgumentParser
internal import Contract
internal import Recovery

struct AccountDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Remove an account in which no group lies."
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The account's 12 digits.") var account: AccountNumber

    func run() async throws {
        try await common.session { session in
            _ = try await session.client.send(DeleteAccount(accountId: account))
            session.output.report("Removed the account \(account).")
        }
    }
}
