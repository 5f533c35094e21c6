internal import AWS
internal import Ambient
internal import Audit
internal import Conductor
internal import Contract
internal import HTTPTypes
internal import Hummingbird
internal import JSON
internal import Logging
internal import OpenSSL
internal import PostgreSQL
internal import Recovery
internal import Store

extension Agents {
    /// `POST /agent/v1/challenges`: a nonce that is good once.
    ///
    /// It counts as a failed authentication until a proof answers it: whoever asks for nonces alone is slowed down.
    func challenge(_ exchange: Exchange) async throws -> Response {
        try limits.countFailure(from: exchange.address)
        let question: ChallengeRequest = try await exchange.message()
        guard let endpoint = trust.endpoint(for: question.region) else {
            throw Problem(
                .invalidRequest,
                "No STS endpoint is known for that Region.",
                errors: [.init(pointer: "/region", message: "is not a Region whose STS this hub asks")]
            )
        }
        let nonce = AgentToken.make()
        try await pool.execute(
            [
                AgentSessionStatements.insertChallenge(
                    nonce.hash,
                    region: question.region,
                    until: exchange.at + Self.challengeTime
                )
            ] + AgentSessionStatements.forget(at: exchange.at)
        )
        return .json(JSON(document: Challenge(nonce: nonce.text, stsEndpoint: endpoint.origin)))
    }

    /// `POST /agent/v1/sessions`: a proof for a session.
    func enrol(_ exchange: Exchange) async throws -> Response {
        let request: SessionRequest = try await exchange.message()
        try Self.check(request)
        let former = try await former(exchange)
        let verdict = try await verdict(on: request.proof, exchange)
        switch verdict {
        case .identified(let identity):
            guard let principal = identity.principal.map(AgentPrincipal.init) else {
                throw Self.unproved("the principal is of an unknown kind")
            }
            limits.forgiveFailure(from: exchange.address)
            return try await admit(request, as: principal, former: former, exchange)
        case .refused(let reason):
            try await noteUnproved(request.name, reason, exchange)
            try limits.countFailure(from: exchange.address)
            exchange.logger.warning("proof refused", metadata: ["reason": "\(reason)", "name": "\(request.name)"])
            throw Self.unproved(reason)
        case .unavailable(let reason):
            exchange.logger.warning("proof cannot be checked", metadata: ["reason": "\(reason)"])
            guard let former else { throw Self.stsAway }
            return try await extend(former, exchange)
        }
    }

    private static let stsAway = Problem(
        .unavailable,
        "STS cannot be asked about the proof. Try again.",
        headers: [.retryAfter: "5"]
    )

    private static func unproved(_ reason: String) -> Problem {
        Problem(
            .unauthenticated,
            "The proof of identity does not hold: \(reason).",
            headers: [.wwwAuthenticate: "Bearer"]
        )
    }

    /// Accounts of one spoke; what a spoke's file may have at most.
    private static let mostAccounts = 10_000

    private static func check(_ request: SessionRequest) throws {
        var errors: [JSON.Problem] = []
        if !Limits.nameLength.contains(request.name.count) {
            errors.append(.init(pointer: "/name", message: "must have 1 to 128 characters"))
        }
        if !(1...64).contains(request.version.count) {
            errors.append(.init(pointer: "/version", message: "must have 1 to 64 characters"))
        }
        if !(1...mostAccounts).contains(request.accounts.count)
            || Set(request.accounts.map(\.accountId)).count != request.accounts.count
        {
            errors.append(.init(pointer: "/accounts", message: "must have accounts, each once"))
        }
        guard errors.isEmpty else { throw Problem(.invalidRequest, "The session cannot begin so.", errors: errors) }
    }

    /// The session that the spoke holds already, where it says so: it is then renewed, with its leases and its stream.
    private func former(_ exchange: Exchange) async throws -> AgentSessionStatements.Session? {
        guard let hash = exchange.agentTokenHash else { return nil }
        return try await pool.first(AgentSessionStatements.touch(hash, at: exchange.at))
    }

    /// What STS says of a proof.
    ///
    /// The nonce is taken out first, so that whatever comes of it, it is good once.
    private func verdict(
        on proof: SessionRequest.Proof,
        _ exchange: Exchange
    ) async throws -> CallerIdentityCheck.Verdict {
        guard let nonce = Base64URL.decode(proof.nonce), nonce.count == AgentToken.length,
            let region = try await pool.first(
                AgentSessionStatements.takeChallenge(SHA256.digest(nonce), at: exchange.at)
            )
        else { return .refused("the nonce is not known, was used, or is older than 60 s") }
        guard proof.region == region, let endpoint = trust.endpoint(for: region) else {
            return .refused("the proof is for another Region than the challenge")
        }
        var last = CallerIdentityCheck.Verdict.refused("no origin")
        for origin in trust.origins(forHost: exchange.request.head.authority) {
            last = try await identity.verdict(
                on: GetCallerIdentityProof(
                    accessKeyId: proof.accessKeyId,
                    amzDate: proof.amzDate,
                    region: region.rawValue,
                    signedHeaders: proof.signedHeaders,
                    signature: proof.signature,
                    sessionToken: proof.sessionToken
                ),
                answering: .init(stsHost: endpoint.authority, region: region.rawValue, hub: origin, nonce: proof.nonce),
                askedOf: endpoint,
                at: exchange.at
            )
            guard case .refused = last else { return last }
        }
        return last
    }

