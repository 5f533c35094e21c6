internal import ArgumentParser

/// Forgets the token that sign-in kept.
struct SignOut: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign-out",
        abstract: "Forget the token that sign-in kept for the hub."
    )

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let address = try common.address()
        let wasThere = try common.tokenFile().forget(address)
        common.output.report(wasThere ? "Signed out of \(address)." : "You were not signed in to \(address).")
    }
}
