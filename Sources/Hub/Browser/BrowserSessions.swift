internal import Ambient
internal import Contract
internal import HTTPTypes
internal import HummingbirdCore
internal import Logging
internal import PostgreSQL
internal import Recovery
internal import Store
internal import WebToken

/// People who signed in by a browser: who a cookie stands for, for as long as they may be who they are.
///
/// ```
///  cookie ─► SHA-256 ─► row: ended, or idle too long? ─► nobody
///                        │
///                        └─ groups known for another minute? ─► the person, as a bearer's token would tell
///                             └─ no: one refresh at the issuer ─┬─ it worked ───────► the person, with the groups of now
///                                                               ├─ invalid_grant ───► the session is over
///                                                               └─ no answer ───────► the person, as last known
/// ```
/// A session goes on while its issuer is away, until it is idle too long or 12 hours old: when a Region is lost, that of
/// the issuer may be it.
package struct BrowserSessions: Sendable {
    /// How long somebody may do nothing.
    package static let idleTime = Duration.seconds(2700)
    /// How long a session lasts whatever happens.
    package static let longestTime = Duration.seconds(43_200)
    /// How long before the end of the access token the issuer is asked again.
    static let refreshMargin = Duration.seconds(60)
    /// How long an issuer that does not answer is left alone.
    static let patience = Duration.seconds(30)
    /// How long one hub may take to refresh before another may try: longer than the token endpoint's limit.
    static let claimTime = Duration.seconds(10)
    /// How long the cookie before a change is still taken: requests under way were sent with it.
    static let overlap = Duration.seconds(60)
    /// Marks of activity closer than this are one.
    static let touchInterval = Duration.seconds(30)

    let logins: [Login]
    let origins: BrowserOrigins
    let keys: SecretKeys
    let endpoint: TokenEndpoint
    let verifier: TokenVerifier
    let pool: Pool
    let ambient: Ambient
    let flights = RefreshFlights()

    /// A session with the cookie that it was found by.
    struct Found: Sendable {
        let session: BrowserSessionStatements.Session
        let cookieHash: [UInt8]
        let origin: String

        var caller: Caller {
            Caller(
                issuer: session.issuer,
                subject: session.subject,
                name: session.name,
                clientID: session.clientId,
                groups: session.groups,
                until: session.endsAt
            )
        }
    }

    /// Who a request with a cookie comes from; nil where it has no cookie of ours, or a dead one.
    ///
    /// - Throws: `Problem` 403, 415 for a change that another site may have made.
    package func caller(of exchange: Exchange) async throws -> Caller? {
        let origin = origins.origin(of: exchange)
        guard BrowserCookie.session.value(in: exchange.headers, at: origin) != nil else { return nil }
        let isChange = exchange.request.method != .get && exchange.request.method != .head
        if isChange { try SameOrigin.require(exchange, origin: origin, json: true) }
        guard let found = try await find(exchange) else { return nil }
        let isPage = exchange.headers[.secFetchMode] == "navigate"
        if isChange || isPage { try await touch(found.session, at: exchange.at) }
        return found.caller
    }

    /// The session of a request's cookie, with the groups of now.
    func find(_ exchange: Exchange) async throws -> Found? {
        let origin = origins.origin(of: exchange)
        guard let hash = BrowserCookie.session.hash(in: exchange.headers, at: origin) else { return nil }
        guard let session = try await session(hash), knows(session.issuer) else { return nil }
        guard session.canRefresh, session.freshUntil - ambient.now < Self.refreshMargin else {
            return Found(session: session, cookieHash: hash, origin: origin)
        }
        return try await refreshed(session, hash, exchange.logger).map {
            Found(session: $0, cookieHash: hash, origin: origin)
        }
    }

    func session(_ hash: [UInt8]) async throws -> BrowserSessionStatements.Session? {
        let now = ambient.now
        return try await pool.first(BrowserSessionStatements.find(hash, at: now, idleSince: now - Self.idleTime))
    }

    func login(of issuer: String) -> Login? {
        logins.first { $0.issuer == issuer }
    }

    /// An issuer that was taken out of the configuration has no more people here.
    private func knows(_ issuer: String) -> Bool {
        issuer == Standing.breakGlassIssuer || login(of: issuer) != nil
    }

    func touch(_ session: BrowserSessionStatements.Session, at now: Instant) async throws {
        guard now - session.lastSeenAt >= Self.touchInterval else { return }
        try await pool.execute(BrowserSessionStatements.touch(session.sessionId, at: now))
    }

    // MARK: - Sealing

    private static let refreshPurpose = "refresh token of a browser's session"

    /// A sealed token is bound to its session: put into another row it does not open.
    private static func place(of id: Identifier<BrowserSession>) -> String { id.description }

    func seal(_ refreshToken: String, of id: Identifier<BrowserSession>) throws -> [UInt8] {
        try keys.seal(Array(refreshToken.utf8), for: Self.refreshPurpose, at: Self.place(of: id))
    }

    func open(_ sealed: [UInt8], of id: Identifier<BrowserSession>) -> String? {
        keys.open(sealed, for: Self.refreshPurpose, at: Self.place(of: id)).flatMap {
            String(validating: $0, as: UTF8.self)
        }
    }
}

extension Caller {
    /// The caller that a session speaks for: the same as with a bearer token of that person, so that nothing after it need
    /// know the difference.
    ///
    /// A break-glass session's role is the hub's own gift, which no binding takes away.
    init(issuer: String, subject: String, name: String, clientID: String, groups: [String], until end: Instant) {
        guard issuer == Standing.breakGlassIssuer else {
            self.init(
                AccessToken(
                    issuer: issuer,
                    subject: subject,
                    username: name,
                    groups: groups,
                    clientID: clientID,
                    expires: end
                )
            )
            return
        }
        self.init(
            subject: subject,
            name: name,
            kind: .person,
            issuer: issuer,
            ownRoles: Set(groups.compactMap { Role(rawValue: $0) })
        )
    }
}
