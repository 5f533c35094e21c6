internal import ArgumentParser
internal import Contract
internal import JSON

struct AuditKeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Print the keys by which the audit is verified, as JSON.",
        discussion: "Keep them apart from the hub: muster audit keys > keys.json"
    )

    @OptionGroup var common: CommonOptions

    func run() async throws {
        try await common.session { session in
            session.terminal.line(try await session.client.reply(to: ListAuditKeys(limit: 200)).document.text)
        }
    }
}
