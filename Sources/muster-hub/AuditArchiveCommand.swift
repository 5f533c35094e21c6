internal import Ambient
internal import ArgumentParser
internal import Audit
internal import Hub
internal import Recovery

struct AuditCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Keep the audit.",
        subcommands: [AuditArchiveCommand.self]
    )
}

struct AuditArchiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive",
        abstract: "Move the oldest part of the audit into a file, which stays verifiable.",
        discussion: """
            Runs as the owner of the tables (MUSTER_DATABASE_OWNER_URL), with the hub's secret key file. Nothing is \
            deleted before the file is on the disk and the audit says under its seal what is in it. Kept are \
            \(Limits.auditYears) years unless --before says otherwise.
            """
    )

    @OptionGroup var keys: KeyOptions
    @Argument(help: "The file, which must not exist.") var file: String
    @Option(help: "What happened before this time goes; \(Limits.auditYears) years ago unless said.")
    var before: String?

    private static let kept = Duration.seconds(365 * 86_400 * Limits.auditYears)

    func run() async throws {
        let now = Ambient().now
        guard let moment = before.map({ Instant($0) }) ?? (now - Self.kept), moment <= now else {
            throw ValidationError("--before must be a time of the past, such as 2026-01-01T00:00:00Z.")
        }
        guard let archive = try await keys.serving().archiveAudit(before: moment, to: file) else {
            print("Nothing is so old.")
            return
        }
        print("Archived through event \(archive.end.place.sequence): \(file), SHA-256 \(archive.fileDigest).")
    }
}
