internal import Hypertext

/// Sections as HTML: their list of contents, and their blocks.
struct SectionForm: Sendable {
    let sections: [ReportSection]
    let medium: ReportPage.Medium

    var html: HTML { sections.html(section) }

    var contents: HTML {
        """
        <nav aria-label="Contents" class="contents"><h2 class="plain">Contents</h2><ol>\
        \(sections.html { "<li><a href=\"#section-\($0.number)\">\($0.title)</a></li>" })</ol></nav>
        """
    }

    private func section(_ section: ReportSection) -> HTML {
        """
        <section id="section-\(section.number)" aria-labelledby="title-\(section.number)"\
        \(attribute: "class", section.blocks.contains(where: Self.isWide) ? "wide" : nil)>\
        <h2 id="title-\(section.number)">\(section.number). \(section.title)</h2>\(section.blocks.html(block))</section>
        """
    }

    private func block(_ block: ReportSection.Block) -> HTML {
        switch block {
        case .facts(let pairs): Self.facts(pairs)
        case .table(let content): table(content)
        case .text(let text): "<p>\(text)</p>"
        case .chart(let drawing, let words):
            "<figure role=\"img\" aria-label=\"\(words)\">\(drawing)<figcaption>\(words)</figcaption></figure>"
        case .notRecorded(let what): "<p class=\"missing\">\(what): \(Words.notRecorded).</p>"
        }
    }

    static func facts(_ pairs: [(name: String, value: String)]) -> HTML {
        let rows = pairs.html { "<tr><th scope=\"row\">\($0.name)</th><td>\($0.value)</td></tr>" }
        return "<table class=\"facts\"><tbody>\(rows)</tbody></table>"
    }

    /// From so many columns on, a table needs the page turned; its section is turned with it, so that its headline is.
    private static let wideColumns = 10

    private static func isWide(_ block: ReportSection.Block) -> Bool {
        if case .table(let table) = block { return table.columns.count >= wideColumns && !table.rows.isEmpty }
        return false
    }

    private func table(_ table: ReportTable) -> HTML {
        let (rows, sentence) = medium == .print ? table.printed : (table.rows, nil)
        let note: HTML = sentence.map { "<p class=\"cut\">\(table.caption): \($0)</p>" } ?? .empty
        guard !rows.isEmpty else { return note }
        let widths = table.columns.html { title -> HTML in
            "<col\(attribute: "class", ColumnWidth.of(title)?.rawValue)>"
        }
        let head = table.columns.html { "<th scope=\"col\">\($0)</th>" }
        let body = rows.html { row in
            "<tr\(attribute: "class", row.isException ? "exception" : nil)>\(row.cells.html { "<td>\($0)</td>" })</tr>"
        }
        return """
            <div class="table"><h3>\(table.caption)</h3><table class="rows" aria-label="\(table.caption)">\
            <colgroup>\(widths)</colgroup><thead><tr>\(head)</tr></thead><tbody>\(body)</tbody></table></div>\(note)
            """
    }
}

/// How much room a column has on paper, so that numbers, moments and identifiers are not broken; the rest shares what is
/// left.
private enum ColumnWidth: String {
    /// A number of few digits.
    case number = "c12"
    /// A number under a headline that is wider.
    case count = "c15"
    /// A label or a duration.
    case label = "c18"
    /// A moment, in two lines: the day, and the time.
    case moment = "c26"
    /// An identifier of AWS: `s-` and 17 digits.
    case identifier = "c33"
    /// `drsjob-` and 17 digits.
    case job = "c39"

    private static let known: [String: Self] = [
        "Wave": .number, "Tries": .number, "Log": .number, "No.": .number, "Acts": .number, "Runs": .number,
        "Passed": .number, "Servers": .count, "Launched": .label, "Severity": .label, "Impact": .label, "Took": .label,
        "Time-out": .label, "Waits for": .label, "Share": .label, "Time": .label, "Part": .label, "Sections": .label,
        "Due": .label, "State": .label, "Concerned": .label, "Had waited": .label, "Margin": .label, "Age": .label,
        "Time taken": .label, "Planned start": .label, "Planned end": .label, "Must be done": .label,
        "Accounts": .moment,
        "Started": .moment, "Ended": .moment, "Queued": .moment, "Accepted": .moment,
        "When": .moment, "First": .moment, "Last": .moment, "From": .moment, "As of": .moment, "Entered at": .moment,
        "Seen gone": .moment, "Last proven": .moment, "Last run": .moment, "Due at": .moment,
        "Next scheduled": .moment, "Server": .identifier, "Instance": .identifier, "Job": .job,
    ]

    static func of(_ title: String) -> Self? { known[title] }
}
