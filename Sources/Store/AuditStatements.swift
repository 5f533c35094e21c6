package import Audit
package import PostgreSQL

extension AuditEvent {
    /// What refuses an event that is written already.
    package static let primaryKey = "audit_event_pkey"

    /// Whether an event is written down, and the change with it that it tells of.
    package static func isWritten(_ id: ID) -> Query<Bool> {
        Query("SELECT EXISTS (SELECT FROM audit_event WHERE event_id = \(id))", as: Bool.self)
    }

    /// Writes the event down: once, for nobody may change it then.
    package var insert: Statement {
        Statement(
            """
            INSERT INTO audit_event (event_id, at, principal, action, subject_kind, subject_id, account_ids,
                                     source_address, request_id, outcome, old_revision, new_revision, detail, event)
            VALUES (\(eventId), \(at), \(principal), \(action), \(subjectKind), \(subjectId),
                    \(accounts), \(sourceAddress), \(requestId), \(outcome), \(oldRevision),
                    \(newRevision), \(detail), \(text))
            """
        )
    }
}
