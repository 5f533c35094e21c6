internal import ArgumentParser

struct ServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server",
        abstract: "Source servers, as the last inventory sync saw them.",
        subcommands: [ServerList.self, ServerRefresh.self]
    )
}
