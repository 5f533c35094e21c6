internal import Ambient
internal import Audit
internal import HTTPTypes
internal import Hummingbird
internal import JSON
internal import Logging
internal import OrderedCollections
internal import PostgreSQL
internal import Store

/// The way out, and what a page may ask about its session.
struct SignOut: Sendable {
    let sessions: BrowserSessions
    let ambient: Ambient

    func bind(to calls: inout Bindings) {
        calls.on(.post, "/sign-out") { try await end($0) }
        calls.on(.get, "/signed-out") { _ in SignInPage.signedOut.response() }
        calls.on(.get, "/session") { try await show($0) }
        calls.on(.post, "/session/touch") { try await touch($0) }
    }

    /// `POST /sign-out`, by a form of ours: ends the session here, then at the issuer.
    private func end(_ exchange: Exchange) async throws -> Response {
        let (origin, now) = (sessions.origins.origin(of: exchange), ambient.now)
        try SameOrigin.require(exchange, origin: origin, json: false)
        let clearing = [BrowserCookie.session.clearing(at: origin)]
        guard let hash = BrowserCookie.session.hash(in: exchange.headers, at: origin),
            let ended = try await end(hash, exchange, at: now)
        else { return .redirect(to: "/signed-out", setting: clearing) }
        await sessions.revoke(ended, exchange.logger)
        let login = sessions.login(of: ended.issuer)
        let address = login?.signOutAddress(returningTo: "\(origin)/signed-out") ?? "/signed-out"
        return .redirect(to: address, setting: clearing)
    }

    /// Ends the session of a cookie; the audit has it, or nothing happens.
    private func end(
        _ hash: [UInt8],
        _ exchange: Exchange,
        at now: Instant
    ) async throws -> BrowserSessionStatements.Ended? {
        try await sessions.pool.transaction { transaction in
            let ended = try await transaction.first(BrowserSessionStatements.end(cookie: hash, at: now))
            guard let ended else { return nil }
            let event = SignInAudit(
                action: .signedOut,
                principal: "\(ended.subject)@\(ended.issuer)",
                session: ended.sessionId
            )
            .event(as: ambient.identifier(), at: now, address: exchange.address, requestId: exchange.id)
            try await transaction.execute(event.insert)
            return ended
        }
    }

    /// `GET /session`: who is signed in and until when; asking is no sign that somebody is there.
    private func show(_ exchange: Exchange) async throws -> Response {
        guard let found = try await sessions.find(exchange) else { throw Self.nobody }
        return .json(Self.document(of: found, lastSeenAt: found.session.lastSeenAt))
    }

    /// `POST /session/touch`: somebody is there; told by the page when it sees a key or a pointer.
    private func touch(_ exchange: Exchange) async throws -> Response {
        try SameOrigin.require(exchange, origin: sessions.origins.origin(of: exchange), json: true)
        guard let found = try await sessions.find(exchange) else { throw Self.nobody }
        let now = exchange.at
        try await sessions.pool.execute(BrowserSessionStatements.touch(found.session.sessionId, at: now))
        var response = Response.json(Self.document(of: found, lastSeenAt: now))
        if found.session.mustRotate, let field = try await rotate(found, at: now) { response.headers.append(field) }
        return response
    }

    /// Gives a session whose groups have changed another cookie.
    private func rotate(_ found: BrowserSessions.Found, at now: Instant) async throws -> HTTPField? {
        let cookie = BrowserCookie.make()
        let rotation = BrowserSessionStatements.rotate(
            found.session.sessionId,
            from: found.cookieHash,
            to: cookie.hash,
            oldUntil: now + BrowserSessions.overlap
        )
        // Of two requests at once one is first; the other's cookie is the old one already.
        guard try await sessions.pool.execute(rotation) == 1 else { return nil }
        return BrowserCookie.session.setting(cookie.text, at: found.origin, for: found.session.endsAt - now)
    }

    private static func document(of found: BrowserSessions.Found, lastSeenAt: Instant) -> JSON {
        let session = found.session
        return .object([
            "sessionId": .string(session.sessionId.description), "name": .string(session.name),
            "displayName": session.displayName.map { .string($0) } ?? .null,
            "email": session.email.map { .string($0) } ?? .null, "issuer": .string(session.issuer),
            "lastSeenAt": .string(lastSeenAt.description),
            "idleEndsAt": .string(min(lastSeenAt + BrowserSessions.idleTime, session.endsAt).description),
            "endsAt": .string(session.endsAt.description),
        ])
    }

    private static let nobody = Problem(.unauthenticated, "Nobody is signed in.")
}
