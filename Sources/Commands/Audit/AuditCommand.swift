internal import ArgumentParser

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Who did what, and the proof that nobody rewrote it.",
        subcommands: [
            AuditList.self, AuditExportCommand.self, AuditKeysCommand.self, AuditCheck.self, AuditVerify.self,
        ]
    )
}
