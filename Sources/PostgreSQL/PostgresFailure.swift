/// What went wrong between this program and PostgreSQL.
///
/// Its text is made for logs: SQLSTATE, names of the schema and the statement's own constant text. It never holds a row,
/// a parameter or a password, so the server's message is kept only for the classes of error that cannot quote a value.
package struct PostgresFailure: Error, Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// No connection could be had, or the one in use was lost. What a lost `COMMIT` did is unknown.
        case unavailable
        /// A constraint refused the row (SQLSTATE class 23); for `NOT NULL` the name is the column's.
        case constraint(name: String, sqlstate: String)
        /// Two transactions could not both be right (40001, 40P01), or a statement's plan grew old: try again.
        case serialization
        /// A deadline of ours, a statement's (57014) or a lock's (55P03) has passed.
        case timedOut
        /// Any other refusal of the server: an error in this program.
        case statement(sqlstate: String)
        /// A column's text is not of the type that the query reads: an error in this program.
        case decoding(statement: String, column: String, type: String)
        /// The connection string cannot be read.
        case configuration
    }

    package let kind: Kind
    /// A sentence for the log.
    package let message: String
    /// The text of the statement, values left out; nil where there was none.
    package let statement: String?

    package init(_ kind: Kind, _ message: String, statement: String? = nil) {
        self.kind = kind
        self.message = message
        self.statement = statement
    }

    /// The name of the constraint that refused, if one did.
    package var constraint: String? {
        guard case .constraint(let name, _) = kind else { return nil }
        return name
    }

    /// Whether the same work may succeed when it is done again.
    package var isTransient: Bool {
        switch kind {
        case .unavailable, .serialization, .timedOut: true
        case .constraint, .statement, .decoding, .configuration: false
        }
    }
}

extension PostgresFailure: CustomStringConvertible {
    package var description: String {
        guard let statement else { return message }
        let text = statement.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return "\(message) (\(text.count > Self.shownText ? text.prefix(Self.shownText) + "…" : text))"
    }

    /// How much of a statement a log line shows: enough to find it in the source.
    private static let shownText = 160
}

extension PostgresFailure {
    /// What the server said about a statement.
    struct Report {
        var sqlstate: String
        var primary: String
        var constraint: String?
        var table: String?
        var column: String?
    }

    init(_ report: Report, statement: String?) {
        let kind = Self.kind(of: report)
        var message = "PostgreSQL refused a statement with \(report.sqlstate)"
        if let table = report.table { message += " on \(table)" }
        if let constraint = report.constraint { message += " by \(constraint)" }
        if Self.speakingClasses.contains(String(report.sqlstate.prefix(2))) { message += ": \(report.primary)" }
        self.init(kind, message, statement: statement)
    }

    /// The classes of SQLSTATE whose message names the schema only; class 22, for one, quotes the value it refuses.
    private static let speakingClasses: Set<String> = [
        "08", "0A", "23", "25", "26", "28", "2D", "3D", "3F", "40", "42", "53", "54", "55", "57", "58",
    ]

    /// The kinds of PostgreSQL's error codes (its documentation, appendix A).
    private static func kind(of report: Report) -> Kind {
        let state = report.sqlstate
        return switch state {
        case "40001", "40P01": .serialization
        case "0A000" where report.primary.hasPrefix("cached plan must not change"): .serialization
        case "57014", "55P03": .timedOut
        case "57P01", "57P02", "57P03", "57P04", "57P05", "25P03": .unavailable
        // 25006: a server that became read-only is about to be replaced; class 58: its disk fails.
        case "25006": .unavailable
        case _ where state.hasPrefix("08") || state.hasPrefix("53") || state.hasPrefix("58"): .unavailable
        case _ where state.hasPrefix("23"):
            .constraint(name: report.constraint ?? report.column ?? "", sqlstate: state)
        default: .statement(sqlstate: state)
        }
    }
}
