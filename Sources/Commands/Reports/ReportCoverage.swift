internal import ArgumentParser
internal import Contract
internal import Recovery
internal import Reporting

struct ReportCoverage: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverage",
        abstract: "Show what of the enterprise is proven recoverable, when last, and what is overdue.",
        discussion: "muster report coverage --days 365 --as pdf coverage.pdf"
    )

    @OptionGroup var common: CommonOptions
    @Option(help: "Only this account.") var account: AccountNumber?
    @Option(help: "Only this Region.") var region: Region?
    @Option(help: "Only this application.") var application: String?
    @Option(help: "Only this owner's plans.") var owner: String?
    @Option(help: "How old a proof may be, in days; 90 unless said.") var days: Int?
    @Option(help: "html, pdf, csv or json, into a file.") var `as`: ReportFormat?
    @Argument(help: "With --as: the file, which must not exist; - for standard output.") var file: String?

    func validate() throws {
        if (`as` == nil) != (file == nil) { throw ValidationError("--as and a file go together.") }
    }

    func run() async throws {
        try await common.session { session in
            let call = GetCoverage(
                accountId: account,
                region: region,
                application: application,
                owner: owner,
                days: days,
                format: `as`
            )
            if let file { return try ReportFile.write(try await session.client.download(call), to: file, session) }
            session.output.show(try await session.client.reply(to: call))
        }
    }
}

extension Coverage: Detailed {
    var quiet: String { "\(totals.plansOverdue)" }

    var sections: [Section] {
        let fields: [(name: String, value: Table.Cell)] = [
            ("Servers", Table.Cell("\(totals.servers)", .strong)),
            ("In plans", Table.Cell("\(totals.serversInPlans)")),
            ("Proven in \(days) days", Table.Cell("\(totals.serversProven)")),
            ("Plans", Table.Cell("\(totals.plans)")), ("Overdue", Table.Cell("\(totals.plansOverdue)")),
            ("Never proven", Table.Cell("\(totals.plansNeverProven)")),
            ("Time objectives missed", Table.Cell("\(margins.missed)")),
            ("Open findings", Table.Cell("\(findings.open)")),
            ("Findings past their day", Table.Cell("\(findings.overdue)")),
        ]
        let accountRows = accounts.map { row -> [Table.Cell] in
            [
                Table.Cell(row.accountId.rawValue), .optional(row.accountName), Table.Cell("\(row.servers)"),
                Table.Cell("\(row.serversInPlans)"), Table.Cell("\(row.serversProven)"),
            ]
        }
        let planRows = plans.map { row -> [Table.Cell] in
            [
                Table.Cell(row.planName), .optional(row.owner), .optional(row.lastProvenAt.map { Words.moment($0) }),
                .optional(row.lastResult?.rawValue), .optional(row.marginSeconds),
                Table.Cell(row.isOverdue ? "overdue" : "-"),
            ]
        }
        return [
            .fields(fields),
            .table(
                title: "Accounts",
                Table(
                    [
                        .text("ACCOUNT"), .text("NAME"), .number("SERVERS"), .number("IN PLANS"), .number("PROVEN"),
                    ],
                    accountRows
                )
            ),
            .table(
                title: "Plans",
                Table(
                    [
                        .text("PLAN"), .text("OWNER"), .text("LAST PROVEN"), .text("LAST RESULT"), .number("MARGIN"),
                        .text("DUE"),
                    ],
                    planRows
                )
            ),
        ]
    }
}
