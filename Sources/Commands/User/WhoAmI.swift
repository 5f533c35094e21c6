internal import ArgumentParser
internal import Contract
internal import Recovery

/// Says who is calling.
struct WhoAmI: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami",
        abstract: "Show who you are to the hub, and what you may do."
    )

    @OptionGroup var common: CommonOptions

    func run() async throws {
        try await common.session { session in
            session.output.show(try await session.client.reply(to: GetCurrentUser()))
        }
    }
}

extension CurrentUser: Detailed {
    var quiet: String { subject }

    var sections: [Section] {
        let accounts = scope.accountIds.map(\.rawValue).joined(separator: ", ")
        return [
            .fields([
                ("Name", Table.Cell(name)), ("Subject", Table.Cell(subject)), ("Kind", Table.Cell(kind.rawValue)),
                ("Roles", Table.Cell(roles.map(\.rawValue).joined(separator: ", "))),
                ("Permissions", Table.Cell(permissions.map(\.rawValue).joined(separator: ", "))),
                ("Accounts", Table.Cell(scope.allAccounts ? "all" : accounts)),
            ])
        ]
    }
}
