package import Ambient
package import Audit
package import PostgreSQL
internal import Recovery

/// The seals of the audit: the chain, its signed heads, and what waits for them.
///
/// Nothing here changes a row of them.
package enum AuditSealStatements {
    /// Any number; it is the sealer's among the advisory locks of this database.
    private static let lockKey = 7_733_210_001

    /// Whether this transaction is the one that may seal; the lock goes with the transaction.
    package static let takeLock = Query<Bool>("SELECT pg_try_advisory_xact_lock(\(lockKey))", as: Bool.self)

    /// Waits for the lock instead.
    package static let awaitLock = Query<Bool>(
        "SELECT pg_advisory_xact_lock(\(lockKey)) IS NOT NULL",
        as: Bool.self
    )

    /// Where the chain has come to.
    package static let place = Query<ChainPlace>("SELECT sequence, hash FROM audit_seal ORDER BY sequence DESC LIMIT 1")
    {
        row in ChainPlace(sequence: try row.read(), hash: try row.read())
    }

    /// The newest head.
    package static let head = Query<SignedHead>(
        "SELECT document, signature FROM audit_head ORDER BY number DESC LIMIT 1",
        reading: signed(row:)
    )

    /// Events that wait, the oldest first.
    package static func waiting(limit: Int) -> Query<(id: AuditEvent.ID, text: String)> {
        Query(
            """
            SELECT a.event_id, a.event FROM audit_pending p JOIN audit_event a ON a.event_id = p.event_id
             WHERE NOT EXISTS (SELECT FROM audit_seal s WHERE s.event_id = p.event_id)
             ORDER BY a.at, a.event_id LIMIT \(limit)
            """
        ) { row in (try row.read(), try row.read()) }
    }

    /// Puts events into the chain.
    package static func seal(_ events: [(id: AuditEvent.ID, place: ChainPlace)]) -> [Statement] {
        [
            Statement(
                """
                INSERT INTO audit_seal (sequence, event_id, hash)
                SELECT q.sequence, q.event_id, q.hash
                  FROM unnest(\(events.map(\.place.sequence)), \(events.map(\.id)), \(events.map(\.place.hash)))
                       AS q (sequence, event_id, hash)
                """
            ),
            Statement("DELETE FROM audit_pending WHERE event_id = ANY(\(events.map(\.id)))"),
        ]
    }

    /// Adds a head.
    package static func add(_ head: AuditHead, _ signed: SignedHead) -> Statement {
        Statement(
            """
            INSERT INTO audit_head (number, sequence, document, key_id, signature)
            VALUES (\(head.number), \(head.place.sequence), \(signed.document), \(head.keyId), \(signed.signature))
            """
        )
    }

    /// Journals that have grown since a head named them: of executions that run, or that ended after a moment.
    ///
    /// - `moment`: nil: of all executions.
    package static func grown(endedAfter moment: Instant?, limit: Int) -> Query<AuditHead.Journal> {
        let which: SQL = moment.map { "e.ended_at > \($0)" } ?? "true"
        return Query(
            """
            SELECT e.execution_id::text, e.journal_sequence, e.journal_head
              FROM execution e LEFT JOIN journal_mark m ON m.execution_id = e.execution_id
             WHERE (e.ended_at IS NULL OR \(which)) AND e.journal_sequence > coalesce(m.sequence, 0)
             ORDER BY e.execution_id LIMIT \(limit)
            """
        ) { row in
            AuditHead.Journal(
                executionId: try row.read(),
                place: ChainPlace(sequence: try row.read(), hash: try row.read())
            )
        }
    }

    /// Notes that a head names the journals so far.
    package static func mark(_ journals: [AuditHead.Journal]) -> Statement {
        let ids = journals.compactMap { Execution.ID($0.executionId) }
        return Statement(
            """
            INSERT INTO journal_mark (execution_id, sequence)
            SELECT q.id, q.sequence FROM unnest(\(ids), \(journals.map(\.place.sequence))) AS q (id, sequence)
                ON CONFLICT (execution_id) DO UPDATE SET sequence = excluded.sequence
            """
        )
    }

    static func signed(row: inout RowReader) throws -> SignedHead {
        SignedHead(document: try row.read(), signature: try row.read())
    }
}
