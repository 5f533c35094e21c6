internal import ArgumentParser

struct QuotaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quota",
        abstract: "The quotas of DRS and their use.",
        subcommands: [QuotaList.self]
    )
}
