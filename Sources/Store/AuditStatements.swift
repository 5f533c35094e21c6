package import Ambient
package import PostgreSQL
package import Recovery

/// One change that somebody made: who, what, when, from where, and the revisions before and after.
package struct AuditEvent: Sendable, Hashable {
    package typealias ID = Identifier<AuditEvent>

    /// What became of what was asked for.
    package enum Outcome: String, Sendable, CaseIterable {
        case done = "DONE"
        case refused = "REFUSED"
    }

    package var eventId: ID
    package var at: Instant
    package var principal: String
    /// The name of the call, such as `CreateProtectionGroup`.
    package var action: String
    package var subjectKind: String?
    package var subjectId: String?
    package var accounts: [AccountNumber]
    package var sourceAddress: String?
    package var requestId: String?
    package var outcome: Outcome
    package var oldRevision: Int?
    package var newRevision: Int?
    package var detail: String?

    package init(
        eventId: ID,
        at: Instant,
        principal: String,
        action: String,
        subjectKind: String?,
        subjectId: String?,
        accounts: [AccountNumber],
        sourceAddress: String?,
        requestId: String?,
        outcome: Outcome,
        oldRevision: Int?,
        newRevision: Int?,
        detail: String?
    ) {
        self.eventId = eventId
        self.at = at
        self.principal = principal
        self.action = action
        self.subjectKind = subjectKind
        self.subjectId = subjectId
        self.accounts = accounts
        self.sourceAddress = sourceAddress
        self.requestId = requestId
        self.outcome = outcome
        self.oldRevision = oldRevision
        self.newRevision = newRevision
        self.detail = detail
    }
}

/// The audit, which is only ever added to.
package enum AuditStatements {
    package static func insert(_ event: AuditEvent) -> Statement {
        Statement(
            """
            INSERT INTO audit_event (event_id, at, principal, action, subject_kind, subject_id, account_ids,
                                     source_address, request_id, outcome, old_revision, new_revision, detail)
            VALUES (\(event.eventId), \(event.at), \(event.principal), \(event.action), \(event.subjectKind),
                    \(event.subjectId), \(event.accounts.map(\.rawValue)), \(event.sourceAddress), \(event.requestId),
                    \(event.outcome), \(event.oldRevision), \(event.newRevision), \(event.detail))
            """
        )
    }
}
