import Ambient
import Console
import Contract
import Recovery
import Reporting

extension Sample {
    static func coverage(_ text: String? = nil) -> CoveragePage {
        let plan = { (name: String, provenAt: Instant?) in
            Coverage.PlanRow(
                planId: id(70),
                planName: text ?? name,
                application: text ?? "Payments",
                owner: text,
                readiness: .verified,
                lastTestedAt: now,
                lastProvenAt: provenAt,
                lastResult: provenAt == nil ? .fail : .pass,
                recoverySeconds: provenAt == nil ? nil : 2400,
                objectiveSeconds: 3600,
                nextScheduledAt: nil
            )
        }
        let coverage = Coverage(
            accounts: [
                .init(
                    accountId: label("111122223333"),
                    accountName: text ?? "Payments",
                    owner: text ?? "ops",
                    servers: 40,
                    serversInPlans: 30,
                    serversProven: 20
                )
            ],
            plans: [plan("Payments", now), plan("Payroll", nil)],
            quarters: [.init(quarter: "2026Q4", runs: 3, passes: 2, serversLaunched: 20)],
            findings: .init(under30Days: 1, under90Days: 0, older: 2, overdue: 1, unassigned: 1, accepted: 1),
            causes: [.init(cause: text ?? "documentation", executions: 2)],
            days: 90,
            at: now
        )
        return CoveragePage(
            coverage: coverage,
            asked: GetCoverage(application: text, owner: text, days: 90),
            choices: .init(
                accounts: [(value: "111122223333", label: text ?? "Payments")],
                regions: ["us-east-1"],
                applications: [text ?? "Payments"],
                owners: text.map { [$0] } ?? []
            )
        )
    }

    static var noCoverage: CoveragePage {
        CoveragePage(
            coverage: Coverage(
                accounts: [],
                plans: [],
                quarters: [],
                findings: .init(under30Days: 0, under90Days: 0, older: 0, overdue: 0, unassigned: 0, accepted: 0),
                causes: [],
                days: 90,
                at: now
            ),
            asked: GetCoverage(),
            choices: .init(accounts: [], regions: [], applications: [], owners: [])
        )
    }
}
