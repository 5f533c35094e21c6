internal import ArgumentParser
internal import Contract
internal import Recovery

struct ServerList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List source servers.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var list: ListOptions
    @Option(help: "Only this account.") var account: AccountNumber?
    @Option(help: "Only this Region.") var region: Region?
    @Option(help: "AVAILABLE: in no group; ASSIGNED: in one.") var assignment: Assignment?
    @Option(help: "Only this replication state, such as CONTINUOUS.") var state: String?
    @Option(help: "Only this group, by name or id.") var group: String?
    @Option(help: "Part of the id, the hostname or a tag's value.") var search: String?

    func run() async throws {
        try await common.session { session in
            var call = ListSourceServers(
                region: region,
                accountId: account,
                assignment: assignment,
                state: state,
                q: search
            )
            if let group { call.groupId = try await session.group(group) }
            session.output.show(try await session.client.every(call, atMost: list.limit))
        }
    }
}
