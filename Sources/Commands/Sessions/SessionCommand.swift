internal import ArgumentParser

struct SessionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session",
        abstract: "The sessions of people who signed in by a browser.",
        subcommands: [SessionList.self, SessionRevoke.self]
    )
}
