package import Ambient
package import Audit
package import PostgreSQL
package import Recovery

/// What spokes do that a person may want to know of later.
package struct AgentAudit: Sendable {
    package enum Action: String, Sendable, CaseIterable {
        /// A spoke proved who it is and was let in.
        case enrolled = "ENROL_SPOKE"
        /// A proof of identity did not hold.
        case unproved = "REFUSE_PROOF"
        /// Nothing was heard of a spoke for too long, and its work goes to others.
        case lost = "LOSE_SPOKE"
        /// A proof held, but its principal serves none of the accounts.
        case refused = "REFUSE_SPOKE"
        /// STS could not be asked, and a live session went on.
        case extended = "EXTEND_SPOKE_SESSION"
        /// An account was taken from a session, because its registration changed.
        case withdrawn = "WITHDRAW_ACCOUNT_FROM_SPOKE"
        /// A spoke reported on what is not its own.
        case foreign = "REPORT_FOREIGN_ACCOUNT"
    }

    package var action: Action
    package var principal: String
    package var spokeId: Identifier<Spoke>?
    package var accounts: [AccountNumber]
    package var address: String?
    package var requestId: String?
    package var detail: String?

    package init(
        _ action: Action,
        principal: String,
        spokeId: Identifier<Spoke>?,
        accounts: [AccountNumber],
        address: String?,
        requestId: String?,
        detail: String? = nil
    ) {
        self.action = action
        self.principal = principal
        self.spokeId = spokeId
        self.accounts = accounts
        self.address = address
        self.requestId = requestId
        self.detail = detail
    }

    /// Writes the event down.
    package func insert(as id: AuditEvent.ID, at now: Instant) -> Statement {
        event(as: id, at: now).insert
    }

    /// The event that the audit is to have.
    package func event(as id: AuditEvent.ID, at now: Instant) -> AuditEvent {
        AuditEvent(
            eventId: id,
            at: now,
            principal: principal,
            action: action.rawValue,
            subjectKind: "spoke",
            subjectId: spokeId?.description,
            accounts: accounts,
            sourceAddress: address,
            requestId: requestId,
            outcome: action.isRefusal ? .refused : .done,
            detail: detail
        )
    }
}

extension AgentAudit.Action {
    fileprivate var isRefusal: Bool {
        switch self {
        case .refused, .unproved, .foreign: true
        case .enrolled, .extended, .withdrawn, .lost: false
        }
    }
}
