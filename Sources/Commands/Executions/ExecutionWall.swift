internal import Ambient
internal import ArgumentParser
internal import Contract
internal import Recovery

struct ExecutionWall: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wall",
        abstract: "Links that show an execution on a wall without signing in.",
        subcommands: [ExecutionWallShare.self, ExecutionWallList.self, ExecutionWallRevoke.self]
    )
}

struct ExecutionWallShare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "share",
        abstract: "Make a read-only link; it is said only now."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var named: ExecutionArgument
    @Option(help: "How many hours it is good; \(Limits.defaultWallLinkHours) unless said.") var hours: Int?
    @Option(help: "Where it hangs.") var label: String?

    func run() async throws {
        try await common.session { session in
            let id = try await session.execution(named.execution)
            let body = CreateWallLink.Body(hours: hours, label: label)
            let reply = try await session.client.reply(to: CreateWallLink(executionId: id, body: body))
            let until = ClockText.of(reply.answer.link.expiresAt)
            session.output.report(reply, "Open \(reply.answer.path) at the hub's address; it is good until \(until).")
        }
    }
}

struct ExecutionWallList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List an execution's links, newest first."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var named: ExecutionArgument
    @OptionGroup var list: ListOptions

    func run() async throws {
        try await common.session { session in
            let id = try await session.execution(named.execution)
            session.output.show(try await session.client.every(ListWallLinks(executionId: id), atMost: list.limit))
        }
    }
}

struct ExecutionWallRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Take a link back; screens that show it lose the picture."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var named: ExecutionArgument
    @Argument(help: "The link's id.") var link: String

    func run() async throws {
        guard let link = Identifier<WallLink>(link) else {
            throw ValidationError("\(link) is no link's id; see muster execution wall list.")
        }
        try await common.session { session in
            let id = try await session.execution(named.execution)
            _ = try await session.client.send(RevokeWallLink(executionId: id, linkId: link))
            session.output.report("Took the link \(link) back.")
        }
    }
}

extension NewWallLink: Detailed {
    var sections: [Section] {
        [
            .fields([
                ("Path", Table.Cell(path)), ("Until", Table.Cell(ClockText.of(link.expiresAt))),
                ("ID", Table.Cell("\(link.linkId)", .faint)),
            ])
        ]
    }

    /// What a script wants of it: where to look.
    var quiet: String { path }
}

extension WallLinkView: Tabular {
    static var columns: [Table.Column] {
        [.text("LABEL"), .text("MADE"), .text("BY"), .text("UNTIL"), .text("ID")]
    }

    var row: [Table.Cell] {
        [
            Table.Cell(label ?? "-"), Table.Cell(ClockText.of(createdAt)), Table.Cell(createdBy),
            Table.Cell(ClockText.of(expiresAt)), Table.Cell("\(linkId)", .faint),
        ]
    }

    var quiet: String { "\(linkId)" }
}
