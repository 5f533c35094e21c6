import Ambient
import Hypertext
import Recovery
import Reporting
import TestKit
import Testing

@Suite struct `The coverage of an enterprise` {
    private static func plan(_ name: String, provenAt: Instant?, taken: Int? = 100) -> Coverage.PlanRow {
        Coverage.PlanRow(
            planId: .sample(1),
            planName: name,
            application: nil,
            owner: "=cmd()",
            readiness: .verified,
            lastTestedAt: provenAt,
            lastProvenAt: provenAt,
            lastResult: provenAt == nil ? nil : .pass,
            recoverySeconds: taken,
            objectiveSeconds: 60,
            nextScheduledAt: nil
        )
    }

    @Test func `calls a plan overdue when its proof is as old as a proof may be, or there is none`() {
        let day = Duration.seconds(86_400)
        let coverage = Coverage(
            accounts: [
                .init(
                    accountId: Place.sample().accountId,
                    accountName: nil,
                    owner: nil,
                    servers: 5,
                    serversInPlans: 3,
                    serversProven: 2
                )
            ],
            plans: [
                Self.plan("fresh", provenAt: .sample - day * 89), Self.plan("late", provenAt: .sample - day * 90),
                Self.plan("never", provenAt: nil, taken: nil),
            ],
            quarters: [.init(quarter: "2026Q4", runs: 3, passes: 2, serversLaunched: 2)],
            findings: .init(under30Days: 1, under90Days: 2, older: 3, overdue: 1, unassigned: 2, accepted: 4),
            causes: [],
            days: 90,
            at: .sample
        )
        #expect(coverage.plans.map(\.isOverdue) == [false, true, true])
        #expect(coverage.plans.map(\.marginSeconds) == [-40, -40, nil])
        #expect(coverage.totals.plansOverdue == 2 && coverage.totals.plansNeverProven == 1)
        #expect(coverage.totals.servers == 5 && coverage.totals.serversProven == 2)
        #expect(coverage.quarters.count == Coverage.quartersShown)
        #expect(coverage.quarters.compactMap(\.passPercent) == [67])
        #expect(coverage.findings.open == 6)
        let rows = CSVReader.rows(coverage.csv)
        #expect(rows.count == 4 && rows[1][2] == "'=cmd()")
    }

    private static func coverage(_ plans: [Coverage.PlanRow], findings: Coverage.FindingAges? = nil) -> Coverage {
        Coverage(
            accounts: [],
            plans: plans,
            quarters: [],
            findings: findings
                ?? .init(under30Days: 0, under90Days: 0, older: 0, overdue: 0, unassigned: 0, accepted: 0),
            causes: [],
            days: 90,
            at: .sample
        )
    }

    @Test func `lists what is due, the one that waits longest first, and the quarters without a run`() {
        let day = Duration.seconds(86_400)
        let coverage = Self.coverage([
            Self.plan("in a month", provenAt: .sample - day * 61), Self.plan("far off", provenAt: .sample - day * 59),
            Self.plan("late", provenAt: .sample - day * 100), Self.plan("later", provenAt: .sample - day * 200),
            Self.plan("never", provenAt: nil, taken: nil),
        ])
        #expect(coverage.drillsDue.map(\.planName) == ["never", "later", "late", "in a month"])
        let names = coverage.quarters.map(\.quarter)
        #expect(names == names.sorted() && Set(names).count == Coverage.quartersShown)
        let year = Instant.sample.description.prefix(4)
        #expect(names.last?.hasPrefix(year) == true)
        #expect(coverage.quarters.allSatisfy { $0.runs == 0 && $0.passPercent == nil })
    }

    @Test func `says of a source's demand all of it only where all of it is shown`() {
        func met(_ coverage: Coverage, _ source: String) -> [Bool] {
            coverage.demands.filter { $0.source.hasPrefix(source) }.map(\.isMet)
        }
        let day = Duration.seconds(86_400)
        let nothing = Self.coverage([])
        #expect(met(nothing, "DORA") == [false, false], "no plan is no proof")
        #expect(met(nothing, "NIST") == [true], "no finding leaves none without an owner")
        let open = Coverage.FindingAges(
            under30Days: 2,
            under90Days: 0,
            older: 0,
            overdue: 1,
            unassigned: 1,
            accepted: 0
        )
        let old = Self.coverage([Self.plan("old", provenAt: .sample - day * 300, taken: 60)], findings: open)
        #expect(met(old, "SOC 2") == [true] && met(old, "ISO") == [false])
        #expect(met(old, "FFIEC") == [true, false, false])
        let slow = Self.coverage([Self.plan("slow", provenAt: .sample - day, taken: 61)])
        #expect(met(slow, "FFIEC") == [false, true, true])
        let sources = ["DORA", "FFIEC", "SOC 2", "PCI", "NIST", "ISO 22301"]
        #expect(sources.allSatisfy { source in slow.demands.contains { $0.source.hasPrefix(source) } })
    }

    @Test(arguments: Hostile.names) func `shows what is hostile as text`(name: String) {
        var plan = Self.plan(name, provenAt: .sample)
        plan.application = name
        plan.owner = name
        let coverage = Coverage(
            accounts: [
                .init(
                    accountId: Place.sample().accountId,
                    accountName: name,
                    owner: name,
                    servers: 1,
                    serversInPlans: 1,
                    serversProven: 1
                )
            ],
            plans: [plan],
            quarters: [],
            findings: .init(under30Days: 0, under90Days: 0, older: 0, overdue: 0, unassigned: 0, accepted: 0),
            causes: [.init(cause: name, executions: 2)],
            days: 90,
            at: .sample
        )
        for medium in [ReportPage.Medium.page, .print] {
            let form = CoverageForm(coverage, narrowedTo: [("Owner", name)], for: name, medium)
            #expect(form.document.misplacements == [])
            let text = form.document.description
            #expect(!text.contains("<script") && !text.contains("<img"))
            #expect(text.ranges(of: "<style").count == 1)
            for section in coverage.sections {
                #expect(text.contains("\(section.number). \(section.title)</h2>"))
            }
        }
        let rows = CSVReader.rows(coverage.csv)
        #expect(rows.count == 2 && rows.allSatisfy { $0.count == rows[0].count })
        for field in rows[1] {
            let first = field.first { $0 != " " }
            #expect(Int(field) != nil || first.map { !"=+-@\t\r\n＝|%".contains($0) } ?? true, "\(field)")
        }
    }
}
