internal import ArgumentParser

struct RegionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "region",
        abstract: "Regions, and where DRS is initialised.",
        subcommands: [RegionList.self]
    )
}
