internal import Ambient
internal import ArgumentParser
internal import Contract
internal import Foundation
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
