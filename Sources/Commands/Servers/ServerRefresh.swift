internal import ArgumentParser
internal import Contract
internal import Recovery

struct ServerRefresh: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refresh",
        abstract: "Ask the spokes to look at DRS now; answers how old the inventory is, an account and Region a line.",
        discussion: "Ends with 1 when no spoke serves what was asked for, or only a part of it."
    )

    @OptionGroup var common: CommonOptions
    @Option(help: "Only this account.") var account: AccountNumber?
    @Option(help: "Only this Region.") var region: Region?

    func run() async throws {
        try await common.session { session in
            let call = RefreshSourceServers(body: .init(accountId: account, region: region))
            let reply = try await session.client.reply(to: call)
            session.output.show(reply)
            let items = reply.answer.items
            guard !items.isEmpty, items.allSatisfy({ $0.state != .noSpoke }) else { throw Ending(status: .failed) }
        }
    }
}

extension InventoryRefresh: Detailed {
    var quiet: String { items.map { "\($0.accountId)/\($0.region)" }.joined(separator: "\n") }

    var sections: [Section] {
        let rows = items.map { place in
            [
                Table.Cell(place.accountId.rawValue), Table.Cell(place.region.rawValue), .label(place.state),
                .optional(place.syncedAt.map { ClockText.of($0) }),
            ]
        }
        let columns: [Table.Column] = [.text("ACCOUNT"), .text("REGION"), .text("STATE"), .text("LAST SYNC")]
        return [
            .fields([("Asked for", Table.Cell(counted(items.count, "place"), .strong))]),
            .table(title: "Inventory", Table(columns, rows)),
        ]
    }
}
