package import Contract
package import Hypertext
internal import Recovery

/// Who did what, when and from where, with what it changed.
package struct AuditPage: ConsolePage {
    package let events: [AuditEventView]
    package let query: ListQuery

    package init(events: [AuditEventView], query: ListQuery = ListQuery("/audit", sort: "-at")) {
        self.events = events
        self.query = query
    }

    package var title: String { "Audit" }
    package var section: Section? { .audit }

    package func heading(for viewer: Viewer) -> HTML {
        let all: Link = "/api/v1/audit-events"
        return Heading(
            title,
            count: query.count(events.count),
            note: "Every change and every refusal, sealed in a chain within a second.",
            actions: Button("JSON", link: all, icon: "download").html
        ).html
    }

    package func content(for viewer: Viewer) -> HTML {
        let list: HTML =
            events.isEmpty
            ? (query.isNarrowed
                ? Empty.noMatch("/audit").html
                : Empty("No events", "What people and spokes do is written down here.").html)
            : Table(
                title,
                columns: Self.columns,
                rows: events.map(row),
                hiding: viewer.preferences.hidden(in: "audit")
            ).html
        let tools = ListTools(here: query.here, table: ("audit", Self.columns), preferences: viewer.preferences).html
        return """
            <section class="card" aria-label="List"><div class="list-bar">\(filter)\(tools)</div>\(list)\
            \(query.pagination(events.count))</section>
            """
    }

    private static let columns: [Table.Column] = [
        .init("Time"), .init("Who"), .init("What"), .init("Object"), .init("Changed"), .init("From"),
    ]

    private func value(_ name: String) -> String? {
        query.filters.first { $0.name == name }?.value
    }

    private var filter: HTML {
        let changing = Contract.calls.filter { $0.route.method != .get }.map { (value: $0.name, label: $0.summary) }
        return Filter(
            "/audit",
            choices: [
                .init("action", "What", value: value("action"), options: changing),
                .init(
                    "outcome",
                    "Outcome",
                    value: value("outcome"),
                    options: AuditOutcome.allCases.map { ($0.rawValue, Status.words($0.rawValue)) }
                ),
            ]
        ).html
    }

    private func row(_ event: AuditEventView) -> Table.Row {
        let outcome: HTML =
            event.outcome.rawValue == "DONE"
            ? .empty : "<span class=\"detail\">\(Status(.error, "Refused").html)</span>"
        let object = [event.subjectKind, event.subjectId].compactMap(\.self).joined(separator: " ")
        let accounts = event.accountIds.map(\.rawValue).joined(separator: ", ")
        let revision =
            event.newRevision.map { new in event.oldRevision.map { "revision \($0) to \(new)" } ?? "revision \(new)" }
        let changes = event.changes.prefix(6).html {
            "<li><strong>\($0.field)</strong>: <code>\($0.before)</code> to <code>\($0.after)</code></li>"
        }
        return Table.Row(
            id: "event-\(event.eventId)",
            [
                Times.moment(event.at), "\(event.principal)",
                "\(event.action)\(outcome)\(event.detail.map { "<span class=\"quiet detail\">\($0)</span>" as HTML })",
                "\(object.isEmpty ? "-" : object)\(if: !accounts.isEmpty, "<span class=\"quiet detail\">\(accounts)</span>")",
                "\(revision ?? (event.changes.isEmpty ? "-" : ""))\(if: !event.changes.isEmpty, "<ul class=\"reasons\">\(changes)</ul>")",
                "\(event.sourceAddress ?? "-")",
            ]
        )
    }
}
