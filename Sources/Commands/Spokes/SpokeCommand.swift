internal import ArgumentParser

struct SpokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spoke",
        abstract: "The spokes, which act in the accounts.",
        subcommands: [SpokeList.self, SpokeDrain.self]
    )
}
