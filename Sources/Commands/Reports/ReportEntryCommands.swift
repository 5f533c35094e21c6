internal import Ambient
internal import ArgumentParser
internal import Contract
internal import Recovery
internal import Reporting

extension ReportEntry.Kind: ExpressibleByArgument {
    /// `sign-off` as well as `SIGN_OFF`.
    init?(argument: String) {
        self.init(rawValue: argument.uppercased().replacing("-", with: "_"))
    }

    static var allValueStrings: [String] { allCases.map { $0.rawValue.lowercased().replacing("_", with: "-") } }
}

struct ReportEntries: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "entries",
        abstract: "List what people added to a report."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var list: ListOptions
    @OptionGroup var named: ExecutionArgument

    func run() async throws {
        try await common.session { session in
            let call = ListReportEntries(executionId: try await session.execution(named.execution))
            session.output.show(try await session.client.every(call, atMost: list.limit))
        }
    }
}

struct ReportAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add to a report what only people know.",
        discussion: """
            muster report add latest participant "led the drill" --name "A. Lovelace" --role "incident lead"
            Kinds: \(ReportEntry.Kind.allValueStrings.joined(separator: ", ")).
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var named: ExecutionArgument
    @Argument(help: "What kind of thing it is.") var kind: ReportEntry.Kind
    @Argument(help: "What is to be said.") var text: String
    @Option(help: "Whom or what it is about.") var name: String?
    @Option(help: "What they are in the drill.") var role: String?

    func run() async throws {
        try await common.session { session in
            let body = AddReportEntry.Body(kind: kind, text: text, name: name, role: role)
            let id = try await session.execution(named.execution)
            let reply = try await session.client.reply(to: AddReportEntry(executionId: id, body: body))
            session.output.report(reply, "Added \(reply.answer.entryId).")
        }
    }
}

struct ReportWithdraw: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw",
        abstract: "Take back an entry; it stays on record as withdrawn."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var named: ExecutionArgument
    @Argument(help: "The entry's id.") var entry: String

    func run() async throws {
        guard let entryId = ReportEntry.ID(entry) else { throw ValidationError("\(entry) is no id of an entry.") }
        try await common.session { session in
            let id = try await session.execution(named.execution)
            _ = try await session.client.send(WithdrawReportEntry(executionId: id, entryId: entryId))
            session.output.report("Withdrew \(entryId).")
        }
    }
}

extension ReportEntry: Tabular, Detailed {
    static var columns: [Table.Column] {
        [.text("KIND"), .text("NAME"), .text("ROLE"), .text("TEXT"), .text("BY"), .text("ID")]
    }

    private var state: String { withdrawnAt == nil ? text : "(withdrawn) \(text)" }

    var row: [Table.Cell] {
        [
            Table.Cell(kind.rawValue), .optional(name), .optional(role), Table.Cell(state), Table.Cell(by),
            Table.Cell(entryId.description),
        ]
    }

    var quiet: String { entryId.description }

    var sections: [Section] {
        [
            .fields([
                ("Entry", Table.Cell(entryId.description, .strong)), ("Kind", Table.Cell(kind.rawValue)),
                ("Name", .optional(name)), ("Role", .optional(role)), ("Text", Table.Cell(state)),
                ("By", Table.Cell(by)), ("At", Table.Cell(Words.moment(at))),
            ])
        ]
    }
}
