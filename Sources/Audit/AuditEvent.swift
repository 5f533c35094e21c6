package import Ambient
package import Recovery

/// Something that somebody did, or was refused: who, what, when, from where, and what was changed.
package struct AuditEvent: Sendable, Hashable {
    package typealias ID = Identifier<AuditEvent>

    /// What became of what was asked for.
    package enum Outcome: String, Sendable, Hashable, CaseIterable, Codable {
        case done = "DONE"
        case refused = "REFUSED"
    }

    package var eventId: ID
    package var at: Instant
    /// Subject and issuer, a spoke's AWS principal, or `muster` where the hub acted by itself.
    package var principal: String
    /// The name of the call, such as `CreateProtectionGroup`, or of what happened, such as `SPOKE_LOST`.
    package var action: String
    package var subjectKind: String?
    package var subjectId: String?
    /// The accounts of the object; with none of them, only callers who see all accounts are shown the event.
    package var accounts: [AccountNumber]
    package var sourceAddress: String?
    package var requestId: String?
    package var outcome: Outcome
    package var oldRevision: Int?
    package var newRevision: Int?
    package var detail: String?
    package var changes: [FieldChange]

    package init(
        eventId: ID,
        at: Instant,
        principal: String,
        action: String,
        subjectKind: String? = nil,
        subjectId: String? = nil,
        accounts: [AccountNumber] = [],
        sourceAddress: String? = nil,
        requestId: String? = nil,
        outcome: Outcome = .done,
        oldRevision: Int? = nil,
        newRevision: Int? = nil,
        detail: String? = nil,
        changes: [FieldChange] = []
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
        self.changes = changes
    }
}
