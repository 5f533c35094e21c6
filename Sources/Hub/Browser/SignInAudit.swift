internal import Ambient
internal import Audit
internal import Contract

/// What people do to come in and to go, for the audit.
struct SignInAudit: Sendable {
    enum Action: String, Sendable, CaseIterable {
        case signedIn = "SIGN_IN"
        case signedOut = "SIGN_OUT"
        /// The issuer no longer stands by the person, or cannot be asked about them any more.
        case ended = "END_SESSION"
        /// The issuer knows the person, and they have no role here; or its tokens were not as they must be.
        case refused = "REFUSE_SIGN_IN"
        case codeMade = "MAKE_BREAK_GLASS_CODE"
        case codeUsed = "USE_BREAK_GLASS_CODE"
    }

    let action: Action
    let principal: String
    var session: Identifier<BrowserSession>?
    var detail: String?

    /// The event, from where and in which request it happened.
    func event(as id: AuditEvent.ID, at now: Instant, address: String?, requestId: String?) -> AuditEvent {
        AuditEvent(
            eventId: id,
            at: now,
            principal: principal,
            action: action.rawValue,
            subjectKind: session == nil ? nil : "session",
            subjectId: session?.description,
            sourceAddress: address,
            requestId: requestId,
            outcome: action == .refused ? .refused : .done,
            detail: detail
        )
    }
}
