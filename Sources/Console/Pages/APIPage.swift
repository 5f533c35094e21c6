package import Contract
package import Hypertext
internal import Recovery

/// Every call of the REST API, from the declarations that the hub answers by.
package struct APIPage: ConsolePage {
    package let calls: [CallDescription]

    package init(calls: [CallDescription]) {
        self.calls = calls
    }

    package var title: String { "API" }
    package var section: Section? { nil }

    package func heading(for viewer: Viewer) -> HTML {
        Heading(
            title,
            count: "\(calls.count)",
            note:
                "Every call, with what it needs. Programs send a bearer token; answers are JSON, refusals RFC 9457 problems.",
            actions: Button("openapi.json", link: "/api/v1/openapi.json", icon: "download").html
        ).html
    }

    package func content(for viewer: Viewer) -> HTML {
        let nouns = Route.Noun.allCases.filter { noun in calls.contains { $0.route.noun == noun } }
        return nouns.html { noun in
            let rows = calls.filter { $0.route.noun == noun }.map(row)
            return Card(
                noun.rawValue,
                count: "\(rows.count)",
                Table(
                    noun.rawValue,
                    columns: [.init("Call"), .init("Method and path"), .init("Parameters"), .init("Permission")],
                    rows: rows
                ).html
            ).html
        }
    }

    private func row(_ call: CallDescription) -> Table.Row {
        let parameters = call.parameters.map { "<code title=\"\($0.summary)\">\($0.name)</code>" as HTML }.joined(
            by: ", "
        )
        return Table.Row(
            id: call.name,
            [
                "<strong>\(call.summary)</strong>\(if: !call.details.isEmpty, "<span class=\"quiet detail\">\(call.details)</span>")",
                "<span class=\"badge\">\(call.route.method.rawValue)</span> <code>\(call.route.path)</code>",
                call.parameters.isEmpty ? "-" : parameters, "\(call.permission?.rawValue ?? "signed in")",
            ]
        )
    }
}