    /// Lets a proved principal in, for the accounts that are registered to it.
    private func admit(
        _ request: SessionRequest,
        as principal: AgentPrincipal,
        former: AgentSessionStatements.Session?,
        _ exchange: Exchange
    ) async throws -> Response {
        let registered = try await pool.run(
            AgentSessionStatements.registrations(of: request.accounts.map(\.accountId))
        )
        let (granted, refused) = Self.judge(request.accounts, registered, for: principal)
        guard !granted.isEmpty else {
            let event = AgentAudit(
                .refused,
                principal: principal.description,
                spokeId: nil,
                accounts: request.accounts.map(\.accountId),
                address: exchange.address,
                requestId: exchange.id
            )
            try await noteRefusal(event, exchange)
            throw Problem(.permissionMissing, "None of the accounts is registered to \(principal).")
        }
        let (token, end) = (AgentToken.make(), exchange.at + Self.sessionTime)
        let spoke = try await begin(
            request,
            as: principal,
            former: former,
            tokenHash: token.hash,
            until: end,
            granted: granted,
            exchange
        )
        exchange.logger.info(
            former == nil ? "spoke enrolled" : "spoke renewed its session",
            metadata: ["spoke": "\(request.name)", "principal": "\(principal)", "accounts": "\(granted.count)"]
        )
        // Its accounts may have been unserved until now: their inventory is looked at without waiting for its minute.
        if former == nil { try await conductor.synchroniseAged() }
        let grant = SessionGrant(
            sessionToken: token.text,
            expiresAt: end,
            spokeId: spoke,
            heartbeatSeconds: Self.heartbeatSeconds,
            accounts: granted,
            refused: refused
        )
        return .json(JSON(document: grant))
    }

    private func begin(
        _ request: SessionRequest,
        as principal: AgentPrincipal,
        former: AgentSessionStatements.Session?,
        tokenHash: [UInt8],
        until end: Instant,
        granted: [ServedAccount],
        _ exchange: Exchange
    ) async throws -> Identifier<Spoke> {
        let (fresh, session, now) = (
            ambient.identifier(for: Spoke.self), ambient.identifier(for: AgentSession.self), exchange.at
        )
        let event: AuditEvent.ID = ambient.identifier()
        return try await pool.transaction { transaction in
            let enrolled = try await transaction.first(
                AgentSessionStatements.enrol(
                    fresh,
                    name: request.name,
                    principal: principal.description,
                    version: request.version,
                    at: now
                )
            )
            guard let spoke = enrolled else { preconditionFailure("an upsert answers its row") }
            if let former, former.spokeId == spoke {
                try await transaction.execute(
                    [AgentSessionStatements.renew(former.sessionId, tokenHash: tokenHash, until: end, at: now)]
                        + AgentSessionStatements.grant(granted, to: former.sessionId)
                )
                return spoke
            }
            let audit = AgentAudit(
                .enrolled,
                principal: principal.description,
                spokeId: spoke,
                accounts: granted.map(\.accountId),
                address: exchange.address,
                requestId: exchange.id
            )
            try await transaction.execute(
                [AgentSessionStatements.insert(session, of: spoke, tokenHash: tokenHash, until: end, at: now)]
                    + AgentSessionStatements.grant(granted, to: session) + [audit.insert(as: event, at: now)]
            )
            return spoke
        }
    }

    /// Which accounts, and which of their Regions, a principal may serve.
    private static func judge(
        _ wanted: [ServedAccount],
        _ registered: [AgentSessionStatements.Registration],
        for principal: AgentPrincipal
    ) -> (granted: [ServedAccount], refused: [SessionGrant.RefusedAccount]) {
        let byNumber = Dictionary(registered.map { ($0.accountId, $0) }) { first, _ in first }
        var (granted, refused): ([ServedAccount], [SessionGrant.RefusedAccount]) = ([], [])
        for account in wanted {
            func refuse(_ reason: String) { refused.append(.init(accountId: account.accountId, reason: reason)) }
            guard let registration = byNumber[account.accountId] else {
                refuse("the account is not registered")
                continue
            }
            guard principal.isAmong(registration.principals) else {
                refuse("the account is not registered to \(principal)")
                continue
            }
            let regions = account.regions.filter(registration.regions.contains)
            guard !regions.isEmpty else {
                refuse("none of the Regions is registered for the account")
                continue
            }
            granted.append(ServedAccount(accountId: account.accountId, regions: regions))
        }
        return (granted, refused)
    }

    /// Lets a live session go on while nobody can be asked about a proof, 12 hours in all.
    private func extend(_ former: AgentSessionStatements.Session, _ exchange: Exchange) async throws -> Response {
        let end = min(exchange.at + Self.sessionTime, former.issuedAt + Self.longestWithoutProof)
        guard end > exchange.at else { throw Self.stsAway }
        let token = AgentToken.make()
        let accounts = former.accounts.map { ServedAccount(accountId: $0.accountId, regions: $0.regions) }
        let event = AgentAudit(
            .extended,
            principal: former.principal,
            spokeId: former.spokeId,
            accounts: accounts.map(\.accountId),
            address: exchange.address,
            requestId: exchange.id
        )
        try await pool.execute([
            AgentSessionStatements.extend(former.sessionId, tokenHash: token.hash, until: end),
            event.insert(as: ambient.identifier(), at: exchange.at),
        ])
        let grant = SessionGrant(
            sessionToken: token.text,
            expiresAt: end,
            spokeId: former.spokeId,
            heartbeatSeconds: Self.heartbeatSeconds,
            accounts: accounts,
            refused: []
        )
        return .json(JSON(document: grant))
    }
}
