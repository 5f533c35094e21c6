package import Ambient
package import JSON
package import Recovery

/// An event of the audit as the API shows it.
package struct AuditEventView: Codable, Sendable, Hashable {
    /// Its number in the chain; null until it is sealed, which takes a second.
    @Nullable package var sequence: Int?
    package var eventId: String
    package var at: Instant
    /// Subject and issuer, a spoke's AWS principal, or `muster`.
    package var principal: String
    /// The name of the call, or of what happened.
    package var action: String
    package var outcome: AuditOutcome
    @Nullable package var subjectKind: String?
    @Nullable package var subjectId: String?
    package var accountIds: [AccountNumber]
    @Nullable package var sourceAddress: String?
    @Nullable package var requestId: String?
    @Nullable package var oldRevision: Int?
    @Nullable package var newRevision: Int?
    @Nullable package var detail: String?
    package var changes: [Change]
    /// Whether it is also about accounts that the caller may not see: then its detail and changes are left out.
    package var outsideScope: Bool

    /// A field that the change gave another value; of a long value, its length and SHA-256.
    package struct Change: Codable, Sendable, Hashable {
        package var field: String
        /// As JSON text.
        package var before: String
        package var after: String

        package init(
            field: String,
            before: String,
            after: String
        ) {
            self.field = field
            self.before = before
            self.after = after
        }
    }

    package init(
        sequence: Int?,
        eventId: String,
        at: Instant,
        principal: String,
        action: String,
        outcome: AuditOutcome,
        subjectKind: String?,
        subjectId: String?,
        accountIds: [AccountNumber],
        sourceAddress: String?,
        requestId: String?,
        oldRevision: Int?,
        newRevision: Int?,
        detail: String?,
        changes: [Change],
        outsideScope: Bool
    ) {
        self.sequence = sequence
        self.eventId = eventId
        self.at = at
        self.principal = principal
        self.action = action
        self.outcome = outcome
        self.subjectKind = subjectKind
        self.subjectId = subjectId
        self.accountIds = accountIds
        self.sourceAddress = sourceAddress
        self.requestId = requestId
        self.oldRevision = oldRevision
        self.newRevision = newRevision
        self.detail = detail
        self.changes = changes
        self.outsideScope = outsideScope
    }
}

/// What became of what was asked for.
package enum AuditOutcome: String, Codable, Sendable, CaseIterable {
    case done = "DONE"
    case refused = "REFUSED"
}

/// What a recomputation of the whole audit found.
package struct AuditVerificationView: Codable, Sendable, Hashable {
    /// Whether everything is as it was sealed.
    package var intact: Bool
    package var verifiedAt: Instant
    /// Sealed events that were recomputed.
    package var events: Int
    /// Events that wait for their seal: those of the last second.
    package var unsealed: Int
    /// Executions whose journals were recomputed.
    package var journals: Int
    /// The last event that was moved to an archive; 0: none.
    package var archivedThrough: Int
    @Nullable package var firstBreak: Break?
    /// The newest signed head: who keeps it elsewhere can tell later that nothing before it was cut off.
    @Nullable package var head: SignedHeadView?

    /// The first thing that is not as it was sealed.
    package struct Break: Codable, Sendable, Hashable {
        package var kind: String
        package var sequence: Int
        @Nullable package var eventId: String?
        package var detail: String

        package init(
            kind: String,
            sequence: Int,
            eventId: String?,
            detail: String
        ) {
            self.kind = kind
            self.sequence = sequence
            self.eventId = eventId
            self.detail = detail
        }
    }

    package init(
        intact: Bool,
        verifiedAt: Instant,
        events: Int,
        unsealed: Int,
        journals: Int,
        archivedThrough: Int,
        firstBreak: Break?,
        head: SignedHeadView?
    ) {
        self.intact = intact
        self.verifiedAt = verifiedAt
        self.events = events
        self.unsealed = unsealed
        self.journals = journals
        self.archivedThrough = archivedThrough
        self.firstBreak = firstBreak
        self.head = head
    }
}

/// A signed head: RFC 8785 text and the Ed25519 signature over it in base64url.
package struct SignedHeadView: Codable, Sendable, Hashable {
    package var document: String
    package var signature: String

    package init(
        document: String,
        signature: String
    ) {
        self.document = document
        self.signature = signature
    }
}

/// A public key by which heads are verified.
package struct AuditKeyView: Codable, Sendable, Hashable {
    package var keyId: String
    package var algorithm: String
    /// 32 bytes in base64url.
    package var publicKey: String

    package init(
        keyId: String,
        algorithm: String,
        publicKey: String
    ) {
        self.keyId = keyId
        self.algorithm = algorithm
        self.publicKey = publicKey
    }
}
