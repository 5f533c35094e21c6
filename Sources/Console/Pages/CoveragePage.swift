internal import Ambient
package import Contract
package import Hypertext
internal import Recovery
package import Reporting

/// What of the enterprise is proven recoverable, when last, and what is overdue.
package struct CoveragePage: ConsolePage {
    package let coverage: Coverage
    package let asked: GetCoverage
    package let choices: Choices

    /// What it can be narrowed to.
    package struct Choices: Sendable {
        package let accounts: [(value: String, label: String)]
        package let regions: [String]
        package let applications: [String]
        package let owners: [String]

        package init(
            accounts: [(value: String, label: String)],
            regions: [String],
            applications: [String],
            owners: [String]
        ) {
            self.accounts = accounts
            self.regions = regions
            self.applications = applications
            self.owners = owners
        }
    }

    package init(coverage: Coverage, asked: GetCoverage, choices: Choices) {
        self.coverage = coverage
        self.asked = asked
        self.choices = choices
    }

    package var title: String { "Coverage" }
    package var section: Section? { .coverage }

    package func heading(for viewer: Viewer) -> HTML {
        Heading(
            title,
            note: """
                What is proven recoverable by a drill, when last, and what is overdue. \
                A proof counts for \(coverage.days) days.
                """,
            actions: [
                Button("Read", link: .coverage(.html, asked)),
                Button("PDF", link: .coverage(.pdf, asked), icon: "download"),
                Button("CSV", link: .coverage(.csv, asked), icon: "download"),
                Button("JSON", link: .coverage(.json, asked), icon: "download"),
            ].html(\.html)
        ).html
    }

    package func content(for viewer: Viewer) -> HTML {
        """
        <div class="stack"><section class="card" aria-label="Narrow">\(filter)\(figures)</section>\(due)\(plans)\
        \(shares)\(accounts)\(quarters)\(findings)\(demands)</div>
        """
    }

    private var filter: HTML {
        func same(_ values: [String]) -> [(value: String, label: String)] { values.map { ($0, $0) } }
        let days = [30, 90, 180, 365].map { (value: "\($0)", label: "\($0) days") }
        return Filter(
            "/coverage",
            choices: [
                .init("accountId", "Account", value: asked.accountId?.rawValue, options: choices.accounts),
                .init("region", "Region", value: asked.region?.rawValue, options: same(choices.regions)),
                .init("application", "Application", value: asked.application, options: same(choices.applications)),
                .init("owner", "Owner", value: asked.owner, options: same(choices.owners)),
                .init("days", "A proof counts for", value: asked.days.map(String.init), options: days),
            ]
        ).html
    }

    private static func part(_ part: Int, of whole: Int) -> HTML {
        "\(part) of \(whole) <span class=\"quiet\">(\(Words.share(part, of: whole)))</span>"
    }

    private var figures: HTML {
        let totals = coverage.totals
        let share = totals.servers == 0 ? 0 : Double(totals.serversProven) / Double(totals.servers)
        let facts = KeyValues([
            ("Servers proven", Self.part(totals.serversProven, of: totals.servers)),
            ("Servers in plans", Self.part(totals.serversInPlans, of: totals.servers)),
            ("Plans proven in time", Self.part(totals.plans - totals.plansOverdue, of: totals.plans)),
            ("Never proven", "\(totals.plansNeverProven)"),
            (
                "Time objectives met",
                Self.part(coverage.margins.met, of: coverage.margins.met + coverage.margins.missed)
            ),
            ("Median margin", "\(Words.duration(coverage.margins.medianSeconds))"),
            ("Open findings", "\(coverage.findings.open)"), ("Past their day", "\(coverage.findings.overdue)"),
        ]).html
        let label = "\(totals.serversProven) of \(totals.servers) servers are proven"
        return "\(Meter(share, label: label).html)\(facts)"
    }

    private var due: HTML {
        let rows = coverage.drillsDue.map { plan in
            Table.Row([
                "<a href=\"\(Link.plan(plan.planId))\" data-row-link>\(plan.planName)</a>",
                (plan.isOverdue ? Status(.error, "Overdue") : Status(.warning, "Due soon")).html,
                plan.lastProvenAt.map { Times.moment($0) } ?? "never",
                plan.dueAt.map { Times.moment($0) } ?? "now", "\(plan.owner ?? "-")",
                plan.nextScheduledAt.map { Times.moment($0) } ?? "no schedule",
            ])
        }
        let list: HTML =
            rows.isEmpty
            ? Empty("Nothing is due", "No drill is overdue, and none falls due within 30 days.").html
            : Table(
                "Drills due",
                columns: [
                    .init("Plan"), .init("Stands"), .init("Last proven"), .init("Due"), .init("Owner"),
                    .init("Next scheduled"),
                ],
                rows: rows
            ).html
        return Card("Drills due", count: "\(rows.count)", list).html
    }

    private var plans: HTML {
        guard !coverage.plans.isEmpty else { return .empty }
        let rows = coverage.plans.map { plan in
            Table.Row([
                "<a href=\"\(Link.plan(plan.planId))\" data-row-link>\(plan.planName)</a>",
                plan.lastResult.map { Status($0).html } ?? "never run", Times.moment(plan.lastTestedAt),
                "\(Words.duration(plan.recoverySeconds))", "\(Words.duration(plan.objectiveSeconds))",
                "\(Words.duration(plan.marginSeconds))",
            ])
        }
        return Card(
            "Plans",
            count: "\(rows.count)",
            Table(
                "Plans",
                columns: [
                    .init("Plan"), .init("Last result"), .init("Last run"), .init("Time taken"), .init("Objective"),
                    .init("Margin"),
                ],
                rows: rows
            ).html
        ).html
    }

    private var shares: HTML {
        func card(_ title: String, _ first: String, _ shares: [Coverage.ShareRow]) -> HTML {
            guard !shares.isEmpty else { return .empty }
            let rows = shares.map { share in
                Table.Row([
                    "\(share.name ?? "none named")", Self.part(share.plans - share.plansOverdue, of: share.plans),
                    Self.part(share.plansPassing, of: share.plans), "\(share.objectivesMissed)",
                ])
            }
            let columns: [Table.Column] = [
                .init(first), .init("Proven in time"), .init("Last run passed"), .init("Objectives missed"),
            ]
            return Card(title, Table(title, columns: columns, rows: rows).html).html
        }
        return card("By application", "Application", coverage.applications)
            + card("By owner", "Owner", coverage.owners)
    }

    private var accounts: HTML {
        guard !coverage.accounts.isEmpty else { return .empty }
        let rows = coverage.accounts.map { account in
            Table.Row([
                "<a href=\"\(Link.account(account.accountId))\" data-row-link>\(account.accountId.rawValue)</a>",
                "\(account.accountName ?? "-")", "\(account.owner ?? "-")",
                Self.part(account.serversInPlans, of: account.servers),
                Self.part(account.serversProven, of: account.servers),
            ])
        }
        let columns: [Table.Column] = [
            .init("Account"), .init("Name"), .init("Owner"), .init("Servers in plans"), .init("Servers proven"),
        ]
        return Card("Accounts", Table("Accounts", columns: columns, rows: rows).html).html
    }

    private var quarters: HTML {
        let rows = coverage.quarters.map { quarter in
            Table.Row([
                "\(quarter.quarter)", "\(quarter.runs)", "\(quarter.passes)",
                quarter.passPercent.map { percent in
                    "\(Meter(Double(percent) / 100, label: "\(percent) % passed").html)\(percent) %"
                } ?? "no run",
                "\(quarter.serversLaunched)",
            ])
        }
        let columns: [Table.Column] = [
            .init("Quarter"), .init("Runs"), .init("Passed"), .init("Pass rate"), .init("Different servers launched"),
        ]
        return Card("Trend by quarter", Table("Trend by quarter", columns: columns, rows: rows).html).html
    }

    private var findings: HTML {
        let ages = coverage.findings
        let causes: HTML =
            coverage.repeatedCauses.isEmpty
            ? .empty
            : Table(
                "Causes that came back",
                columns: [.init("Cause"), .init("Runs")],
                rows: coverage.repeatedCauses.map { Table.Row(["\($0.cause)", "\($0.executions)"]) }
            ).html
        let facts = KeyValues([
            ("Open", "<a href=\"/findings?state=OPEN\">\(ages.open)</a>"),
            ("For less than 30 days", "\(ages.under30Days)"),
            ("For 30 to 90 days", "\(ages.under90Days)"), ("For longer", "\(ages.older)"),
            ("Past their day", "<a href=\"/findings?overdue=true\">\(ages.overdue)</a>"),
            ("Without owner or day", "\(ages.unassigned)"),
            ("Risk accepted", "<a href=\"/findings?state=ACCEPTED\">\(ages.accepted)</a>"),
        ]).html
        return Card("Findings", facts + causes).html
    }

    private var demands: HTML {
        let rows = coverage.demands.map { demand in
            Table.Row([
                "\(demand.source)", (demand.isMet ? Status(.success, "All") : Status(.warning, "Not all")).html,
                "\(demand.demand)", Self.part(demand.answered, of: demand.of),
                "<span class=\"quiet\">\(demand.measure)</span>",
            ])
        }
        let columns: [Table.Column] = [
            .init("Source"), .init("Shown for"), .init("Asks for"), .init("Shown"), .init("Counted"),
        ]
        return Card(
            "Control mapping",
            note: "What a source asks of all drills together, and what is counted for it. Judging it is the auditor's.",
            Table("Control mapping", columns: columns, rows: rows).html
        ).html
    }
}
