import Ambient
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
            lastProvenAt: provenAt,
            lastResult: provenAt == nil ? nil : .pass,
            recoverySeconds: taken,
            objectiveSeconds: 60
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
            quarters: [.init(quarter: "2026Q4", runs: 3, passes: 2)],
            findings: .init(under30Days: 1, under90Days: 2, older: 3, overdue: 1, accepted: 4),
            causes: [],
            days: 90,
            at: .sample
        )
        #expect(coverage.plans.map(\.isOverdue) == [false, true, true])
        #expect(coverage.plans.map(\.marginSeconds) == [-40, -40, nil])
        #expect(coverage.totals.plansOverdue == 2 && coverage.totals.plansNeverProven == 1)
        #expect(coverage.totals.servers == 5 && coverage.totals.serversProven == 2)
        #expect(coverage.quarters.map(\.passPercent) == [67])
        #expect(coverage.findings.open == 6)
        let rows = CSVReader.rows(coverage.csv)
        #expect(rows.count == 4 && rows[1][2] == "'=cmd()")
    }
}
