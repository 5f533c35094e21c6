internal import ArgumentParser
internal import Contract

struct SessionList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List your browser sessions, newest first."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var list: ListOptions
    @Flag(help: "Everybody's, for which you need ManageAccounts.") var all = false

    func run() async throws {
        try await common.session { session in
            let call = ListSessions(all: all ? true : nil)
            session.output.show(try await session.client.every(call, atMost: list.limit))
        }
    }
}
