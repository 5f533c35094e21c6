package import Ambient
internal import Audit
package import PostgreSQL

/// Moving the beginning of the audit out of the database: the owner's work, for the hub's role may delete nothing.
package enum AuditArchiveStatements {
    /// The last head all of whose events happened before a moment.
    package static func lastHead(before moment: Instant) -> Query<AuditReading.StoredHead> {
        Query(
            """
            SELECT h.document, h.signature, h.number, h.sequence FROM audit_head h
             WHERE h.sequence < coalesce((SELECT min(s.sequence) FROM audit_seal s
                                            JOIN audit_event a ON a.event_id = s.event_id WHERE a.at >= \(moment)),
                                         9223372036854775807)
               AND h.sequence > 0
             ORDER BY h.number DESC LIMIT 1
            """
        ) { row in
            AuditReading.StoredHead(
                signed: try AuditSealStatements.signed(row: &row),
                number: try row.read(),
                sequence: try row.read()
            )
        }
    }

    /// Whether this role may remove what is archived: the hub's may not.
    package static let mayRemove = Query(
        """
        SELECT bool_and(has_table_privilege(name, 'DELETE'))
          FROM unnest(ARRAY['audit_event', 'audit_seal', 'audit_head']) name
        """,
        as: Bool.self
    )

    /// Removes what is in the archive.
    package static func remove(through head: AuditReading.StoredHead) -> [Statement] {
        [
            Statement(
                """
                DELETE FROM audit_event a USING audit_seal s
                 WHERE s.event_id = a.event_id AND s.sequence <= \(head.sequence)
                """
            ),
            Statement("DELETE FROM audit_seal WHERE sequence <= \(head.sequence)"),
            Statement("DELETE FROM audit_head WHERE number <= \(head.number)"),
        ]
    }
}
