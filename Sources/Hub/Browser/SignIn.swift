internal import Ambient
internal import Audit
internal import Contract
internal import HTTPTypes
internal import Hummingbird
internal import JSON
internal import Logging
internal import OrderedCollections
internal import PostgreSQL
internal import Recovery
internal import Store
internal import WebToken

/// The way in by a browser: to the issuer, back from it, and a session (RFC 6749 section 4.1, RFC 7636, RFC 9700).
struct SignIn: Sendable {
    let sessions: BrowserSessions
    let authority: Authority
    let limits: RateLimits
    let ambient: Ambient

    /// How long somebody may take to sign in at the issuer.
    static let loginTime = Duration.seconds(600)
    static let callbackPath = "/auth/callback"
    private static let secretsPurpose = "nonce and verifier of a sign-in"

    var pool: Pool { sessions.pool }

    func bind(to calls: inout Bindings) {
        calls.on(.get, "/sign-in") { try await begin($0) }
        calls.on(.get, Self.callbackPath) { try await finish($0) }
    }

    // MARK: - To the issuer

    /// `GET /sign-in?return=/path&issuer=…`.
    private func begin(_ exchange: Exchange) async throws -> Response {
        let (origin, query) = (sessions.origins.origin(of: exchange), try FormFields.query(of: exchange))
        let kept = BrowserCookie.destination.value(in: exchange.headers, at: origin).flatMap {
            PercentCoding.decode($0)
        }
        let target = (query["return"] ?? kept).flatMap { ReturnPath($0) } ?? .home
        guard let login = sessions.logins.first(where: { $0.issuer == query["issuer"] }) ?? onlyLogin(query) else {
            return SignInPage.choice(sessions.logins, target).response()
        }
        // Everybody may begin, and each beginning is kept for a while.
        try limits.countFailure(from: exchange.address)
        if let detour = try await signingOutFirst(exchange, login, target, origin) { return detour }
        return try await send(to: login, target, origin)
    }

    private func onlyLogin(_ query: FormFields) -> Login? {
        sessions.logins.count == 1 && query["issuer"] == nil ? sessions.logins[0] : nil
    }

    /// Somebody whose session has ended by itself must show anew who they are: the issuer remembers them for an hour,
    /// and would let in whoever sits there now.
    private func signingOutFirst(
        _ exchange: Exchange,
        _ login: Login,
        _ target: ReturnPath,
        _ origin: String
    ) async throws -> Response? {
        let headers = exchange.headers
        guard BrowserCookie.session.value(in: headers, at: origin) != nil,
            let address = login.signOutAddress(returningTo: "\(origin)/sign-in")
        else { return nil }
        if let hash = BrowserCookie.session.hash(in: headers, at: origin), try await sessions.session(hash) != nil {
            return nil
        }
        let destination = BrowserCookie.destination.setting(
            AuthorizationRequest.encoded(target.text),
            at: origin,
            for: Self.loginTime
        )
        return .redirect(to: address, setting: [BrowserCookie.session.clearing(at: origin), destination])
    }

    private func send(to login: Login, _ target: ReturnPath, _ origin: String) async throws -> Response {
        let request = AuthorizationRequest()
        let cookie = BrowserCookie.make()
        let secrets = JSON.object(["nonce": .string(request.nonce), "verifier": .string(request.verifier)])
        let begun = SignInStatements.Begun(
            issuer: login.issuer,
            stateHash: BrowserCookie.hash(ofText: request.state),
            secrets: try sessions.keys.seal(secrets.bytes, for: Self.secretsPurpose, at: login.issuer),
            returnPath: target.text
        )
        try await pool.execute(
            SignInStatements.insert(begun, cookieHash: cookie.hash, until: ambient.now + Self.loginTime)
        )
        return .redirect(
            to: request.address(at: login, returningTo: origin + Self.callbackPath),
            setting: [
                BrowserCookie.login.setting(cookie.text, at: origin, for: Self.loginTime),
                BrowserCookie.destination.clearing(at: origin),
            ]
        )
    }

    // MARK: - Back from it

