internal import Ambient
internal import Contract
internal import HTTPTypes
internal import Logging
internal import PostgreSQL
internal import Recovery
internal import Store

/// A spoke that calls, with what it may report on.
struct AgentCaller: Sendable {
    let session: AgentSessionStatements.Session
    let accounts: [ServedAccount]

    var numbers: Set<AccountNumber> { Set(accounts.map(\.accountId)) }

    func serves(_ place: Place) -> Bool {
        accounts.contains { $0.accountId == place.accountId && $0.regions.contains(place.region) }
    }
}

extension Agents {
    /// Who is calling; marks the session as seen, and looks at the registrations of its accounts again.
    ///
    /// - Throws: `Problem` 401 where the token is none, or its session has ended.
    func caller(of exchange: Exchange) async throws -> AgentCaller {
        guard let hash = exchange.agentTokenHash,
            let session = try await pool.first(AgentSessionStatements.touch(hash, at: exchange.at))
        else {
            throw Problem(
                .unauthenticated,
                "The session is not known or has ended: prove your identity again.",
                headers: [.wwwAuthenticate: "Bearer"]
            )
        }
        let granted = session.accounts.map { ServedAccount(accountId: $0.accountId, regions: $0.regions) }
        let standing = AgentPrincipal(stored: session.principal).map { principal in
            session.accounts.compactMap { Self.standing($0, for: principal) }
        }
        let accounts = standing ?? []
        if Set(accounts) != Set(granted) { try await withdraw(accounts, from: session, granted: granted, exchange) }
        return AgentCaller(session: session, accounts: accounts)
    }

    /// What of a granted account its registration still gives the principal.
    private static func standing(
        _ granted: AgentSessionStatements.Granted,
        for principal: AgentPrincipal
    ) -> ServedAccount? {
        let regions = granted.regions.filter(granted.registeredRegions.contains)
        guard principal.isAmong(granted.principals), !regions.isEmpty else { return nil }
        return ServedAccount(accountId: granted.accountId, regions: regions)
    }

    /// Takes from a session what changed registrations no longer give it.
    private func withdraw(
        _ accounts: [ServedAccount],
        from session: AgentSessionStatements.Session,
        granted: [ServedAccount],
        _ exchange: Exchange
    ) async throws {
        let lost = Set(granted.map(\.accountId)).subtracting(accounts.map(\.accountId)).sorted()
        try await pool.execute(AgentSessionStatements.grant(accounts, to: session.sessionId))
        let event = AgentAudit(
            .withdrawn,
            principal: session.principal,
            spokeId: session.spokeId,
            accounts: lost,
            address: exchange.address,
            requestId: exchange.id
        )
        try await audit(event, at: exchange.at)
        exchange.logger.warning(
            "registrations changed, the spoke serves less",
            metadata: ["spoke": "\(session.spokeName)", "lost": "\(lost.map(\.rawValue).joined(separator: ","))"]
        )
    }

    /// Refuses a report on what is not the spoke's own.
    func refuseForeign(_ account: AccountNumber, of caller: AgentCaller, _ exchange: Exchange) async throws -> Problem {
        let event = AgentAudit(
            .foreign,
            principal: caller.session.principal,
            spokeId: caller.session.spokeId,
            accounts: [account],
            address: exchange.address,
            requestId: exchange.id
        )
        try await audit(event, at: exchange.at)
        return Problem(.permissionMissing, "This spoke does not serve the account \(account) there.")
    }
}
