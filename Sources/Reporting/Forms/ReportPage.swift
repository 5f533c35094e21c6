package import Hypertext
internal import Recovery

/// The report as HTML: the page, and what is printed.
///
/// It stands for itself: its style is in it, and it asks for nothing from anywhere.
package struct ReportPage: Sendable {
    package let report: Report
    package let seal: ReportSeal
    package let medium: Medium

    package enum Medium: Sendable {
        /// Every row.
        case page
        /// Long tables show their exceptions; the rest is attached.
        case print
    }

    package init(_ report: Report, _ seal: ReportSeal, _ medium: Medium) {
        self.report = report
        self.seal = seal
        self.medium = medium
    }

    /// The whole document.
    package var document: HTML {
        """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>\(title)</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="generator" content="Muster">
        \(ReportStyle.element)</head><body>\(content)</body></html>
        """
    }

    package var title: String {
        "Drill report: \(report.identity.planName), \(Words.moment(report.identity.startedAt).prefix(10))"
    }

    /// What stands between the edges, for a page that has some of its own.
    package var content: HTML {
        """
        <main class="report"><header class="cover"><p class="classification">\(report.identity.classification)</p>\
        <h1>Drill report</h1><p class="plan">\(report.identity.planName)</p>\(stamp)\(cover)</header>\
        <nav aria-label="Contents" class="contents"><h2 class="plain">Contents</h2><ol>\
        \(report.sections.html { "<li><a href=\"#section-\($0.number)\">\($0.title)</a></li>" })</ol></nav>\
        \(report.sections.html(section))</main>
        """
    }

    private var stamp: HTML {
        guard report.isInterim else { return .empty }
        return """
            <p class="interim">Interim: made while the execution was \(report.identity.status.rawValue). \
            A final report is made at its end.</p>
            """
    }

    private var cover: HTML {
        let identity = report.identity
        let verdict = report.summary.verdict?.result.rawValue ?? "no verdict yet"
        return facts([
            ("Verdict", verdict), ("Type", identity.executionType.rawValue),
            ("Started", Words.moment(identity.startedAt)),
            ("Ended", identity.endedAt.map { Words.moment($0) } ?? "it has not ended"),
            ("Report", identity.version == 0 ? "interim" : "version \(identity.version), final"),
            ("Made", Words.moment(identity.madeAt)), ("Content hash (SHA-256)", seal.contentHash),
            ("Signed with key", seal.keyId), ("Signature (Ed25519)", seal.signature),
        ])
    }

    private func section(_ section: ReportSection) -> HTML {
        """
        <section id="section-\(section.number)" aria-labelledby="title-\(section.number)">\
        <h2 id="title-\(section.number)">\(section.number). \(section.title)</h2>\(section.blocks.html(block))</section>
        """
    }

    private func block(_ block: ReportSection.Block) -> HTML {
        switch block {
        case .facts(let pairs): facts(pairs)
        case .table(let content): table(content)
        case .text(let text): "<p>\(text)</p>"
        case .chart(let drawing, let words):
            "<figure role=\"img\" aria-label=\"\(words)\">\(drawing)<figcaption>\(words)</figcaption></figure>"
        case .notRecorded(let what): "<p class=\"missing\">\(what): \(Words.notRecorded).</p>"
        }
    }

    private func facts(_ pairs: [(name: String, value: String)]) -> HTML {
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
