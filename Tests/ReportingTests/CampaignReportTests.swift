import Ambient
import Audit
import Hypertext
import JSON
import Recovery
import Reporting
import TestKit
import Testing

@Suite struct `A campaign's report` {
    private static func item(_ number: Int, _ state: Campaign.Item.State, name: String = "Plan") -> Campaign.Item {
        Campaign.Item(
            position: number,
            planId: .sample(100 + number),
            planName: name,
            accounts: [Place.sample().accountId],
            state: state,
            executionId: state == .waiting || state == .skipped ? nil : .sample(200 + number),
            detail: name,
            begunAt: .sample,
            endedAt: state == .running ? nil : .sample + .seconds(600)
        )
    }

    private static func campaign(_ status: Campaign.Status, _ items: [Campaign.Item]) -> Campaign {
        Campaign(
            campaignId: .sample(1),
            campaignName: items.first?.planName ?? "Autumn",
            reason: items.first?.planName ?? "",
            rules: .init(mostAtOnce: 2, mostPerAccount: 1, stopAfterFailures: 3, patienceMinutes: 1),
            cleanUpAfterHours: 4,
            startedBy: "ada",
            startedAt: .sample,
            status: status,
            endedAt: status.isTerminal ? .sample + .seconds(900) : nil,
            items: items
        )
    }

    /// A drill's report whose verdict is what is wanted.
    private static func drill(_ verdict: Verdict.Result, _ names: [String] = ["db-1"]) -> Report {
        var report = Report.sample(names: names)
        report.summary.verdict = Verdict(result: verdict, reasons: report.summary.verdict?.reasons ?? [])
        return report
    }

    private static func report(
        _ status: Campaign.Status,
        _ items: [(state: Campaign.Item.State, verdict: Verdict.Result?)],
        name: String = "Plan"
    ) -> CampaignReport {
        let items = items.enumerated().map { (Self.item($0, $1.state, name: name), $1.verdict) }
        var results: [Execution.ID: CampaignReport.Result] = [:]
        for (item, verdict) in items {
            if let id = item.executionId, let verdict {
                results[id] = CampaignReport.Result(Self.drill(verdict, [name]), contentHash: "00")
            }
        }
        return CampaignReport(
            campaign(status, items.map(\.0)),
            results: results,
            .sample(at: .sample + .seconds(1000), version: status.isTerminal ? 1 : 0)
        )
    }

    static let verdicts:
        [(
            status: Campaign.Status, items: [(state: Campaign.Item.State, verdict: Verdict.Result?)],
            result: Verdict.Result?
        )] = [
            (.completed, [(.passed, .pass), (.passed, .pass)], .pass),
            (.completed, [(.passed, .pass), (.passed, .passWithDeviations)], .passWithDeviations),
            (.partial, [(.passed, .pass), (.failed, .partial)], .partial),
            // Completed as far as the machine knows; its report knows better.
            (.completed, [(.passed, .pass), (.passed, .fail)], .partial),
            (.partial, [(.failed, .fail), (.failed, nil)], .fail),
            (.failed, [(.passed, .pass), (.failed, .fail), (.skipped, nil)], .fail),
            (.cancelled, [(.passed, .pass), (.skipped, nil)], .aborted),
            (.completed, [(.passed, .pass), (.passed, nil)], .partial),
            (.running, [(.passed, .pass), (.running, nil), (.waiting, nil)], nil),
        ]

    @Test func `is as good as its drills' own reports, and says of each why not`() {
        for (status, items, result) in Self.verdicts {
            let report = Self.report(status, items)
            #expect(report.summary.verdict?.result == result, "\(status) \(items)")
            let flawed = items.count { $0.verdict != .pass } + (status == .failed || status == .cancelled ? 1 : 0)
            #expect(result == nil || report.summary.verdict?.reasons.count == flawed, "\(status) \(items)")
        }
    }

    @Test func `counts each drill once, and its servers, objectives and findings as their reports have them`() {
        let report = Self.report(.failed, [(.passed, .pass), (.failed, .fail), (.failed, nil), (.skipped, nil)])
        let summary = report.summary
        #expect([summary.passed, summary.notPassed, summary.open, summary.skipped] == [1, 1, 1, 1])
        let one = Report.sample()
        #expect(summary.servers.servers == 2 * one.summary.counts.servers)
        #expect(summary.servers.launched == 2 * one.summary.counts.launched)
        #expect(summary.openFindings == 2)
        let times = summary.timeObjectives
        #expect(times.met + times.missed + times.none == 2)
        #expect(summary.lastLaunchSeconds.map { $0 > 0 } ?? true)
    }

