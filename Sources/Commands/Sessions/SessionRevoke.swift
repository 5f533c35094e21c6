internal import Ambient
internal import ArgumentParser
internal import Contract

struct SessionRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "End a browser session at once; anybody's, if you have ManageAccounts."
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The session's id.") var session: String

    func run() async throws {
        guard let id = Identifier<BrowserSession>(session) else {
            throw ValidationError("\(session) is no session's id; see muster session list --quiet.")
        }
        try await common.session { session in
            _ = try await session.client.send(RevokeSession(sessionId: id))
            session.output.report("Ended the session \(id).")
        }
    }
}
