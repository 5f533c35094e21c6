package import Audit
package import PostgreSQL

extension AuditEvent {
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
