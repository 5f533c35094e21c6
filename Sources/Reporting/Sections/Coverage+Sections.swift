internal import Ambient
internal import Hypertext
internal import Recovery

/// The coverage's sections, as every form that people read shows them.
extension Coverage {
    package var sections: [ReportSection] {
        let contents: [(String, [ReportSection.Block])] = [
            ("Summary", summarySection), ("Drills due", dueSection), ("Plans", planSection),
            ("Applications and owners", shareSection), ("Accounts", accountSection),
            ("Trend by quarter", quarterSection), ("Recovery time against objectives", marginSection),
            ("Findings and repeated causes", findingSection), ("Control mapping", demandSection),
            ("How this was counted", methodSection),
        ]
        return contents.enumerated().map { index, content in
            ReportSection(number: index + 1, title: content.0, blocks: content.1)
        }
    }

    /// `3 of 4 (75.0 %)`.
    private static func part(_ part: Int, of whole: Int) -> String {
        "\(part) of \(whole) (\(Words.share(part, of: whole)))"
    }

    private var summarySection: [ReportSection.Block] {
        let fresh = totals.plans - totals.plansOverdue
        let runs = quarters.last
        return [
            .facts([
                ("Servers known", "\(totals.servers)"),
                ("Servers in plans", Self.part(totals.serversInPlans, of: totals.servers)),
                ("Servers proven", Self.part(totals.serversProven, of: totals.servers)),
                ("Plans", "\(totals.plans)"), ("Plans proven in time", Self.part(fresh, of: totals.plans)),
                ("Plans overdue", "\(totals.plansOverdue), of which never proven \(totals.plansNeverProven)"),
                ("Runs of this quarter", runs.map { Self.part($0.passes, of: $0.runs) + " passed" } ?? "-"),
                ("Last proofs within their time objective", Self.part(margins.met, of: margins.met + margins.missed)),
                ("Open findings", "\(findings.open), of which past their day \(findings.overdue)"),
            ]),
            .chart(
                coverageBar,
                words: "Servers proven, in plans only, and in no plan; the figures above say the same."
            ),
        ]
    }

    private var dueSection: [ReportSection.Block] {
        let rows = drillsDue.map { plan in
            ReportTable.Row(
                [
                    plan.planName, plan.application ?? Words.notRecorded, plan.owner ?? Words.notRecorded,
                    plan.lastProvenAt.map { Words.moment($0) } ?? "never",
                    plan.dueAt.map { Words.moment($0) } ?? "now", plan.isOverdue ? "OVERDUE" : "due",
                    plan.nextScheduledAt.map { Words.moment($0) } ?? "no schedule",
                ],
                isException: plan.isOverdue
            )
        }
        guard !rows.isEmpty else { return [.text("No drill is overdue, and none falls due within 30 days.")] }
        let columns = ["Plan", "Application", "Owner", "Last proven", "Due at", "Stands", "Next scheduled"]
        return [.table(ReportTable("Overdue, or due within 30 days", columns, rows, attachment: Self.attachment))]
    }

    private var planSection: [ReportSection.Block] {
        let rows = plans.map { plan in
            ReportTable.Row(
                [
                    plan.planName, plan.application ?? "-", plan.owner ?? "-", plan.readiness?.rawValue ?? "-",
                    Words.moment(plan.lastTestedAt), plan.lastResult?.rawValue ?? "never run",
                    Words.moment(plan.lastProvenAt), Words.duration(plan.recoverySeconds),
                    Words.duration(plan.objectiveSeconds), Words.duration(plan.marginSeconds),
                ],
                isException: plan.isOverdue || (plan.marginSeconds ?? 0) < 0
            )
        }
        guard !rows.isEmpty else { return [.text("There is no plan.")] }
        let columns = [
            "Plan", "Application", "Owner", "Readiness", "Last run", "Result", "Last proven", "Time taken", "Objective",
            "Margin",
        ]
        return [.table(ReportTable("Plans", columns, rows, attachment: Self.attachment))]
    }

