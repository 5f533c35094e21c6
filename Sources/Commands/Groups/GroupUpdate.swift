internal import ArgumentParser
internal import Contract
internal import Recovery

struct GroupUpdate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change a protection group.",
        discussion: "What is not named stays. Another's change in the meantime is not overwritten (REVISION_STALE)."
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The group's name or id.") var group: String
    @Option(help: "The new name.") var name: String?
    @Option(help: "What the group is.") var description: String?
    @Option(parsing: .upToNextOption, help: "All servers, instead of those it has.") var server: [SourceServerID] = []
    @Option(parsing: .upToNextOption, help: "Servers to add.") var addServer: [SourceServerID] = []
    @Option(parsing: .upToNextOption, help: "Servers to take out.") var removeServer: [SourceServerID] = []
    @Option(help: "A tag as key=value; all tags instead of those it has.") var tag: [TagArgument] = []

    func validate() throws {
        let names = server + addServer + removeServer
        guard tag.isEmpty || names.isEmpty else {
            throw ValidationError("A group has either servers or tags.")
        }
        guard server.isEmpty || (addServer.isEmpty && removeServer.isEmpty) else {
            throw ValidationError("--server names all servers; use it without --add-server and --remove-server.")
        }
        guard name != nil || description != nil || !tag.isEmpty || !names.isEmpty else {
            throw ValidationError("Say what to change.")
        }
    }

    func run() async throws {
        try await common.session { session in
            let id = try await session.group(group)
            let old = try await session.client.send(GetProtectionGroup(groupId: id))
            let call = UpdateProtectionGroup(groupId: id, body: try body(from: old))
            let reply = try await session.client.reply(to: call, ifMatch: old.revision)
            session.output.report(reply, "Changed \(reply.answer.groupName): revision \(reply.answer.revision).")
        }
    }

    private func body(from old: ProtectionGroupView) throws -> ProtectionGroupBody {
        var body = ProtectionGroupBody(
            groupName: name ?? old.groupName,
            description: description ?? old.description,
            accountId: old.accountId,
            region: old.region,
            sourceServerIds: nil,
            serverSelectionTags: nil
        )
        if !tag.isEmpty {
            body.serverSelectionTags = try tag.tags()
        } else if !server.isEmpty {
            body.sourceServerIds = server
        } else if old.serverSelectionTags.isEmpty {
            let kept = old.sourceServerIds.filter { !removeServer.contains($0) }
            body.sourceServerIds = kept + addServer.filter { !kept.contains($0) }
        } else if addServer.isEmpty && removeServer.isEmpty {
            body.serverSelectionTags = old.serverSelectionTags
        } else {
            throw ValidationError("Tags pick this group's servers; name all of them with --server, or change the tags.")
        }
        return body
    }
}
