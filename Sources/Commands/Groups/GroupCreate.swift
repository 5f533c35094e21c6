internal import ArgumentParser
internal import Contract
internal import Recovery

struct GroupCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create a protection group of listed servers, or of those that tags pick.",
        discussion: """
            muster group create databases --account 111122223333 --region us-east-1 --tag tier=database
            """
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The group's name.") var name: String
    @Option(help: "The account its servers lie in.") var account: AccountNumber
    @Option(help: "The Region its servers lie in.") var region: Region
    @Option(parsing: .upToNextOption, help: "The servers.") var server: [SourceServerID] = []
    @Option(help: "A tag that every server must have, as key=value; repeat for more.") var tag: [TagArgument] = []
    @Option(help: "What the group is.") var description: String?

    func validate() throws {
        guard server.isEmpty != tag.isEmpty else {
            throw ValidationError("A group has either servers (--server) or tags (--tag).")
        }
    }

    func run() async throws {
        let body = ProtectionGroupBody(
            groupName: name,
            description: description,
            accountId: account,
            region: region,
            sourceServerIds: server.isEmpty ? nil : server,
            serverSelectionTags: tag.isEmpty ? nil : try tag.tags()
        )
        try await common.session { session in
            let reply = try await session.client.reply(to: CreateProtectionGroup(body: body))
            let group = reply.answer
            session.output.report(
                reply,
                "Created \(group.groupName) with \(counted(group.serverCount, "server")): \(group.groupId)"
            )
        }
    }
}
