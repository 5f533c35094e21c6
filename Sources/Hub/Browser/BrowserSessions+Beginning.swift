internal import Ambient
internal import Audit
internal import Contract
internal import HTTPTypes
internal import Logging
internal import PostgreSQL
internal import Store

extension BrowserSessions {
    /// A session that is about to begin, with its cookie.
    struct New: Sendable {
        let cookie: String
        let row: BrowserSessionStatements.New

        /// Who it will speak for.
        var caller: Caller {
            Caller(
                issuer: row.issuer,
                subject: row.subject,
                name: row.name,
                clientID: row.clientId,
                groups: row.groups,
                until: row.endsAt
            )
        }
    }

    /// Characters of a browser's name that are kept, for people to know their sessions by.
    private static let agentLength = 256

    /// Makes a session; nothing is stored yet.
    ///
    /// - Parameters:
    ///   - person: Who it is.
    ///   - refreshToken: What asks about them again; without one the session ends when the issuer no longer stands by it.
    ///   - exchange: The request that ends the sign-in.
    ///   - lifetime: How long it lasts at most.
    /// - Returns: The session, whose cookie nobody has seen yet.
    /// - Throws: What sealing throws.
    func new(
        for person: Person,
        refreshToken: String?,
        _ exchange: Exchange,
        lifetime: Duration = longestTime
    ) throws -> New {
        let (cookie, id) = (BrowserCookie.make(), ambient.identifier(for: BrowserSession.self))
        let longest = ambient.now + lifetime
        let agent = exchange.headers[.userAgent].map { String($0.prefix(Self.agentLength)) }
        return New(
            cookie: cookie.text,
            row: BrowserSessionStatements.New(
                sessionId: id,
                tokenHash: cookie.hash,
                issuer: person.issuer,
                subject: person.subject,
                clientId: person.clientID,
                name: person.name,
                displayName: person.displayName,
                email: person.email,
                groups: person.groups,
                refreshToken: try refreshToken.map { try seal($0, of: id) },
                freshUntil: person.freshUntil,
                endsAt: refreshToken == nil ? min(longest, person.freshUntil) : longest,
                sourceAddress: exchange.address,
                userAgent: agent
            )
        )
    }

    /// Begins a session in place of the one that the browser had.
    ///
    /// So a cookie from before a sign-in is good for nothing after it. The audit has it, or nothing happens.
    func replace(
        _ exchange: Exchange,
        by new: New,
        action: SignInAudit.Action,
        principal: String,
        detail: String?
    ) async throws {
        let now = ambient.now
        let event = SignInAudit(action: action, principal: principal, session: new.row.sessionId, detail: detail)
            .event(as: ambient.identifier(), at: now, address: exchange.address, requestId: exchange.id)
        let old = BrowserCookie.session.hash(in: exchange.headers, at: origins.origin(of: exchange))
        let ended = try await pool.transaction { transaction in
            let ended =
                if let old { try await transaction.first(BrowserSessionStatements.end(cookie: old, at: now)) } else {
                    BrowserSessionStatements.Ended?.none
                }
            try await transaction.execute(BrowserSessionStatements.insert(new.row, at: now))
            try await transaction.execute(event.insert)
            return ended
        }
        exchange.logger.info(
            "somebody signed in",
            metadata: ["principal": "\(principal)", "session": "\(new.row.sessionId)"]
        )
        if let ended { await revoke(ended, exchange.logger) }
    }

    // MARK: - Ending

    /// Revokes the refresh token of a session that was ended; that it is gone here is what counts.
    func revoke(_ ended: BrowserSessionStatements.Ended, _ logger: Logger) async {
        guard let sealed = ended.refreshToken, let login = login(of: ended.issuer),
            let token = open(sealed, of: ended.sessionId)
        else { return }
        await revoke(token, at: login, logger)
    }

    func revoke(_ token: String, at login: Login, _ logger: Logger) async {
        do throws(TokenEndpoint.Failure) {
            try await endpoint.revoke(token, at: login)
        } catch {
            logger.warning(
                "a refresh token was not revoked; nobody has it any more but its issuer",
                metadata: ["issuer": "\(login.issuer)", "failure": "\(error)"]
            )
        }
    }
}
