package import Ambient
internal import JSON
package import Recovery

extension Contract {
    static let audit: [CallDescription] = [
        CallDescription(ListAuditEvents.self), CallDescription(GetAuditVerification.self),
        CallDescription(ListAuditKeys.self),
    ]
}

/// Lists who did what, the newest first; or streams the whole chain for verification elsewhere.
package struct ListAuditEvents: Call {
    package typealias Answer = Page<AuditEventView>
    package static let route = Route.get("/audit-events", of: .audit)
    package static let permission: Permission? = .viewResources
    package static let summary = "List audit events"
    package static let details = """
        Shown are events of accounts in the caller's scope and the caller's own; those of no account (sign-ins, refusals) \
        only to callers who see all accounts. With Accept: application/x-ndjson it is an export for muster audit verify: \
        every link of the chain, oldest first, in which events that the filters leave out are digests.
        """
    package static let parameters: [Parameter] =
        [
            .query("principal", .line(Limits.bindingNameLength), "Who: subject@issuer."),
            .query("action", .line(Limits.searchLength), "The call, such as UpdateAccount."),
            .query("subjectId", .line(Limits.searchLength), "The object."),
            .query("outcome", .choice(AuditOutcome.self), "DONE or REFUSED."),
            .query("from", Shapes.time, "Not before."),
            .query("to", Shapes.time, "Before."),
        ] + Parameter.paging
    package static let otherTypes = ["application/x-ndjson"]

    package var principal: String?
    package var action: String?
    package var subjectId: String?
    package var outcome: AuditOutcome?
    package var from: Instant?
    package var to: Instant?
    package var limit: Int?
    package var nextToken: String?

    package init(
        principal: String? = nil,
        action: String? = nil,
        subjectId: String? = nil,
        outcome: AuditOutcome? = nil,
        from: Instant? = nil,
        to: Instant? = nil,
        limit: Int? = nil,
        nextToken: String? = nil
    ) {
        self.principal = principal
        self.action = action
        self.subjectId = subjectId
        self.outcome = outcome
        self.from = from
        self.to = to
        self.limit = limit
        self.nextToken = nextToken
    }
}

/// Recomputes the audit and every journal, and says what is not as it was sealed.
package struct GetAuditVerification: Call {
    package typealias Answer = AuditVerificationView
    package static let route = Route.get("/audit-events/verification", of: .audit)
    package static let permission: Permission? = .viewResources
    package static let summary = "Verify the audit"
    package static let details = "It reads everything; one at a time in each replica, 429 meanwhile."

    package init() {}
}

/// Shows the public keys of the audit's signed heads.
package struct ListAuditKeys: Call {
    package typealias Answer = Page<AuditKeyView>
    package static let route = Route.get("/audit-keys", of: .audit)
    package static let permission: Permission? = nil
    package static let summary = "List the keys that verify the audit"
    package static let details = "Keep them apart from the hub: an export is verified by them, without any hub."
    package static let parameters = Parameter.paging

    package var limit: Int?
    package var nextToken: String?

    package init(limit: Int? = nil, nextToken: String? = nil) {
        self.limit = limit
        self.nextToken = nextToken
    }
}
