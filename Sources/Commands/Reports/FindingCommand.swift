internal import Ambient
internal import ArgumentParser
internal import Contract
internal import Recovery
internal import Reporting

struct FindingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "finding",
        abstract: "Gaps that drills showed: who closes them until when.",
        subcommands: [FindingList.self, FindingShow.self, FindingRecord.self, FindingChange.self]
    )
}

extension ReportFinding.Severity: ExpressibleByArgument {
    init?(argument: String) {
        self.init(rawValue: argument.uppercased())
    }
}

extension ReportFinding.State: ExpressibleByArgument {
    init?(argument: String) {
        self.init(rawValue: argument.uppercased())
    }
}

struct FindingList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List findings, the newest first.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var list: ListOptions
    @Option(help: "Only of this execution: its id, its plan's name, or latest.") var execution: String?
    @Option(help: "open, accepted or closed.") var state: ReportFinding.State?
    @Option(help: "critical, high, medium or low.") var severity: ReportFinding.Severity?
    @Flag(help: "Only open ones whose day has passed.") var overdue = false

    func run() async throws {
        try await common.session { session in
            var id: Execution.ID?
            if let execution { id = try await session.execution(execution) }
            let call = ListFindings(
                executionId: id,
                state: state,
                severity: severity,
                overdue: overdue ? true : nil
            )
            session.output.show(try await session.client.every(call, atMost: list.limit))
        }
    }
}

struct FindingShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a finding.")

    @OptionGroup var common: CommonOptions
    @Argument(help: "The finding's id.") var finding: String

    func run() async throws {
        let id = try FindingArgument.id(finding)
        try await common.session { session in
            session.output.show(try await session.client.reply(to: GetFinding(findingId: id)))
        }
    }
}

enum FindingArgument {
    static func id(_ text: String) throws -> ReportFinding.ID {
        guard let id = ReportFinding.ID(text) else { throw ValidationError("\(text) is no id of a finding.") }
        return id
    }
}

struct FindingRecord: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Record a gap that an execution showed.",
        discussion: """
            muster finding record latest high "Runbook names a host that is gone" --owner ops --due-on 2027-01-31
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var named: ExecutionArgument
    @Argument(help: "critical, high, medium or low.") var severity: ReportFinding.Severity
    @Argument(help: "What was found.") var title: String
    @Option(help: "More about it.") var detail: String?
    @Option(help: "The class of cause, by which repeats are found.") var cause: String?
    @Option(help: "Who closes it.") var owner: String?
    @Option(help: "Until when: 2027-01-31.") var dueOn: String?
    @Option(help: "Its ticket elsewhere.") var ticket: String?

    func run() async throws {
        try await common.session { session in
            let body = CreateFinding.Body(
                executionId: try await session.execution(named.execution),
                title: title,
                detail: detail,
                severity: severity,
                cause: cause,
                owner: owner,
                dueOn: dueOn,
                ticket: ticket
            )
            let reply = try await session.client.reply(to: CreateFinding(body: body))
            session.output.report(reply, "Recorded \(reply.answer.findingId).")
        }
    }
}

struct FindingChange: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "change",
        abstract: "Change a finding.",
        discussion: """
            What is not named stays. Closing needs --retest, accepting needs --risk-acceptance. Another's change in the \
            meantime is not overwritten (REVISION_STALE).
            """
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The finding's id.") var finding: String
    @Option(help: "open, accepted or closed.") var state: ReportFinding.State?
    @Option(help: "critical, high, medium or low.") var severity: ReportFinding.Severity?
    @Option(help: "What was found.") var title: String?
    @Option(help: "Who closes it.") var owner: String?
    @Option(help: "Until when: 2027-01-31.") var dueOn: String?
    @Option(help: "Its ticket elsewhere.") var ticket: String?
    @Option(help: "Who takes the risk, why, and until when.") var riskAcceptance: String?
    @Option(help: "The run that showed it closed: its id, its plan's name, or latest.") var retest: String?

    func run() async throws {
        let id = try FindingArgument.id(finding)
        try await common.session { session in
            let old = try await session.client.send(GetFinding(findingId: id))
            var retestId = old.retestExecutionId
            if let retest { retestId = try await session.execution(retest) }
            let body = UpdateFinding.Body(
                title: title ?? old.title,
                detail: old.detail,
                severity: severity ?? old.severity,
                cause: old.cause,
                owner: owner ?? old.owner,
                dueOn: dueOn ?? old.dueOn,
                ticket: ticket ?? old.ticket,
                riskAcceptance: riskAcceptance ?? old.riskAcceptance,
                retestExecutionId: retestId,
                state: state ?? old.state
            )
            let call = UpdateFinding(findingId: id, body: body)
            let reply = try await session.client.reply(to: call, ifMatch: old.revision)
            session.output.report(reply, "Changed the finding: revision \(reply.answer.revision).")
        }
    }
}

extension ReportFinding: Tabular, Detailed {
    static var columns: [Table.Column] {
        [
            .text("SEVERITY"), .text("STATE"), .text("PLAN"), .text("FINDING"), .text("OWNER"), .text("DUE"),
            .text("ID"),
        ]
    }

    var row: [Table.Cell] {
        [
            .label(severity), .label(state), Table.Cell(planName), Table.Cell(title), .optional(owner),
            .optional(dueOn), Table.Cell(findingId.description),
        ]
    }

    var quiet: String { findingId.description }

    var sections: [Section] {
        [
            .fields([
                ("Finding", Table.Cell(findingId.description, .strong)), ("Title", Table.Cell(title)),
                ("Severity", .label(severity)), ("State", .label(state)), ("Plan", Table.Cell(planName)),
                ("Execution", Table.Cell(executionId.description)), ("Detail", .optional(detail)),
                ("Cause", .optional(cause)), ("Seen before", Table.Cell(isRepeat ? "yes" : "no")),
                ("Owner", .optional(owner)), ("Due", .optional(dueOn)), ("Ticket", .optional(ticket)),
                ("Risk accepted", .optional(riskAcceptance)), ("Retest", .optional(retestExecutionId)),
                ("Changed", Table.Cell("\(Words.moment(changedAt)) by \(changedBy)")),
                ("Revision", Table.Cell("\(revision)")),
            ])
        ]
    }
}
