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

    /// What a list of events is narrowed to.
    package struct Filter: Sendable, Hashable {
        package var waveNumber: Int?
        package var sourceServerId: SourceServerID?
        /// Only what went wrong.
        package var isOfProblems: Bool

        package init(waveNumber: Int? = nil, sourceServerId: SourceServerID? = nil, isOfProblems: Bool = false) {
            self.waveNumber = waveNumber
            self.sourceServerId = sourceServerId
            self.isOfProblems = isOfProblems
        }

        package var isEmpty: Bool { self == Filter() }

        /// The event is text, hashed as it is; its members are read only where somebody narrows by them.
        fileprivate var sql: SQL {
            let wave: SQL =
                if let waveNumber { "AND event::jsonb ->> 'waveNumber' = \(String(waveNumber))" } else { "" }
            let server: SQL =
                if let sourceServerId { "AND event::jsonb ->> 'sourceServerId' = \(sourceServerId.rawValue)" } else {
                    ""
                }
            let problems: SQL =
                isOfProblems
                ? """
                AND (event::jsonb ->> 'kind' = ANY(\(JournalEntry.Kind.problems.map(\.rawValue)))
                     OR event::jsonb ->> 'label' = 'FAILED')
                """ : ""
            return "\(wave) \(server) \(problems)"
        }
    }

    /// The last so many events after a number that a filter lets through, oldest first.
    package static func last(
        _ count: Int,
        of id: Execution.ID,
        after sequence: Int,
        filter: Filter,
        limit: Int
    ) -> Query<Stored> {
        Query(
            """
            SELECT sequence, event, hash
              FROM (SELECT sequence, event, hash FROM journal_event
                     WHERE execution_id = \(id) AND sequence > \(sequence) \(filter.sql)
                     ORDER BY sequence DESC LIMIT \(count)) newest
             ORDER BY sequence LIMIT \(limit)
            """
        ) { row in
            try Stored(sequence: row.read(), event: row.read(), hash: row.read())
        }
    }

    /// The events after a number, oldest first.
    package static func events(
        of id: Execution.ID,
        after sequence: Int,
        filter: Filter = Filter(),
        limit: Int
    )
        -> Query<Stored>
    {
        Query(
            """
            SELECT sequence, event, hash FROM journal_event
             WHERE execution_id = \(id) AND sequence > \(sequence) \(filter.sql) ORDER BY sequence LIMIT \(limit)
            """
        ) { row in
            try Stored(sequence: row.read(), event: row.read(), hash: row.read())
        }
    }
}
