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
        <section id="section-\(section.number)" aria-labelledby="title-\(section.number)">\
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

    /// From so many columns on, a table has pages of its own, turned.
    private static let wideColumns = 10
    /// Columns of few characters, so that identifiers have the room.
    private static let narrow: Set = [
        "Wave", "Tries", "Log", "No.", "Took", "Impact", "Servers", "Time-out", "Waits for", "Launched", "Severity",
        "State", "Due", "Acts", "Share", "Time", "Part", "Sections",
    ]

    private func table(_ table: ReportTable) -> HTML {
        let (rows, sentence) = medium == .print ? table.printed : (table.rows, nil)
        let note: HTML = sentence.map { "<p class=\"cut\">\(table.caption): \($0)</p>" } ?? .empty
        guard !rows.isEmpty else { return note }
        let isWide = table.columns.count >= Self.wideColumns
        let widths = table.columns.html { title -> HTML in
            Self.narrow.contains(title) ? "<col class=\"narrow\">" : "<col>"
        }
        let head = table.columns.html { "<th scope=\"col\">\($0)</th>" }
        let body = rows.html { row in
            "<tr\(attribute: "class", row.isException ? "exception" : nil)>\(row.cells.html { "<td>\($0)</td>" })</tr>"
        }
        return """
            <div class="\(isWide ? "table wide" : "table")"><table class="rows"><caption>\(table.caption)</caption>\
            <colgroup>\(widths)</colgroup><thead><tr>\(head)</tr></thead><tbody>\(body)</tbody></table></div>\(note)
            """
    }
}
