internal import ArgumentParser
internal import Contract

struct GroupShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a protection group with its servers."
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The group's name or id.") var group: String

    func run() async throws {
        try await common.session { session in
            let call = GetProtectionGroup(groupId: try await session.group(group))
            session.output.show(try await session.client.reply(to: call))
        }
    }
}
