package import Hypertext

/// A section as every form that people read shows it.
package struct ReportSection: Sendable {
    package let number: Int
    package let title: String
    package let blocks: [Block]

    package enum Block: Sendable {
        /// Names with their values.
        case facts([(name: String, value: String)])
        case table(ReportTable)
        case text(String)
        /// A drawing, and the same in words.
        case chart(HTML, words: String)
        /// Nobody recorded it: a sentence on what would stand here.
        case notRecorded(String)
    }
}

/// A table of a report.
package struct ReportTable: Sendable {
    package let caption: String
    package let columns: [String]
    package var rows: [Row]
    /// Where the rows are, when they are too many to print.
    package var attachment: String

    package struct Row: Sendable {
        package let cells: [String]
        /// Printed even where the table is too long to be.
        package let isException: Bool

        package init(_ cells: [String], isException: Bool = false) {
            self.cells = cells
            self.isException = isException
        }
    }

    package init(_ caption: String, _ columns: [String], _ rows: [Row], attachment: String = "report.json") {
        self.caption = caption
        self.columns = columns
        self.rows = rows
        self.attachment = attachment
    }

    /// More rows than this are not printed: WeasyPrint takes 12 s for 1,000 of them, and nobody reads them on paper.
    package static let printedRows = 200

    /// What is printed of it, and a sentence where that is not all.
    package var printed: (rows: [Row], sentence: String?) {
        guard rows.count > Self.printedRows else { return (rows, nil) }
        let exceptions = rows.filter(\.isException)
        let shown = Array(exceptions.prefix(Self.printedRows))
        let cut = exceptions.count > shown.count ? ", of which the first \(shown.count) are printed" : ""
        return (
            shown,
            "\(rows.count) rows in all; \(exceptions.count) of them are exceptions\(cut). All rows are in the attached "
                + "\(attachment)."
        )
    }
}

extension Report {
    /// The 22 sections in their order.
    package var sections: [ReportSection] {
        let contents: [(String, [ReportSection.Block])] = [
            ("Identity", identitySection), ("Executive summary", summarySection),
            ("Objectives and scenario", objectiveSection), ("Scope", scopeSection), ("People", peopleSection),
            ("Plan as run", planSection), ("Readiness at start", readinessSection), ("Timeline", timelineSection),
            ("Recovery time", recoveryTimeSection), ("Recovery point", recoveryPointSection),
            ("Server evidence", serverSection), ("Validation", validationSection),
            ("Approvals and decisions", decisionSection), ("Deviations and exceptions", deviationSection),
            ("Findings", findingSection), ("Clean-up proof", cleanUpSection), ("Cost", costSection),
            ("Failback and reprotection", failbackSection), ("Trend and coverage", trendSection),
            ("Control mapping", controlSection), ("Sign-off", signOffSection), ("Evidence annex", evidenceSection),
        ]
        return contents.enumerated().map { index, content in
            ReportSection(number: index + 1, title: content.0, blocks: content.1)
        }
    }

    /// What people entered of a kind, or that they did not.
    func remarkBlocks(_ kind: ReportEntry.Kind, or missing: String, caption: String) -> [ReportSection.Block] {
        entryBlocks(remarks.filter { $0.kind == kind }, or: missing, caption: caption)
    }

    /// What people entered, or that they did not.
    func entryBlocks(_ entries: [ReportEntry], or missing: String, caption: String) -> [ReportSection.Block] {
        guard !entries.isEmpty else { return [.notRecorded(missing)] }
        let rows = entries.map { entry in
            let withdrawal = entry.withdrawnBy.map { " (withdrawn by \($0))" } ?? ""
            return ReportTable.Row(
                [
                    entry.kind.words, entry.name ?? "-", entry.role ?? "-", entry.text + withdrawal, entry.by,
                    Words.moment(entry.at),
                ],
                isException: entry.withdrawnAt != nil
            )
        }
        return [
            .table(ReportTable(caption, ["Kind", "Name", "Role", "What", "Entered by", "Entered at"], rows))
        ]
    }
}
