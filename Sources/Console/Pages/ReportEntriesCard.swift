internal import Ambient
internal import Contract
internal import Hypertext
internal import Recovery
internal import Reporting

/// What people know of a drill: each entry with who made it, and forms to add one, to sign, and to take one back.
struct ReportEntriesCard: Sendable {
    let execution: ExecutionView
    let entries: [ReportEntry]

    private var id: String { execution.executionId.description }
    private var back: String { "/executions/\(id)/report" }

    func html(for viewer: Viewer) -> HTML {
        let may = viewer.may(AddReportEntry.permission)
        let mayWithdraw = viewer.may(WithdrawReportEntry.permission)
        let list: HTML =
            entries.isEmpty
            ? Empty("Nothing is entered", "Objectives, scenario, participants, checks and signatures are not recorded.")
                .html
            : Table(
                "Entries",
                columns: [
                    .init("Kind"), .init("Name"), .init("Role"), .init("What"), .init("Entered by"), .init("When"),
                    .init("Take back"),
                ],
                rows: entries.map { row($0, mayWithdraw: mayWithdraw) }
            ).html
        let buttons: HTML =
            may ? Button("Add entry", opens: "add-entry").html + Button("Sign off", opens: "sign-off").html : .empty
        return Card(
            "What people know",
            count: entries.isEmpty ? nil : "\(entries.count)",
            note: "Each entry with who made it and when. What nobody enters stands in the report as not recorded.",
            actions: buttons,
            list + (may ? addition + signature : .empty)
        ).html
    }

    private func row(_ entry: ReportEntry, mayWithdraw: Bool) -> Table.Row {
        let form = CallForm(
            Action(WithdrawReportEntry.self, [id, entry.entryId.description]),
            submit: "Withdraw",
            .ordinary,
            then: back,
            done: "The entry is withdrawn; it stays on record.",
            isInDialog: false
        )
        let end: HTML =
            if let by = entry.withdrawnBy {
                "withdrawn by \(by), \(Times.moment(entry.withdrawnAt))"
            } else if mayWithdraw {
                form.html
            } else {
                "-"
            }
        return Table.Row([
            "\(entry.kind.words)", "\(entry.name ?? "-")", "\(entry.role ?? "-")",
            "\(if: entry.withdrawnAt != nil, "<strong>Withdrawn:</strong> ")\(entry.text)", "\(entry.by)",
            Times.moment(entry.at), end,
        ])
    }

    private var addition: HTML {
        let kinds = ReportEntry.Kind.allCases.filter { $0 != .signOff }
            .map { (value: $0.rawValue, label: "\($0.section). \($0.words)") }
        return Dialog(
            "add-entry",
            "Add entry",
            CallForm(
                Action(AddReportEntry.self, [id]),
                submit: "Add",
                then: back,
                done: "It is in every report made from now on.",
                fields: """
                    <div class="fields">\(Field.select("kind", "Section and kind", value: nil, options: kinds, form: "entry-"))\
                    \(Field.area("text", "What", as: .text, isRequired: true, form: "entry-"))\
                    \(Field.text("name", "Whom or what it is about", as: .optional, form: "entry-"))\
                    \(Field.text("role", "Role in the drill", as: .optional, form: "entry-"))</div>
                    """
            ).html
        ).html
    }

    /// What an auditor looks for: who wrote it, who read it, and whose business it is.
    private static let roles = ["author", "reviewer", "business owner"]

    private var signature: HTML {
        let roles = Self.roles.map { (value: $0, label: $0.prefix(1).uppercased() + $0.dropFirst()) }
        return Dialog(
            "sign-off",
            "Sign off",
            CallForm(
                Action(AddReportEntry.self, [id]),
                submit: "Sign off",
                then: back,
                done: "It is signed off; make a new version to have it in the report.",
                fields: """
                    <div class="fields">\(Field.hidden("kind", ReportEntry.Kind.signOff.rawValue))\
                    \(Field.text("name", "Name", isRequired: true, form: "sign-"))\
                    \(Field.select("role", "As", value: "reviewer", options: roles, form: "sign-"))\
                    \(Field.area("text", "Statement", as: .text, hint: "What is approved, and with which reservations.", isRequired: true, form: "sign-"))</div>
                    """
            ).html
        ).html
    }
}