    /// `GET /auth/callback?code=…&state=…`.
    private func finish(_ exchange: Exchange) async throws -> Response {
        let (origin, query) = (sessions.origins.origin(of: exchange), try FormFields.query(of: exchange))
        let clearing = [BrowserCookie.login.clearing(at: origin)]
        guard let hash = BrowserCookie.login.hash(in: exchange.headers, at: origin),
            let begun = try await pool.first(SignInStatements.take(hash, at: ambient.now)),
            let state = query["state"], BrowserCookie.isSame(state, asHash: begun.stateHash),
            let login = sessions.login(of: begun.issuer)
        else {
            try limits.countFailure(from: exchange.address)
            return SignInPage.notBegunHere.response(.badRequest, setting: clearing)
        }
        guard let code = query["code"] else {
            exchange.logger.info("a sign-in was not finished", metadata: ["issuer": "\(login.issuer)"])
            return SignInPage.notFinished.response(.badRequest, setting: clearing)
        }
        do {
            return try await admit(code, begun, login, exchange, origin)
        } catch let failure as TokenEndpoint.Failure {
            return try await refuse(failure, login, exchange).response(failure.status, setting: clearing)
        } catch let invalid as InvalidToken {
            exchange.logger.warning(
                "an issuer's tokens were not taken",
                metadata: ["issuer": "\(login.issuer)", "reason": "\(invalid.reason.rawValue)"]
            )
            try await audit(.refused, principal: login.issuer, exchange, detail: invalid.reason.rawValue)
            return SignInPage.notValid.response(.badRequest, setting: clearing)
        }
    }

    private func admit(
        _ code: String,
        _ begun: SignInStatements.Begun,
        _ login: Login,
        _ exchange: Exchange,
        _ origin: String
    ) async throws -> Response {
        let sealed = sessions.keys.open(begun.secrets, for: Self.secretsPurpose, at: login.issuer)
        guard let secrets = try sealed.map({ try JSON(parsing: $0) }), let nonce = secrets["nonce"]?.string,
            let verifier = secrets["verifier"]?.string
        else { throw TokenEndpoint.Failure.over }
        let redirect = origin + Self.callbackPath
        let tokens = try await sessions.endpoint.exchange(code: code, verifier: verifier, redirect: redirect, at: login)
        let person = try await sessions.person(tokens, at: login, nonce: nonce)
        let new = try sessions.new(for: person, refreshToken: tokens.refresh, exchange)
        let caller = new.caller
        guard try await !authority.access(of: caller).roles.isEmpty else {
            try await audit(.refused, principal: caller.principal, exchange, detail: "no role")
            if let token = tokens.refresh { await sessions.revoke(token, at: login, exchange.logger) }
            let page = SignInPage.noRole(
                name: person.name,
                groups: person.groups,
                signOut: login.signOutAddress(returningTo: "\(origin)/signed-out")
            )
            return page.response(.forbidden, setting: [BrowserCookie.login.clearing(at: origin)])
        }
        try await sessions.replace(exchange, by: new, action: .signedIn, principal: caller.principal, detail: nil)
        return .redirect(
            to: (ReturnPath(begun.returnPath) ?? .home).text,
            setting: [
                BrowserCookie.session.setting(new.cookie, at: origin, for: BrowserSessions.longestTime),
                BrowserCookie.login.clearing(at: origin),
            ]
        )
    }

    private func refuse(
        _ failure: TokenEndpoint.Failure,
        _ login: Login,
        _ exchange: Exchange
    ) async throws -> SignInPage {
        exchange.logger.warning(
            "a code was not exchanged",
            metadata: ["issuer": "\(login.issuer)", "failure": "\(failure)"]
        )
        guard case .over = failure else { return SignInPage.issuerAway(login.title) }
        try limits.countFailure(from: exchange.address)
        return SignInPage.notValid
    }

    private func audit(
        _ action: SignInAudit.Action,
        principal: String,
        _ exchange: Exchange,
        detail: String?
    ) async throws {
        let event = SignInAudit(action: action, principal: principal, detail: detail)
            .event(as: ambient.identifier(), at: ambient.now, address: exchange.address, requestId: exchange.id)
        try await pool.execute(event.insert)
    }
}

extension TokenEndpoint.Failure {
    /// What a browser is told that waits for its sign-in.
    fileprivate var status: HTTPResponse.Status {
        switch self {
        case .over: .badRequest
        case .misconfigured, .away: .badGateway
        }
    }
}
