package import Hypertext

/// Every part of the design system in one place, for eyes and for screenshots.
package struct DesignPage: ConsolePage {
    package init() {}

    package var title: String { "Design system" }
    package var section: Section? { nil }

    package func heading(for viewer: Viewer) -> HTML {
        Heading(
            title,
            count: "12",
            badges:
                "<span class=\"badge drill\">DRILL</span><span class=\"badge recovery\">RECOVERY</span><span class=\"badge\">optional</span>",
            note: "Space in steps of 4, body 14/20, headings 24, 20, 18, 16 and 14; colours by token, in both modes.",
            actions: "\(Button("Ordinary").html)\(Button("Primary", .primary).html)\(Button("Danger", .danger).html)"
        ).html
    }

    package func content(for viewer: Viewer) -> HTML {
        """
        <div class="grid">\(states)\(buttons)</div>\(alerts)<div class="grid">\(pictures)\(donut)</div>\
        \(table)\(fields)\(Card("Empty", Empty("No recovery plans", "A plan says what is recovered in which order.",
        action: Button("Create a plan", .primary).html).html).html)
        """
    }

    private var states: HTML {
        let words: [Status.Kind: String] = [
            .success: "Completed", .error: "Failed", .warning: "Partly failed", .info: "Information",
            .running: "Running",
            .approval: "Needs approval", .pending: "Not started", .stopped: "Paused",
        ]
        return Card(
            "Status indicators",
            KeyValues(columns: 2, Status.Kind.allCases.map { ($0.rawValue, Status($0, words[$0] ?? "").html) }).html
        ).html
    }

    private var buttons: HTML {
        Card(
            "Buttons",
            """
            <div class="actions">\(Button("Ordinary").html)\(Button("Primary", .primary).html)\(Button("Danger", .danger).html)\
            \(Button("With an icon", icon: "plus").html)\
            \(Button("Not now", disabledBecause: "Three servers are used by another run.").html)\
            <button type="button" class="button primary" aria-busy="true">Working</button></div>\
            <div class="actions"><button type="button" class="button small">Small</button> <a href="/design">A link</a> \
            <code>code</code> <kbd>g</kbd></div>
            """
        ).html
    }

    private var alerts: HTML {
        let kinds: [(Alert.Kind, String)] = [
            (.info, "Good to know"), (.success, "Done"), (.warning, "Think twice"), (.error, "It failed"),
            (.approval, "Approval needed"),
        ]
        return
            "<div class=\"needs\">\(kinds.html { Alert($0.0, $0.1, "What happened, and what to do about it.", actions: Button("Answer").html).html })</div>"
    }

    private var pictures: HTML {
        Card(
            "Bars",
            """
            \(Distribution([.init(.success, "launched", 12), .init(.running, "launching", 4), .init(.error, "failed", 1),
            .init(.pending, "waiting", 8)]).html)\(Meter(0.6, label: "60 of 100").html)\
            \(Meter(1.2, isOver: true, label: "120 of 100").html)\
            \(Gantt(bars: [
                .init(name: "1. Databases", kind: .success, fact: .init(0, 480), planned: .init(0, 540), target: 540, words: "Completed"),
                .init(name: "2. Middleware", kind: .running, fact: .init(480, 870), forecast: .init(870, 1010), planned: .init(540, 1080), target: 1080, words: "Launching"),
                .init(name: "3. Web", kind: .pending, forecast: .init(1010, 1400), planned: .init(1080, 1620), target: 1620, words: "Not started"),
            ], now: 870, objective: 1620, forecast: 1400).html)
            """
        ).html
    }

    private var donut: HTML {
        Card(
            "Ring",
            Donut(
                [
                    .init(.success, "verified", 8, "/design"), .init(.warning, "need a check", 3),
                    .init(.error, "not ready", 1),
                ],
                unit: "plans"
            ).html
        ).html
    }

    private var table: HTML {
        Card(
            "Table",
            count: "2",
            """
            \(Console.Filter("/design", search: ("Find servers", nil), choices: [.init("state", "State", value: nil, options: [("a", "Ready")])]).html)\
            \(Table("Sample", columns: [.init("Name", sort: "name"), .init("Status"), .init("Servers", .end)], rows: [
                Table.Row(["<a href=\"/design\">Payments</a>", Status(.success, "Verified").html, "45"]),
                Table.Row(["<a href=\"/design\">Orders</a>", Status(.warning, "Needs check").html, "1,024"]),
            ], sorting: .init(current: "name") { "/design?sort=\($0)" }).html)\
            \(Pagination(shown: 2, next: "/design?page=2", first: "/design").html)
            """
        ).html
    }

    private var fields: HTML {
        Card(
            "Form",
            """
            <form class="fields">\(Field.text("name", "Name", hint: "Unique without regard to case.", isRequired: true))\
            <div class="columns">\(Field.number("minutes", "Target", value: 60, range: 1...100, unit: "minutes"))\
            \(Field.select("region", "Region", value: "b", options: [("a", "eu-west-1"), ("b", "us-east-1")]))</div>\
            \(Field.radios("mode", "Mode", value: "DRILL", options: [("DRILL", "Drill", "Touches nothing in production."), ("RECOVERY", "Recovery", "For a disaster.")]))\
            \(Field.check("pause", "Pause before this wave", isOn: true))\(Field.area("why", "Reason"))</form>
            """
        ).html
    }
}
