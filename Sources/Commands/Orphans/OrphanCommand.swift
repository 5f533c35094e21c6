internal import Ambient
internal import ArgumentParser
internal import Contract
internal import Recovery

struct OrphanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "orphan",
        abstract: "Drill instances that no execution owns.",
        subcommands: [OrphanList.self, OrphanTerminate.self]
    )
}

struct OrphanList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List them over all accounts, with their age and what they have cost, roughly."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var list: ListOptions
    @Option(help: "Only of this account.") var account: AccountNumber?
    @Option(help: "Only of this Region.") var region: Region?

    func run() async throws {
        try await common.session { session in
            let call = ListOrphans(accountId: account, region: region)
            session.output.show(try await session.client.every(call, atMost: list.limit))
        }
    }
}

struct OrphanTerminate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "terminate",
        abstract: "Have a spoke terminate one.",
        discussion: "There is no way back: be sure that nobody uses it."
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The recovery instance.") var instance: String

    func run() async throws {
        try await common.session { session in
            let reply = try await session.client.reply(to: TerminateOrphan(recoveryInstanceId: instance))
            session.output.report(reply, "\(instance) is being terminated.")
        }
    }
}

extension OrphanView: Tabular, Detailed {
    static var columns: [Table.Column] {
        [
            .text("INSTANCE"), .text("ACCOUNT"), .text("REGION"), .text("SERVER"), .text("STATE"), .text("TYPE"),
            .text("SINCE"), .text("COST"), .text("TERMINATION"),
        ]
    }

    var row: [Table.Cell] {
        [
            Table.Cell(recoveryInstanceId), Table.Cell(accountId.rawValue), Table.Cell(region.rawValue),
            .optional(hostname ?? sourceServerId?.rawValue), Table.Cell(state), .optional(instanceType),
            Table.Cell(ClockText.of(since)), Table.Cell("\(estimatedCost) \(currency)"),
            .optional(termination.map { $0.problem ?? $0.state }),
        ]
    }

    var quiet: String { recoveryInstanceId }

    var sections: [Section] {
        [
            .fields([
                ("Instance", Table.Cell(recoveryInstanceId, .strong)), ("Account", Table.Cell(accountId.rawValue)),
                ("Region", Table.Cell(region.rawValue)), ("Server", .optional(hostname ?? sourceServerId?.rawValue)),
                ("State", Table.Cell(state)), ("Termination", .optional(termination.map { $0.problem ?? $0.state })),
            ])
        ]
    }
}
