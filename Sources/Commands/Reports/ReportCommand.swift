internal import Ambient
internal import ArgumentParser
internal import Audit
internal import Contract
internal import Foundation
internal import JSON
internal import Recovery
internal import Reporting

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Drill reports: what a run was, what came of it, and what people add.",
        discussion: "A final report makes itself when an execution ends; while it runs, get makes an interim one.",
        subcommands: [
            ReportGet.self, ReportVersions.self, ReportMake.self, ReportEntries.self, ReportAdd.self,
            ReportWithdraw.self, ReportVerify.self, ReportCoverage.self,
        ]
    )
}

extension ReportFormat: ExpressibleByArgument {}

struct ReportGet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Fetch the report of an execution into a file.",
        discussion: "muster report get latest --as pdf drill.pdf"
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var named: ExecutionArgument
    @Argument(help: "The file, which must not exist; - for standard output.") var file: String
    @Option(help: "json, html, pdf or csv.") var `as`: ReportFormat = .json
    @Option(help: "A version instead of the newest.") var version: Int?
    @Flag(help: "As of this moment, whatever versions there are.") var interim = false

    func run() async throws {
        try await common.session { session in
            let call = GetReport(
                executionId: try await session.execution(named.execution),
                format: `as`,
                version: version,
                interim: interim ? true : nil
            )
            try ReportFile.write(try await session.client.download(call), to: file, session)
        }
    }
}

enum ReportFile {
    /// Writes a report that was fetched.
    ///
    /// - Throws: `Trouble` FILE_UNWRITABLE; a file that is there stays as it is.
    static func write(_ bytes: [UInt8], to file: String, _ session: Session) throws {
        if file == "-" { return try FileHandle.standardOutput.write(contentsOf: Data(bytes)) }
        do {
            try Data(bytes).write(to: URL(filePath: file), options: .withoutOverwriting)
        } catch {
            throw Trouble("\(file) exists, or cannot be written", code: "FILE_UNWRITABLE")
        }
        session.output.report("Wrote \(file).")
    }
}

struct ReportVersions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "versions", abstract: "List the versions of a report.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var list: ListOptions
    @OptionGroup var named: ExecutionArgument

    func run() async throws {
        try await common.session { session in
            let call = ListReports(executionId: try await session.execution(named.execution))
            session.output.show(try await session.client.every(call, atMost: list.limit))
        }
    }
}

struct ReportMake: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "make",
        abstract: "Make a new version of an ended execution's report.",
        discussion: "It has what people entered since; earlier versions stay as they are."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var named: ExecutionArgument
    @Argument(help: "Why there is another version.") var why: String

    func run() async throws {
        try await common.session { session in
            let id = try await session.execution(named.execution)
            let call = MakeReport(executionId: id, body: MakeReport.Body(why: why))
            let reply = try await session.client.reply(to: call)
            session.output.report(reply, "Made version \(reply.answer.version).")
        }
    }
}

extension ReportVersionView: Tabular, Detailed {
    static var columns: [Table.Column] {
        [.number("VERSION"), .text("MADE"), .text("BY"), .text("WHY"), .text("CONTENT HASH")]
    }

    var row: [Table.Cell] {
        [
            Table.Cell("\(version)"), Table.Cell(Words.moment(madeAt)), Table.Cell(madeBy), Table.Cell(why),
            Table.Cell(contentHash),
        ]
    }

    var quiet: String { "\(version)" }

    var sections: [Section] {
        [
            .fields([
                ("Version", Table.Cell("\(version)", .strong)), ("Made", Table.Cell(Words.moment(madeAt))),
                ("By", Table.Cell(madeBy)), ("Why", Table.Cell(why)), ("Content hash", Table.Cell(contentHash)),
                ("Signed with", Table.Cell(keyId)),
            ])
        ]
    }
}

struct ReportVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify a downloaded report (JSON) against its evidence, without any hub.",
        discussion: """
            Recomputes the signature, the hash of the content, the hash of every event of the journal, the hash of the \
            plan, and the figures that follow from them. Ends with 0 when all of it holds, with 1 when not. The JSON is \
            also attached to the PDF.
            """
    )

    @Argument(help: "The report as JSON; - for standard input.") var file: String
    @Option(help: "The verification keys, as muster audit keys prints them.") var keys: String

    func run() throws {
        let known: AuditKeys
        do {
            known = try AuditKeys(document: InputFile.json(keys).bytes)
        } catch let error as Trouble {
            throw error
        } catch {
            throw Trouble("\(keys) has no verification keys", code: "NO_KEYS", details: ["\(error)"])
        }
        let bytes: [UInt8]
        do {
            let input = file == "-" ? FileHandle.standardInput : try FileHandle(forReadingFrom: URL(filePath: file))
            bytes = Array(try input.readToEnd() ?? Data())
        } catch {
            throw Trouble("\(file) cannot be read", code: "FILE_UNREADABLE", details: [error.localizedDescription])
        }
        let found = ReportVerification(of: bytes, keys: known)
        guard found.problems.isEmpty, let report = found.report else {
            throw Trouble(
                "The report is not what was made",
                code: "REPORT_NOT_PROVED",
                details: found.problems,
                advice: "Fetch it again, with the keys of the hub that made it."
            )
        }
        let identity = report.identity
        print("This is \(report.isInterim ? "an interim report" : "version \(identity.version) of the report")")
        print("of execution \(identity.executionId), \(identity.planName.printable), as it was made.")
        for what in found.checked { print("Verified: \(what).") }
    }
}
