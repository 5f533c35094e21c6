internal import ArgumentParser

struct AccountCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account",
        abstract: "The AWS accounts that spokes may serve.",
        subcommands: [
            AccountList.self, AccountShow.self, AccountCreate.self, AccountUpdate.self, AccountDelete.self,
            AccountValidate.self,
        ]
    )
}
