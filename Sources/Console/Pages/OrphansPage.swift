internal import Ambient
package import Contract
package import Hypertext
internal import Recovery

/// Drill instances that no execution owns, over all accounts: what they have cost, and a way to end each.
package struct OrphansPage: ConsolePage {
    package let orphans: [OrphanView]
    package let query: ListQuery

    package init(
        orphans: [OrphanView],
        query: ListQuery = ListQuery("/orphans", sort: "recoveryInstanceId")
    ) {
        self.orphans = orphans
        self.query = query
    }

    package var title: String { "Orphans" }
    package var section: Section? { .servers }
    package var trail: [Crumb] { [Crumb("Servers", "/servers")] }

    package func heading(for viewer: Viewer) -> HTML {
        Heading(
            title,
            count: query.count(orphans.count),
            note: "Drill instances that no execution owns: nothing terminates them by itself."
        ).html
    }

    package func content(for viewer: Viewer) -> HTML {
        let may = viewer.may(TerminateOrphan.permission)
        let list: HTML =
            orphans.isEmpty
            ? Empty("None", "Every drill instance that spokes see belongs to an execution.").html
            : Table(
                title,
                columns: [
                    .init("Instance"), .init("State"), .init("Server"), .init("Account"), .init("Since"),
                    .init("Cost so far, about"), .init("Terminate"),
                ],
                rows: orphans.map { row($0, viewer, may) }
            ).html
        return """
            <section class="card" aria-label="List">\(list)\(query.pagination(orphans.count))</section>\
            <p class="quiet">The cost is the hours since the launch by the list price of the type, without disks and \
            traffic; the operator of the hub may give other prices.</p>\(if: may && !orphans.isEmpty, dialog)
            """
    }

    private func row(_ orphan: OrphanView, _ viewer: Viewer, _ may: Bool) -> Table.Row {
        let instance: HTML = "<span class=\"code\">\(orphan.recoveryInstanceId)</span>"
        let link = Link.awsInstance(orphan.recoveryInstanceId, in: orphan.region)
        return Table.Row([
            """
            \(link.map { "<a href=\"\($0)\" rel=\"noreferrer\">\(instance)</a>" as HTML } ?? instance)\
            <span class="quiet detail">\(orphan.instanceType)</span>
            """,
            "\(orphan.state)", "\(orphan.hostname ?? orphan.sourceServerId?.rawValue ?? "-")",
            """
            <a href="\(Link.account(orphan.accountId))">\(orphan.accountId.rawValue)</a>\
            <span class="quiet detail">\(orphan.region.rawValue)</span>
            """,
            """
            \(Times.ago(orphan.since, at: viewer.now))\
            \(if: !orphan.isSinceLaunch, "<span class=\"quiet detail\">first seen</span>")
            """,
            "\(Self.money(orphan.estimatedCost)) \(orphan.currency)", end(of: orphan, may),
        ])
    }

    private func end(of orphan: OrphanView, _ may: Bool) -> HTML {
        if let termination = orphan.termination, termination.state == "READY" || termination.state == "LEASED" {
            return Status(.running, "Terminating").html
        }
        let problem: HTML = orphan.termination?.problem.map { "<span class=\"quiet detail\">\($0)</span>" } ?? .empty
        guard may, orphan.sourceServerId != nil else { return "-\(problem)" }
        let path = Action(TerminateOrphan.self, [orphan.recoveryInstanceId]).path
        return """
            <button type="button" class="button small danger" data-opens="terminate" data-path="\(path)" \
            data-subject="\(orphan.recoveryInstanceId)">Terminate</button>\(problem)
            """
    }

    /// With two digits after the point.
    private static func money(_ amount: Double) -> String {
        let cents = Int((amount * 100).rounded())
        return "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)"
    }

    private var dialog: HTML {
        Dialog(
            "terminate",
            "Terminate an instance",
            """
            <p><strong data-subject></strong> and its disks are gone then. Be sure that nobody uses it.</p>\(CallForm(
                Action(TerminateOrphan.self, ["-"]),
                submit: "Terminate",
                .danger,
                done: "The instance is being terminated."
            ).html)
            """
        ).html
    }
}
