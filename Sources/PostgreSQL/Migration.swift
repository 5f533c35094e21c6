/// One step of a schema, forward only: a name and the text that takes the step.
///
/// A text with the line `-- outside-transaction` is run statement by statement without a transaction, as
/// `CREATE INDEX CONCURRENTLY` needs it; each of its statements ends with a semicolon at the end of a line, and each
/// must be safe to run again (`IF NOT EXISTS`), for it is when the program is killed before the step was recorded.
package struct Migration: Sendable, Hashable {
    /// Unique, and shown to people: `M0001-accounts`.
    package let name: String
    package let sql: String

    package init(name: String, sql: String) {
        self.name = name
        self.sql = sql
    }

    /// The marker, a line of its own.
    package static let outsideTransaction = "-- outside-transaction"

    var runsOutsideTransaction: Bool {
        sql.split(separator: "\n").contains { $0.trimmingSuffix() == Self.outsideTransaction }
    }

    /// The statements one by one, as the rule above tells them apart.
    var statements: [String] {
        var statements: [String] = []
        var current = ""
        for line in sql.split(separator: "\n", omittingEmptySubsequences: false) {
            current += line + "\n"
            guard line.trimmingSuffix().hasSuffix(";") else { continue }
            statements.append(current)
            current = ""
        }
        let isBlank = current.split(separator: "\n").allSatisfy { $0.isBlankOrComment }
        return isBlank ? statements : statements + [current]
    }
}

extension Substring {
    fileprivate func trimmingSuffix() -> Substring {
        var text = self
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }

    fileprivate var isBlankOrComment: Bool {
        let text = drop(while: \.isWhitespace)
        return text.isEmpty || text.hasPrefix("--")
    }
}

extension Migration {
    /// Whether a migration takes away what programs before it need: its name says so, `M0042-contract-old-columns`.
    ///
    /// Its name is all that an older program knows of it. All others only add, so that old and new replicas run side by
    /// side during an upgrade, and the old one can be gone back to.
    static func contracts(_ name: String) -> Bool {
        name.split(separator: "-").dropFirst().first == "contract"
    }
}

/// How the schema of a database stands to the migrations that a program has.
package enum SchemaState: Sendable, Hashable {
    /// All of them were applied, as they are here.
    case current
    /// All of them were applied, and later ones that this program does not have, none of which takes anything away: a
    /// newer program was here, and this one goes on working beside it.
    case ahead([String])
    /// These are still to be applied; all of them where the database is new.
    case behind([String])
    /// The program cannot work with this schema, nor change it.
    case refused(Refusal)

    package enum Refusal: Sendable, Hashable {
        /// Migrations were applied that this program does not have and cannot work with: they take something away, or this
        /// program's own are not all there.
        case unknown([String])
        /// Migrations were applied with another text than they have here.
        case changed([String])
        /// Migrations that come before an applied one were left out.
        case skipped([String])
    }
}

/// Why migrations were not applied.
package enum MigrationFailure: Error, Sendable, Hashable, CustomStringConvertible {
    case refused(SchemaState.Refusal)
    /// A migration's own statements failed; the ones before it are applied, and of it nothing is, unless it runs outside a
    /// transaction.
    case failed(name: String, PostgresFailure)
    /// Another program holds the lock for longer than one waits.
    case locked

    package var description: String {
        switch self {
        case .refused(.unknown(let names)):
            "the database has migrations that this program does not know: \(names.joined(separator: ", "))"
        case .refused(.changed(let names)):
            "the database has migrations with another text than this program's: \(names.joined(separator: ", "))"
        case .refused(.skipped(let names)):
            "migrations are missing before ones that were applied: \(names.joined(separator: ", "))"
        case .failed(let name, let failure): "migration \(name) failed: \(failure)"
        case .locked: "another program is migrating this database"
        }
    }
}
