internal import Contract
package import Hypertext
internal import Recovery
package import Reporting

/// Gaps that drills showed, over all executions.
package struct FindingsPage: ConsolePage {
    package let findings: [ReportFinding]
    package let query: ListQuery
    package let narrowed: Narrowed

    /// What the list is narrowed to.
    package struct Narrowed: Sendable {
        package let state: ReportFinding.State?
        package let severity: ReportFinding.Severity?
        package let isOverdue: Bool

        package init(
            state: ReportFinding.State? = nil,
            severity: ReportFinding.Severity? = nil,
            isOverdue: Bool = false
        ) {
            self.state = state
            self.severity = severity
            self.isOverdue = isOverdue
        }

        /// For the address.
        package var filters: [(name: String, value: String?)] {
            [
                ("state", state?.rawValue), ("severity", severity?.rawValue), ("overdue", isOverdue ? "true" : nil),
            ]
        }
    }

    package init(findings: [ReportFinding], query: ListQuery, narrowed: Narrowed) {
        self.findings = findings
        self.query = query
        self.narrowed = narrowed
    }

    package var title: String { "Findings" }
    package var section: Section? { .coverage }
    package var trail: [Crumb] { [Crumb("Coverage", "/coverage")] }

    package func heading(for viewer: Viewer) -> HTML {
        Heading(
            title,
            count: query.count(findings.count),
            note: "Gaps that drills showed: who closes them until when. They are recorded at a run's drill report."
        ).html
    }

    package func content(for viewer: Viewer) -> HTML {
        let list: HTML =
            findings.isEmpty
            ? (query.isNarrowed
                ? Empty.noMatch("/findings").html
                : Empty("No findings", "No drill has shown a gap that somebody recorded.").html)
            : Table(
                title,
                columns: [
                    .init("Finding"), .init("Severity"), .init("State"), .init("Plan"), .init("Owner"), .init("Due"),
                    .init("Ticket"),
                ],
                rows: findings.map(row)
            ).html
        return """
            <section class="card" aria-label="List">\(filter)\(list)\(query.pagination(findings.count))</section>
            """
    }

    private var filter: HTML {
        Filter(
            "/findings",
            choices: [
                .init(
                    "state",
                    "State",
                    value: narrowed.state?.rawValue,
                    options: ReportFinding.State.allCases.map { (value: $0.rawValue, label: Status($0).label) }
                ),
                .init(
                    "severity",
                    "Severity",
                    value: narrowed.severity?.rawValue,
                    options: ReportFinding.Severity.allCases.map { (value: $0.rawValue, label: Status($0).label) }
                ),
                .init(
                    "overdue",
                    "Day",
                    value: narrowed.isOverdue ? "true" : nil,
                    options: [(value: "true", label: "Past their day")]
                ),
            ]
        ).html
    }

    private func row(_ finding: ReportFinding) -> Table.Row {
        Table.Row([
            """
            <a href="\(Link.executionReport(finding.executionId))" data-row-link>\(finding.title)</a>\
            \(if: finding.isRepeat, " <span class=\"badge\">again</span>")
            """,
            Status(finding.severity).html, Status(finding.state).html, "\(finding.planName)",
            "\(finding.owner ?? "-")", "\(finding.dueOn ?? "-")", "\(finding.ticket ?? "-")",
        ])
    }
}
