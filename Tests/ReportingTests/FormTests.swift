import Ambient
import Audit
import Hypertext
import JSON
import Recovery
import Reporting
import TestKit
import Testing

@Suite struct `A drill report` {
    @Test func `has its 22 sections in every form, whatever is missing`() throws {
        let drill = Drill(Seed(3))
        let empty = Report(drill.material(), .sample(at: drill.now))
        for report in [Report.sample(), empty] {
            #expect(report.sections.map(\.number) == Array(1...22))
            #expect(report.sections.allSatisfy { !$0.blocks.isEmpty })
            let page = ReportPage(report, try ReportSeal(report, by: .sample()), .page).document.description
            for section in report.sections {
                #expect(page.contains("<h2 id=\"title-\(section.number)\">\(section.number). "))
            }
        }
        let page = ReportPage(empty, try ReportSeal(empty, by: .sample()), .page).document.description
        for what in ["Scenario", "Findings", "Distribution", "Third parties"] {
            #expect(page.contains("\(what): not recorded."), "\(what)")
        }
    }

    @Test func `says as whom people called, and which of them used a break-glass code`() throws {
        let report = Report.sample { material in
            material.calls = [
                .sample("ApproveWave", principal: "1-2@https://issuer.example"),
                .sample("PauseExecution", principal: "grace@muster:break-glass", .refused),
            ]
        }
        let blocks = report.sections[12].blocks
        let tables = blocks.compactMap { if case .table(let table) = $0 { table } else { nil } }
        let calls = try #require(tables.first { $0.columns.contains("Subject and issuer") })
        #expect(calls.rows.map { $0.cells[4] } == ["by its issuer", "BREAK-GLASS"])
        #expect(calls.rows.map(\.isException) == [false, true])
        let page = ReportPage(report, try ReportSeal(report, by: .sample()), .print).document.description
        #expect(page.contains("Uses of break-glass codes: 1."))
    }

