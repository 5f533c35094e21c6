internal import Ambient
internal import ArgumentParser
internal import Audit
internal import Contract
internal import Foundation
internal import JSON
internal import Recovery
internal import Reporting

struct ReportVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify a downloaded report (JSON) against its evidence, without any hub.",
        discussion: """
            Of an execution's report it recomputes the signature, the hash of the content, the hash of every event of the \
            journal, the hash of the plan, and the figures that follow from them. Of a campaign's report it recomputes the \
            signature, the hash and the sums; reports of its drills, given with --drill, are verified too, and compared \
            with what the campaign says. Ends with 0 when all of it holds, with 1 when not. The JSON is also attached to \
            the PDF.
            """
    )

    @Argument(help: "The report as JSON; - for standard input.") var file: String
    @Option(help: "The verification keys, as muster audit keys prints them.") var keys: String
    @Option(help: "Of a campaign's report: a drill's report as JSON; repeat for more.") var drill: [String] = []

    func run() throws {
        let known: AuditKeys
        do {
            known = try AuditKeys(document: InputFile.json(keys).bytes)
        } catch let error as Trouble {
            throw error
        } catch {
            throw Trouble("\(keys) has no verification keys", code: "NO_KEYS", details: ["\(error)"])
        }
        let bytes = try Self.read(file)
        if CampaignVerification.isCampaign(bytes) { return try verifyCampaign(bytes, known) }
        guard drill.isEmpty else {
            throw Trouble("\(file) is no campaign's report: it has no drills", code: "INVALID_INPUT")
        }
        let found = ReportVerification(of: bytes, keys: known)
        guard found.problems.isEmpty, let report = found.report else { throw Self.unproved(found.problems) }
        let identity = report.identity
        print("This is \(report.isInterim ? "an interim report" : "version \(identity.version) of the report")")
        print("of execution \(identity.executionId), \(identity.planName.printable), as it was made.")
        for what in found.checked { print("Verified: \(what).") }
    }

    private func verifyCampaign(_ bytes: [UInt8], _ keys: AuditKeys) throws {
        let found = CampaignVerification(of: bytes, drills: try drill.map(Self.read), keys: keys)
        guard found.problems.isEmpty, let report = found.report else { throw Self.unproved(found.problems) }
        let identity = report.identity
        print("This is \(report.isInterim ? "an interim report" : "version \(identity.version) of the report")")
        print("of campaign \(identity.campaignName.printable), as it was made.")
        for what in found.checked { print("Verified: \(what.printable).") }
        let named = report.drills.count { $0.result != nil }
        if drill.count < named { print("Not at hand: \(named - drill.count) of the \(named) reports that it names.") }
    }

    private static func unproved(_ problems: [String]) -> Trouble {
        Trouble(
            "The report is not what was made",
            code: "REPORT_NOT_PROVED",
            details: problems,
            advice: "Fetch it again, with the keys of the hub that made it."
        )
    }

    private static func read(_ file: String) throws -> [UInt8] {
        do {
            let input = file == "-" ? FileHandle.standardInput : try FileHandle(forReadingFrom: URL(filePath: file))
            return Array(try input.readToEnd() ?? Data())
        } catch {
            throw Trouble("\(file) cannot be read", code: "FILE_UNREADABLE", details: [error.localizedDescription])
        }
    }
}
