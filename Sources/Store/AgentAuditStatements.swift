package import Ambient
package import PostgreSQL
package import Recovery

/// What spokes do that a person may want to know of later.
package struct AgentAudit: Sendable {
    package enum Action: String, Sendable, CaseIterable {
        /// A spoke proved who it is and was let in.
        case enrolled = "ENROL_SPOKE"
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
    package var address: String
    package var requestId: String
    package var detail: String?

    package init(
        _ action: Action,
        principal: String,
        spokeId: Identifier<Spoke>?,
        accounts: [AccountNumber],
        address: String,
        requestId: String,
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
    package func insert(as id: Identifier<AgentAudit>, at now: Instant) -> Statement {
        let outcome = action == .refused || action == .foreign ? "REFUSED" : "DONE"
        return Statement(
            """
            INSERT INTO audit_event (event_id, at, principal, action, subject_kind, subject_id, account_ids,
                                     source_address, request_id, outcome, detail)
            VALUES (\(id), \(now), \(principal), \(action), 'spoke', \(spokeId?.description), \(accounts), \(address),
                    \(requestId), \(outcome), \(detail))
            """
        )
    }
}
