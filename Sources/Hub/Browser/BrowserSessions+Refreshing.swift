internal import Ambient
internal import Contract
internal import Logging
internal import PostgreSQL
internal import Store
internal import WebToken

extension BrowserSessions {
    private typealias Session = BrowserSessionStatements.Session

    /// Between two looks at what another hub's refresh has come to.
    private static let pause = Duration.milliseconds(100)

    /// The session after a refresh, its own or another's; nil when it is over.
    func refreshed(
        _ session: BrowserSessionStatements.Session,
        _ hash: [UInt8],
        _ logger: Logger
    ) async throws -> BrowserSessionStatements.Session? {
        if let flight = flights.begin(session.sessionId) {
            // What is known is right for some seconds more; only when it is not is the other's answer waited for.
            guard session.freshUntil <= ambient.now else { return session }
            for await _ in flight {}
            return try await self.session(hash)
        }
        defer { flights.end(session.sessionId) }
        let now = ambient.now
        let claim = BrowserSessionStatements.claim(
            session.sessionId,
            freshBefore: now + Self.refreshMargin,
            until: now + Self.claimTime,
            at: now
        )
        guard let sealed = try await pool.first(claim) else { return try await afterOthers(session, hash) }
        try await refresh(session, sealed, logger)
        return try await self.session(hash)
    }

    /// Another hub refreshes, or the issuer was away a moment ago.
    private func afterOthers(_ session: Session, _ hash: [UInt8]) async throws -> Session? {
        let end = ambient.time.elapsed() + Self.claimTime
        while let current = try await self.session(hash) {
            let now = ambient.now
            let isClaimed = current.claimedUntil.map { $0 > now } ?? false
            guard current.freshUntil <= now, isClaimed, ambient.time.elapsed() < end else { return current }
            try await ambient.time.sleep(for: Self.pause)
        }
        return nil
    }

    /// Asks the issuer who the person is now, and writes down what it says.
    private func refresh(_ session: Session, _ sealed: [UInt8], _ logger: Logger) async throws {
        let id = session.sessionId
        guard let login = login(of: session.issuer), let token = open(sealed, of: id) else {
            // The key of the seal was taken out of the file too early.
            return try await end(session, because: "its refresh token cannot be opened", logger)
        }
        var kept: [UInt8]?
        do {
            let tokens = try await endpoint.refresh(token, at: login)
            kept = try tokens.refresh.map { try seal($0, of: id) }
            let person = try await person(tokens, at: login, nonce: nil)
            guard person.subject == session.subject else {
                return try await end(session, because: "the issuer answered for somebody else", logger)
            }
            try await pool.execute(
                BrowserSessionStatements.renew(
                    id,
                    refreshToken: kept ?? sealed,
                    groups: person.groups,
                    freshUntil: person.freshUntil
                )
            )
        } catch TokenEndpoint.Failure.over {
            try await end(session, because: "the issuer ended it", logger)
        } catch let failure as TokenEndpoint.Failure {
            try await postpone(session, kept, "\(failure)", logger)
        } catch let invalid as InvalidToken where invalid.reason == .unknownKey {
            // The issuer has new keys that could not be fetched yet; its new refresh token counts all the same.
            try await postpone(session, kept, "its keys are not known yet", logger)
        } catch is InvalidToken {
            try await end(session, because: "the issuer's tokens are not valid", logger)
        }
    }

    private func postpone(_ session: Session, _ kept: [UInt8]?, _ reason: String, _ logger: Logger) async throws {
        logger.warning(
            "a session was not refreshed and goes on as it is",
            metadata: ["session": "\(session.sessionId)", "issuer": "\(session.issuer)", "reason": "\(reason)"]
        )
        let next = ambient.now + Self.patience
        try await pool.execute(BrowserSessionStatements.postpone(session.sessionId, refreshToken: kept, until: next))
    }

    private func end(_ session: Session, because reason: String, _ logger: Logger) async throws {
        logger.info("a session ended", metadata: ["session": "\(session.sessionId)", "reason": "\(reason)"])
        let event = SignInAudit(
            action: .ended,
            principal: "\(session.subject)@\(session.issuer)",
            session: session.sessionId,
            detail: reason
        )
        .event(as: ambient.identifier(), at: ambient.now, address: nil, requestId: nil)
        try await pool.transaction { transaction in
            // Of two hubs that come to this one ends it, and says so.
            let ended = try await transaction.first(BrowserSessionStatements.end(session.sessionId))
            if ended != nil { try await transaction.execute(event.insert) }
        }
    }
}
