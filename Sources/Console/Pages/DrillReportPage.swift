internal import Ambient
package import Contract
package import Hypertext
internal import Recovery
package import Reporting

/// The reports of an execution, and the forms for what only people know.
package struct DrillReportPage: ConsolePage {
    package let execution: ExecutionView
    package let versions: [ReportVersionView]
    package let entries: [ReportEntry]
    package let findings: [ReportFinding]

    package init(
        execution: ExecutionView,
        versions: [ReportVersionView],
        entries: [ReportEntry],
        findings: [ReportFinding]
    ) {
        self.execution = execution
        self.versions = versions
        self.entries = entries
        self.findings = findings
    }

    package var title: String { "Drill report" }
    package var windowTitle: String { "Drill report, \(execution.planName)" }
    package var section: Section? { .executions }
    package var trail: [Crumb] {
        [Crumb("Executions", "/executions"), Crumb(execution.planName, .execution(execution.executionId))]
    }

    private var hasEnded: Bool { execution.endedAt != nil }

    /// Every call that the page may offer, for the test that compares them with the contract.
    package static let calls: [Action] = [
        Action(MakeReport.self), Action(AddReportEntry.self), Action(WithdrawReportEntry.self),
        Action(CreateFinding.self), Action(UpdateFinding.self),
    ]

    package func heading(for viewer: Viewer) -> HTML {
        let id = execution.executionId
        let buttons = [
            Button("Read", .primary, link: .report(id, .html)),
            Button("PDF", link: .report(id, .pdf), icon: "download"),
            Button("JSON", link: .report(id, .json), icon: "download"),
            Button("CSV", link: .report(id, .csv), icon: "download"),
        ]
        return Heading(
            title,
            note: hasEnded && !versions.isEmpty
                ? "Version \(versions[0].version) of \(execution.planName)."
                : "An interim report of \(execution.planName), as of this moment.",
            actions: buttons.html(\.html)
        ).html
    }

    package func content(for viewer: Viewer) -> HTML {
        """
        <div class="stack">\(versionCard(viewer))\(ReportEntriesCard(execution: execution, entries: entries).html(for: viewer))\
        \(ReportFindingsCard(execution: execution, findings: findings).html(for: viewer))</div>
        """
    }

    private func versionCard(_ viewer: Viewer) -> HTML {
        let id = execution.executionId
        let rows = versions.map { version in
            Table.Row([
                "<a href=\"\(Link.report(id, .html, version: version.version))\">\(version.version)</a>",
                Times.moment(version.madeAt), "\(version.madeBy)", "\(version.why)",
                "<span class=\"code\">\(version.contentHash)</span>",
            ])
        }
        let list: HTML =
            rows.isEmpty
            ? Empty("No final report yet", "It makes itself within seconds of the execution's end.").html
            : Table(
                "Versions",
                columns: [.init("Version"), .init("Made"), .init("By"), .init("Why"), .init("Content hash")],
                rows: rows
            ).html
        let may = hasEnded && viewer.may(MakeReport.permission)
        return Card(
            "Versions",
            note: "A version never changes; what is added later is in the next one.",
            actions: may ? Button("Make a new version", opens: "make-version").html : .empty,
            list + (may ? make : .empty)
        ).html
    }

    private var make: HTML {
        let id = execution.executionId.description
        return Dialog(
            "make-version",
            "Make a new version",
            CallForm(
                Action(MakeReport.self, [id]),
                submit: "Make a new version",
                then: "/executions/\(id)/report",
                done: "The new version is there.",
                fields: Field.text("why", "Why there is another version", isRequired: true, form: "version-")
            ).html
        ).html
    }
}
