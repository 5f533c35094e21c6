internal import ArgumentParser
internal import Contract
internal import Recovery

struct QuotaList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List DRS's quotas by account and Region, each with its use."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var list: ListOptions
    @Option(help: "Only this account.") var account: AccountNumber?
    @Option(help: "Only this Region.") var region: Region?

    func run() async throws {
        try await common.session { session in
            let call = ListQuotas(accountId: account, region: region)
            session.output.show(try await session.client.every(call, atMost: list.limit))
        }
    }
}

extension QuotaUse: Tabular {
    static var columns: [Table.Column] {
        [
            .text("ACCOUNT"), .text("REGION"), .number("JOBS"), .number("SERVERS IN JOBS"), .number("REPLICATING"),
            .number("TOTAL"), .text("SYNCED"),
        ]
    }

    var row: [Table.Cell] {
        [
            Table.Cell(accountId.rawValue), Table.Cell(region.rawValue), Self.cell(concurrentJobs),
            Self.cell(serversInJobs), Self.cell(replicatingServers), Self.cell(totalServers),
            .optional(syncedAt.map { ClockText.of($0) }),
        ]
    }

    var quiet: String { "\(accountId)/\(region)" }

    /// What is used up stands out.
    private static func cell(_ measure: Measure) -> Table.Cell {
        Table.Cell("\(measure.used)/\(measure.limit)", measure.used >= measure.limit ? .bad : .plain)
    }
}
