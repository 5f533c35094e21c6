internal import ArgumentParser

struct GroupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "group",
        abstract: "Protection groups: servers that are recovered together.",
        subcommands: [
            GroupCreate.self, GroupList.self, GroupShow.self, GroupUpdate.self, GroupDelete.self, GroupResolve.self,
        ]
    )
}