    @Test(arguments: Hostile.names) func `shows what is hostile as text`(name: String) throws {
        let report = Self.report(.completed, [(.passed, .pass), (.failed, .fail), (.skipped, nil)], name: name)
        let seal = try ReportSeal(report, by: .sample())
        for medium in [ReportPage.Medium.page, .print] {
            let html = CampaignForm(report, seal, medium).document
            #expect(html.misplacements == [])
            let text = html.description
            #expect(!text.contains("<script") && !text.contains("<img"))
            #expect(text.components(ofTag: "style") == 1)
        }
        let rows = CSVReader.rows(report.csv)
        #expect(rows.count == 4)
        #expect(rows.allSatisfy { $0.count == rows[0].count })
        for field in rows.dropFirst().flatMap(\.self) {
            let first = field.first { $0 != " " }
            #expect(Int(field) != nil || first.map { !"=+-@\t\r\n＝|%".contains($0) } ?? true, "\(field)")
        }
        #expect(try CampaignReport(text: report.text) == report)
    }

    @Test func `has its sections also when nothing began`() throws {
        let report = Self.report(.cancelled, [(.skipped, nil)])
        #expect(report.sections.count == 10)
        #expect(report.sections.allSatisfy { !$0.blocks.isEmpty })
        let page = CampaignForm(report, try ReportSeal(report, by: .sample()), .page).document.description
        #expect(page.contains("No drill began.") && page.contains("ABORTED"))
    }
}

@Suite struct `A downloaded report of a campaign` {
    private struct Files {
        var campaign: SealedCampaignReport
        var drill: SealedReport

        init(altering alter: (inout CampaignReport) -> Void = { _ in }) throws {
            let keys = try SealKeys.sample()
            let own = Report.sample()
            let seal = try ReportSeal(own, by: keys)
            drill = SealedReport(own, seal)
            let item = Campaign.Item(
                position: 0,
                planId: .sample(100),
                planName: "Plan",
                accounts: [Place.sample().accountId],
                state: .passed,
                executionId: own.identity.executionId,
                begunAt: .sample,
                endedAt: .sample
            )
            let campaign = Campaign(
                campaignId: .sample(1),
                campaignName: "Autumn",
                reason: "",
                rules: .init(mostAtOnce: 1, mostPerAccount: nil, stopAfterFailures: nil, patienceMinutes: 1),
                cleanUpAfterHours: nil,
                startedBy: "ada",
                startedAt: .sample,
                status: .completed,
                endedAt: .sample,
                items: [item]
            )
            let result = CampaignReport.Result(own, contentHash: seal.contentHash)
            var report = CampaignReport(
                campaign,
                results: [own.identity.executionId: result],
                .sample(at: .sample)
            )
            let drills = report.drills
            alter(&report)
            // Who alters a drill can also count anew.
            if report.drills != drills { report.summary = .init(of: report.drills, report.identity) }
            self.campaign = SealedCampaignReport(report, try ReportSeal(report, by: keys))
        }

        func verified(with drills: [[UInt8]]) throws -> CampaignVerification {
            let keys = try SealKeys.sample().publicKeys
            return CampaignVerification(of: campaign.bytes, drills: drills, keys: keys)
        }
    }

    @Test func `is proved by itself, and by the reports of its drills`() throws {
        let files = try Files()
        #expect(CampaignVerification.isCampaign(files.campaign.bytes))
        #expect(!CampaignVerification.isCampaign(files.drill.bytes))
        #expect(try files.verified(with: []).problems == [])
        let found = try files.verified(with: [files.drill.bytes])
        #expect(found.problems == [] && found.checked.count == 3)
    }

    /// Each must be noticed though whoever altered it can sign anew.
    static let alterations: [(name: String, alter: @Sendable (inout CampaignReport) -> Void)] = [
        ("a sum", { $0.summary.servers.launched += 1 }),
        ("the verdict", { $0.summary.verdict?.result = .aborted }),
        ("a drill's count", { $0.drills[0].result?.counts.failed += 1 }),
        ("a drill's verdict", { $0.drills[0].result?.verdict = Verdict(result: .aborted, reasons: []) }),
        ("a drill's hash", { $0.drills[0].result?.contentHash = "00" }),
        ("a drill's execution", { $0.drills[0].executionId = .sample(999) }),
        ("a drill's clean-up", { $0.drills[0].result?.cleanUp.left += 1 }),
    ]

    @Test func `is not believed when it was altered and signed anew`() throws {
        for (name, alter) in Self.alterations {
            let files = try Files(altering: alter)
            #expect(try !files.verified(with: [files.drill.bytes]).problems.isEmpty, "\(name)")
        }
    }

    @Test func `is not believed when it was altered, or is signed for another purpose`() throws {
        var files = try Files()
        files.campaign.report.identity.reason = "another"
        #expect(try files.verified(with: []).problems == ["The content is not what was signed."])
        var other = try Files()
        other.campaign.seal = other.drill.seal
        #expect(try other.verified(with: []).problems == ["It has no seal of a campaign's report."])
        let strange = try Files()
        #expect(try strange.verified(with: [Array("{}".utf8)]).problems.count == 1)
        let keys = try SealKeys.sample().publicKeys
        let drill = ReportVerification(of: strange.campaign.bytes, keys: keys)
        #expect(!drill.problems.isEmpty)
    }
}
