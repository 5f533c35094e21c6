internal import ArgumentParser
internal import Contract
internal import Recovery

struct GroupResolve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "See which servers tags pick now, and which of them another group holds; nothing is stored.",
        discussion: """
            muster group resolve --account 111122223333 --region us-east-1 --tag tier=database

            Ends with 1 when another group holds any of them: a group of these tags could not be recovered.
            """
    )

    @OptionGroup var common: CommonOptions
    @Option(help: "The account the servers lie in.") var account: AccountNumber
    @Option(help: "The Region the servers lie in.") var region: Region
    @Option(help: "A tag that every server must have, as key=value; repeat for more.") var tag: [TagArgument]

    func run() async throws {
        let call = ResolveSelection(
            body: .init(accountId: account, region: region, serverSelectionTags: try tag.tags())
        )
        try await common.session { session in
            let reply = try await session.client.reply(to: call)
            session.output.show(reply)
            guard reply.answer.conflicts.isEmpty else { throw Ending(status: .failed) }
        }
    }
}

extension ResolvedSelection: Detailed {
    /// The servers alone, a line each.
    var quiet: String { servers.map(\.sourceServerId.rawValue).joined(separator: "\n") }

    var sections: [Section] {
        let held = conflicts.map { [Table.Cell($0.serverId.rawValue), Table.Cell($0.groupName, .warning)] }
        return [
            .fields([("Picked", Table.Cell(counted(servers.count, "server"), .strong))]),
            .table(title: "Servers", Table(SourceServerView.columns, servers.map(\.row))),
            .table(title: "Held by other groups", Table([.text("SERVER"), .text("HELD BY")], held)),
        ]
    }
}