    @Test func `sets beside each wave when the plan alone has it, and when its objective needs it`() throws {
        let report = Report.sample { $0.execution = Self.with(objective: 60, $0.execution) }
        for wave in report.plan.waves {
            let (begin, end) = (try #require(wave.plannedStartSeconds), try #require(wave.plannedEndSeconds))
            #expect(end == begin + 540, "the time that DRS takes for a wave")
            #expect(wave.dependsOnWaves.isEmpty == (begin == 0))
        }
        let latest = try #require(report.plan.waves.compactMap(\.plannedEndSeconds).max())
        let last = report.plan.waves.first { $0.plannedEndSeconds == latest }
        #expect(last?.targetSeconds == 3600, "the last wave must be done when the objective ends")
    }

    private static func with(objective minutes: Int, _ execution: Execution) -> Execution {
        var plan = execution.plan
        plan.recoveryTimeObjectiveMinutes = minutes
        return restored(execution, plan, execution.startedBy)
    }

    @Test func `is no other report when it is read again`() throws {
        let report = Report.sample(names: Hostile.names)
        #expect(try Report(text: report.text) == report)
        #expect(try Report(text: report.text).text == report.text)
    }

    @Test(arguments: Hostile.names) func `shows what is hostile as text`(name: String) throws {
        let report = Report.sample(names: [name]) { material in
            material.execution = Self.renamed(material.execution, name)
        }
        for medium in [ReportPage.Medium.page, .print] {
            let html = ReportPage(report, try ReportSeal(report, by: .sample()), medium).document
            #expect(html.misplacements == [])
            let text = html.description
            #expect(!text.contains("<script"))
            #expect(!text.contains("<img"))
            #expect(text.components(ofTag: "style") == 1)
        }
        let csv = report.csv
        let rows = CSVReader.rows(csv)
        #expect(rows.count == report.servers.count + 1)
        #expect(rows.allSatisfy { $0.count == Report.csvColumns.count })
        for field in rows.dropFirst().flatMap(\.self) {
            let first = field.first { $0 != " " }
            #expect(Int(field) != nil || first.map { !"=+-@\t\r\n＝|%".contains($0) } ?? true, "\(field)")
        }
        #expect(try JSON(parsing: SealedReport(report, ReportSeal(report, by: .sample())).bytes)["report"] != nil)
    }

    @Test func `prints of a long table its exceptions, and says where the rest is`() {
        let rows = (1...500).map { ReportTable.Row(["\($0)"], isException: $0 % 10 == 0) }
        let (printed, sentence) = ReportTable("Servers", ["No."], rows, attachment: "servers.csv").printed
        #expect(printed.count == 50)
        #expect(sentence == "500 rows in all; 50 of them are exceptions. All rows are in the attached servers.csv.")
        #expect(ReportTable("Servers", ["No."], Array(rows.prefix(200))).printed.sentence == nil)
        let bad = rows.map { ReportTable.Row($0.cells, isException: true) }
        #expect(ReportTable("Servers", ["No."], bad).printed.rows.count == 200)
    }

    @Test func `says PASS only where the data was young enough too`() {
        func report(objective: Int, lag: Int) -> Report {
            var run = Rehearsal(.sample(waves: [1]) { $0.recoveryPointObjectiveSeconds = objective })
            run.launch(0)
            var material = ReportMaterial(execution: run.execution, journal: [], journalHead: .empty)
            material.baseline = .init(
                takenAt: .sample,
                servers: [
                    SourceServerID.sample(1): ReportMaterial.Replication(
                        state: "CONTINUOUS",
                        lagSeconds: lag,
                        asOf: .sample
                    )
                ]
            )
            return Report(material, .sample(at: run.now))
        }
        #expect(report(objective: 60, lag: 60).summary.verdict?.result == .pass)
        let late = report(objective: 60, lag: 61)
        #expect(late.summary.verdict?.result == .passWithDeviations)
        #expect(late.summary.verdict?.reasons.map(\.code) == [Verdict.recoveryPointObjectiveMissed])
        #expect(late.summary.results.last?.outcome == .missed)
        #expect(late.summary.results.last?.marginSeconds == -1)
    }

    private static func renamed(_ execution: Execution, _ name: String) -> Execution {
        var plan = execution.plan
        plan.planName = name
        for wave in plan.waves.indices {
            plan.waves[wave].name = name
            for server in plan.waves[wave].servers.indices { plan.waves[wave].servers[server].hostname = name }
        }
        return restored(execution, plan, name)
    }

    /// The execution with another plan, started by somebody else.
    private static func restored(_ execution: Execution, _ plan: FrozenPlan, _ name: String) -> Execution {
        let header = Execution.Header(
            id: execution.id,
            plan: plan,
            type: execution.type,
            reason: name,
            startedBy: name,
            startedAt: execution.startedAt,
            declaredAt: nil,
            status: execution.status,
            endedAt: execution.endedAt,
            verdict: execution.verdict,
            control: execution.control
        )
        return Execution(
            restoring: header,
            waves: [],
            servers: execution.servers,
            jobs: Array(execution.jobs.values)
        )
    }
}

extension String {
    func components(ofTag tag: String) -> Int {
        ranges(of: "<\(tag)").count
    }
}

/// Reads RFC 4180, for what is written to be read by others.
enum CSVReader {
    static func rows(_ text: String) -> [[String]] {
        var (rows, row, field) = ([[String]](), [String](), "")
        var isQuoted = false
        var scalars = Array(text.unicodeScalars)[...]
        while let next = scalars.popFirst() {
            switch next {
            case "\"" where isQuoted && scalars.first == "\"":
                field.unicodeScalars.append("\"")
                scalars.removeFirst()
            case "\"": isQuoted.toggle()
            case "," where !isQuoted:
                row.append(field)
                field = ""
            case "\r" where !isQuoted && scalars.first == "\n":
                scalars.removeFirst()
                rows.append(row + [field])
                (row, field) = ([], "")
            default: field.unicodeScalars.append(next)
            }
        }
        return rows
    }
}
