internal import Ambient
package import PostgreSQL
package import Recovery

/// The hash chain of an execution.
package enum JournalStatements {
    /// An event as it is stored: the RFC 8785 text exactly as hashed.
    package struct Stored: Sendable, Hashable {
        package var sequence: Int
        package var event: String
        package var hash: String

        package init(sequence: Int, event: String, hash: String) {
            self.sequence = sequence
            self.event = event
            self.hash = hash
        }
    }

    package static func append(_ events: [Stored], to id: Execution.ID) -> Statement {
        Statement(
            """
            INSERT INTO journal_event (execution_id, sequence, event, hash)
            SELECT \(id), entry.* FROM unnest(\(events.map(\.sequence)), \(events.map(\.event)),
                                              \(events.map(\.hash))) AS entry
            """
        )
    }

    /// The number of the last event.
    package static func end(of id: Execution.ID) -> Query<Int> {
        Query("SELECT journal_sequence FROM execution WHERE execution_id = \(id)", as: Int.self)
    }

    /// The events after a number, oldest first.
    package static func events(of id: Execution.ID, after sequence: Int, limit: Int) -> Query<Stored> {
        Query(
            """
            SELECT sequence, event, hash FROM journal_event
             WHERE execution_id = \(id) AND sequence > \(sequence) ORDER BY sequence LIMIT \(limit)
            """
        ) { row in
            try Stored(sequence: row.read(), event: row.read(), hash: row.read())
        }
    }
}