    private var shareSection: [ReportSection.Block] {
        func table(_ caption: String, _ first: String, _ rows: [ShareRow]) -> ReportSection.Block {
            let cells = rows.map { row in
                ReportTable.Row(
                    [
                        row.name ?? Words.notRecorded, "\(row.plans)",
                        Self.part(row.plans - row.plansOverdue, of: row.plans),
                        Self.part(row.plansPassing, of: row.plans), "\(row.objectivesMissed)",
                    ],
                    isException: row.plansOverdue > 0
                )
            }
            let columns = [first, "Plans", "Proven in time", "Last run passed", "Objectives missed"]
            return cells.isEmpty ? .text("There is no plan.") : .table(ReportTable(caption, columns, cells))
        }
        return [table("By application", "Application", applications), table("By owner", "Owner", owners)]
    }

    private var accountSection: [ReportSection.Block] {
        let rows = accounts.map { account in
            ReportTable.Row(
                [
                    account.accountId.rawValue, account.accountName ?? "-", account.owner ?? Words.notRecorded,
                    "\(account.servers)", Self.part(account.serversInPlans, of: account.servers),
                    Self.part(account.serversProven, of: account.servers),
                ],
                isException: account.serversProven < account.servers
            )
        }
        guard !rows.isEmpty else { return [.text("No account has a server.")] }
        let columns = ["Account", "Name", "Owner", "Servers", "In plans", "Proven"]
        return [.table(ReportTable("Accounts", columns, rows))]
    }

    private var quarterSection: [ReportSection.Block] {
        let rows = quarters.map { quarter in
            ReportTable.Row([
                quarter.quarter, "\(quarter.runs)", "\(quarter.passes)",
                quarter.passPercent.map { "\($0) %" } ?? "no run", "\(quarter.serversLaunched)",
            ])
        }
        let columns = ["Quarter", "Runs", "Passed", "Pass rate", "Different servers launched"]
        return [
            .chart(quarterChart, words: "Runs and passes by quarter; the table below says the same."),
            .table(ReportTable("Quarter on quarter", columns, rows)),
        ]
    }

    private var marginSection: [ReportSection.Block] {
        [
            .facts([
                ("Objective met", "\(margins.met)"), ("Objective missed", "\(margins.missed)"),
                ("Proven, without an objective", "\(margins.notSet)"),
                ("Smallest margin", Words.duration(margins.worstSeconds)),
                ("Median margin", Words.duration(margins.medianSeconds)),
            ]),
            .text("A margin is what the last proof of a plan left of its recovery time objective; section 3 has each."),
        ]
    }

    private var findingSection: [ReportSection.Block] {
        let causes = repeatedCauses.map { ReportTable.Row([$0.cause, "\($0.executions)"], isException: true) }
        return [
            .facts([
                ("Open", "\(findings.open)"), ("Open for less than 30 days", "\(findings.under30Days)"),
                ("Open for 30 to 90 days", "\(findings.under90Days)"), ("Open for longer", "\(findings.older)"),
                ("Past their day", "\(findings.overdue)"), ("Without owner or day", "\(findings.unassigned)"),
                ("Risk accepted", "\(findings.accepted)"),
            ]),
            causes.isEmpty
                ? .text("No cause was found in more than one run.")
                : .table(ReportTable("Causes that came back", ["Cause", "Runs"], causes)),
        ]
    }

    private var demandSection: [ReportSection.Block] {
        let rows = demands.map { demand in
            ReportTable.Row(
                [
                    demand.source, demand.demand, demand.measure, Self.part(demand.answered, of: demand.of),
                    demand.isMet ? "yes" : "NO",
                ],
                isException: !demand.isMet
            )
        }
        return [
            .text(
                "What a source asks of all drills together, and what is counted for it. Judging it is the auditor's."
            ),
            .table(ReportTable("Controls", ["Source", "Asks for", "Counted", "Shown", "All of it"], rows)),
        ]
    }

    private var methodSection: [ReportSection.Block] {
        [
            .text(
                "A server is proven when an execution that ended within the \(days) days launched it. A plan is proven by a run "
                    + "that ended as PASS or PASS_WITH_DEVIATIONS, and is overdue \(days) days later. Quarters are of the "
                    + "calendar, in UTC. A run whose history was removed still counts. Every run has a signed report."
            )
        ]
    }

    /// Where all rows are, when they are too many to print.
    package static let attachment = "coverage.csv"
}
