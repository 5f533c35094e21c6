import Ambient
import Audit
import Foundation
import Hub
import Hypertext
import JSON
import OpenSSL
import PostgreSQL
import Recovery
import Reporting
import TestKit
import Testing

/// Reports on paper.
///
/// WeasyPrint and poppler's pdftotext are there where `Tests/run` has run.
@Suite(.serialized) struct `A printed drill report` {
    private static let reader = "/usr/bin/pdftotext"

    private static func large(_ servers: Int) -> Report {
        var run = Rehearsal(
            .sample(waves: [servers / 2, servers - servers / 2]) {
                $0.recoveryTimeObjectiveMinutes = 60
                $0.recoveryPointObjectiveSeconds = 300
            }
        )
        run.launch(0)
        run.accept(1)
        run.report("FAILED", 1, servers: [servers], error: "=cmd|' /C calc'!A0 <script>alert(1)</script>")
        run.report("LAUNCHED", 1)
        run.end(1)
        var material = ReportMaterial(execution: run.execution, journal: [], journalHead: .empty)
        material.baseline = .init(
            takenAt: .sample,
            servers: Dictionary(
                uniqueKeysWithValues: (1...servers).map {
                    (
                        SourceServerID.sample($0),
                        ReportMaterial.Replication(
                            state: "CONTINUOUS",
                            lagSeconds: $0 == 1 ? 301 : 7,
                            asOf: .sample
                        )
                    )
                }
            )
        )
        return Report(
            material,
            .init(
                reportId: "0193a0b0-0000-7000-8000-000000000001",
                version: 1,
                why: "the execution ended",
                madeBy: "muster",
                madeAt: run.now,
                hubVersion: "test"
            )
        )
    }

    private static func text(of pdf: [UInt8], _ name: String) async throws -> String {
        let file = FileManager.default.temporaryDirectory.appending(path: "muster-print-\(name).pdf")
        try Data(pdf).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let result = try await Program.run(Self.reader, ["-layout", file.path, "-"])
        #expect(result.status == 0)
        return result.output
    }

    @Test func `says the same as page, JSON and table`() async throws {
        let report = Self.large(12)
        let keys = try SealKeys(seeds: [SecretBytes(taking: Array(repeating: 7, count: 32))])
        let seal = try ReportSeal(report, by: keys)
        let press = ReportPress()
        try #require(press.isAvailable, "weasyprint is not installed: Tests/run installs it")
        let pdf = try await press.print(report, seal, as: "same")
        #expect(pdf.starts(with: "%PDF-".utf8))
        let printed = try await Self.text(of: pdf, "same")
        let page = ReportPage(report, seal, .page).document.description
        let json = try JSON(parsing: SealedReport(report, seal).bytes)["report"]
        let counts = try #require(json?["summary"]?["counts"])
        #expect(counts["launched"]?.integer == 11 && counts["failed"]?.integer == 1)
        let total = try #require(json?["recoveryTime"]?["anatomy"]?["totals"]?["total"]?.integer)
        let seconds = Words.seconds(milliseconds: Int(total))
        #expect(printed.contains(seconds) && page.contains(seconds))
        let verdict = try #require(json?["summary"]?["verdict"]?["result"]?.string)
        #expect(printed.contains(verdict) && page.contains(verdict))
        let hash = seal.contentHash.prefix(20)
        #expect(printed.contains(hash) && page.contains(hash))
        for section in report.sections {
            #expect(printed.contains("\(section.number). \(section.title)"), "section \(section.number)")
        }
        let rows = report.csv.split(separator: "\r\n").dropFirst()
        #expect(rows.count { $0.contains("\"LAUNCHED\",\"LAUNCHED\"") } == 11)
        #expect(rows.count { $0.contains("\"false\"") } == 1, "one breach of the recovery point objective")
        #expect(report.recoveryPoint.breaches == 1 && printed.contains("BREACH") && page.contains("BREACH"))
        #expect(printed.contains("Page 1 of ") && printed.contains("not recorded"))
    }

    @Test func `prints a thousand servers, of long tables the exceptions`() async throws {
        let report = Self.large(1000)
        let seal = try ReportSeal(report, by: SealKeys(seeds: [SecretBytes(taking: Array(repeating: 7, count: 32))]))
        let pdf = try await ReportPress().print(report, seal, as: "thousand")
        let printed = try await Self.text(of: pdf, "thousand")
        #expect(printed.contains("1000 rows in all; 1 of them are exceptions"))
    }

    /// A hub that stops must be gone within seconds, and a print takes up to two minutes.
    @Test func `is given up, and its program ended, when nobody waits for it any more`() async throws {
        let folder = try TestFolder.folder
        let (program, marker) = ("\(folder)/weasyprint", "\(folder)/begun")
        let script = "#!/bin/sh\necho $$ > \(marker).new; mv \(marker).new \(marker); exec sleep 3600\n"
        #expect(
            FileManager.default.createFile(
                atPath: program,
                contents: Data(script.utf8),
                attributes: [.posixPermissions: 0o700]
            )
        )
        let press = ReportPress(places: [program])
        let printing = Task { try await press.pdf(of: "<p>x</p>", attaching: [], as: "given-up") }
        try await eventually("it prints") { FileManager.default.fileExists(atPath: marker) }
        let number = try String(contentsOfFile: marker, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        printing.cancel()
        await #expect(throws: CancellationError.self) { try await printing.value }
        try await eventually("its program is gone") { !FileManager.default.fileExists(atPath: "/proc/\(number)") }
        await #expect(throws: ReportPress.Failure.self) {
            try await ReportPress(places: ["/bin/false"]).pdf(of: "<p>x</p>", attaching: [], as: "given-up")
        }
    }

    @Test func `is not there where WeasyPrint is not`() async throws {
        let report = Self.large(2)
        let seal = try ReportSeal(report, by: SealKeys(seeds: [SecretBytes(taking: Array(repeating: 7, count: 32))]))
        let press = ReportPress(places: ["/nonexistent/weasyprint"])
        #expect(!press.isAvailable)
        await #expect(throws: ReportPress.Failure.self) { try await press.print(report, seal, as: "missing") }
    }
}

extension ReportPress {
    fileprivate func print(_ report: Report, _ seal: ReportSeal, as name: String) async throws -> [UInt8] {
        try await pdf(
            of: ReportPage(report, seal, .print).document,
            attaching: [("report.json", SealedReport(report, seal).bytes), ("servers.csv", Array(report.csv.utf8))],
            as: name
        )
    }
}
