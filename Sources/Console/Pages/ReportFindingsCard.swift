internal import Ambient
internal import Contract
internal import Hypertext
internal import Recovery
internal import Reporting

/// The gaps that a drill showed, with forms to record one and to see it through.
struct ReportFindingsCard: Sendable {
    let execution: ExecutionView
    let findings: [ReportFinding]

    private var back: String { "/executions/\(execution.executionId.description)/report" }

    func html(for viewer: Viewer) -> HTML {
        let mayRecord = viewer.may(CreateFinding.permission)
        let mayChange = viewer.may(UpdateFinding.permission)
        let list: HTML =
            findings.isEmpty
            ? Empty("No findings", "A gap that the drill showed: who closes it until when.").html
            : Table(
                "Findings",
                columns: [
                    .init("Finding"), .init("Severity"), .init("State"), .init("Owner"), .init("Due"),
                    .init("Ticket"), .init("Change"),
                ],
                rows: findings.map { row($0, mayChange: mayChange) }
            ).html
        return Card(
            "Findings",
            count: findings.isEmpty ? nil : "\(findings.count)",
            actions: mayRecord ? Button("Record a finding", opens: "record-finding").html : .empty,
            list + (mayRecord ? record : .empty) + (mayChange ? findings.html(change) : .empty)
        ).html
    }

    private func row(_ finding: ReportFinding, mayChange: Bool) -> Table.Row {
        Table.Row([
            "\(finding.title)\(if: finding.isRepeat, " <span class=\"badge\">again</span>")",
            Status(finding.severity).html, Status(finding.state).html, "\(finding.owner ?? "-")",
            "\(finding.dueOn ?? "-")", "\(finding.ticket ?? "-")",
            mayChange ? Button("Change", opens: dialog(finding)).html : "-",
        ])
    }

    private func dialog(_ finding: ReportFinding) -> String { "finding-\(finding.findingId.description)" }

    private var record: HTML {
        Dialog(
            "record-finding",
            "Record a finding",
            CallForm(
                Action(CreateFinding.self),
                submit: "Record",
                then: back,
                done: "The finding is recorded.",
                fields: """
                    <div class="fields">\(Field.hidden("executionId", execution.executionId.description))\
                    \(FindingFields(finding: nil, form: "record-").html)</div>
                    """
            ).html
        ).html
    }

    private func change(_ finding: ReportFinding) -> HTML {
        let form = "change-\(finding.findingId.description)-"
        let states = ReportFinding.State.allCases.map { (value: $0.rawValue, label: Status($0).label) }
        return Dialog(
            dialog(finding),
            "Change the finding",
            CallForm(
                Action(UpdateFinding.self, [finding.findingId.description]),
                submit: "Change",
                then: back,
                done: "The finding is changed.",
                revision: finding.revision,
                fields: """
                    <div class="fields">\(FindingFields(finding: finding, form: form).html)\
                    \(Field.select("state", "State", value: finding.state.rawValue, options: states, form: form))\
                    \(Field.area("riskAcceptance", "Risk accepted", value: finding.riskAcceptance, hint: "Who takes it, why, and until when.", form: form))\
                    \(Field.text("retestExecutionId", "Retest", value: finding.retestExecutionId?.description, as: .optional, hint: "The execution that showed it closed.", form: form))</div>
                    """
            ).html
        ).html
    }
}

/// The fields of a finding that it has from the beginning.
struct FindingFields: Sendable {
    let finding: ReportFinding?
    let form: String

    /// `2027-01-31`.
    private static let dayLength = 10

    var html: HTML {
        let severities = ReportFinding.Severity.allCases.map { (value: $0.rawValue, label: Status($0).label) }
        let severity = finding?.severity ?? .high
        return """
            \(Field.text("title", "What was found", value: finding?.title, isRequired: true, form: form))\
            \(Field.select("severity", "Severity", value: severity.rawValue, options: severities, form: form))\
            \(Field.area("detail", "More about it", value: finding?.detail, form: form))\
            \(Field.text("cause", "Class of cause", value: finding?.cause, as: .optional, hint: "Repeats are found by it.", form: form))\
            \(Field.text("owner", "Who closes it", value: finding?.owner, as: .optional, form: form))\
            \(Field.text("dueOn", "Until when", value: finding?.dueOn, as: .optional, hint: "A day: 2027-01-31.", maximum: Self.dayLength, form: form))\
            \(Field.text("ticket", "Ticket", value: finding?.ticket, as: .optional, form: form))
            """
    }
}

extension Status {
    init(_ severity: ReportFinding.Severity) {
        switch severity {
        case .critical: self.init(.error, "Critical")
        case .high: self.init(.error, "High")
        case .medium: self.init(.warning, "Medium")
        case .low: self.init(.info, "Low")
        }
    }

    init(_ state: ReportFinding.State) {
        switch state {
        case .open: self.init(.warning, "Open")
        case .accepted: self.init(.stopped, "Risk accepted")
        case .closed: self.init(.success, "Closed")
        }
    }
}
