internal import ArgumentParser
internal import Contract

struct GroupDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a protection group that no plan uses."
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The group's name or id.") var group: String

    func run() async throws {
        try await common.session { session in
            _ = try await session.client.send(DeleteProtectionGroup(groupId: try await session.group(group)))
            session.output.report("Deleted the protection group \(group).")
        }
    }
}
