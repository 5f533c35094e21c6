/// Rows in columns: aligned by what is seen, without blanks at the ends of lines.
package struct Table: Sendable {
    package struct Column: Sendable {
        let title: String
        let isNumeric: Bool

        package static func text(_ title: String) -> Column { Column(title: title, isNumeric: false) }
        /// Numbers stand to the right.
        package static func number(_ title: String) -> Column { Column(title: title, isNumeric: true) }
    }

    /// The content of one place in the table.
    package struct Cell: Sendable, Hashable, ExpressibleByStringInterpolation {
        let text: String
        let tone: Tone

        package init(_ text: String, _ tone: Tone = .plain) {
            self.text = text.printable
            self.tone = tone
        }

        package init(stringLiteral text: String) {
            self.init(text)
        }

        /// A label of the API, in its own tone.
        package static func label(_ label: some RawRepresentable<String>) -> Cell {
            Cell(label.rawValue, Tone(ofLabel: label.rawValue))
        }

        /// A value that may be missing.
        package static func optional(_ value: (some CustomStringConvertible)?) -> Cell {
            value.map { Cell($0.description) } ?? Cell("-", .faint)
        }
    }

    package let columns: [Column]
    package let rows: [[Cell]]

    package init(_ columns: [Column], _ rows: [[Cell]]) {
        self.columns = columns
        self.rows = rows
    }

    /// Blanks between two columns.
    private static let gap = 2

    /// The lines, the titles first.
    package func lines(_ style: Style) -> [String] {
        let titles = columns.map { Cell($0.title, .strong) }
        let all = [titles] + rows
        let widths = columns.indices.map { column in
            all.map { DisplayWidth.of($0[column].text) }.max() ?? 0
        }
        return all.map { line($0, widths, style) }
    }

    private func line(_ cells: [Cell], _ widths: [Int], _ style: Style) -> String {
        var (line, blanks) = ("", 0)
        for (index, cell) in cells.enumerated() {
            let rest = widths[index] - DisplayWidth.of(cell.text)
            if columns[index].isNumeric { blanks += rest }
            if !cell.text.isEmpty {
                line += String(repeating: " ", count: blanks) + style.paint(cell.text, cell.tone)
                blanks = 0
            } else {
                blanks += widths[index] - rest
            }
            if !columns[index].isNumeric { blanks += rest }
            blanks += Self.gap
        }
        return line
    }
}
