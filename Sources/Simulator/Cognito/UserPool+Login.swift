internal import AWS
internal import Ambient
internal import JSON
internal import OrderedCollections

/// Managed login: where a browser is sent to sign in and out.
extension UserPool {
    /// A client's question that may be answered: who wants a code, and where it goes.
    private struct Ask {
        let client: Client
        let redirect: String
        let form: Form

        /// Sends the browser back, with the state that it came with.
        func back(_ name: String, _ value: String) -> Reply {
            var query = [(name: name, value: value)]
            if let state = form["state"] { query.append(("state", state)) }
            let mark = redirect.contains("?") ? "&" : "?"
            return UserPool.redirect(to: redirect + mark + UserPool.query(query))
        }
    }

    private static let cookie = "cognito"

    /// `GET /oauth2/authorize`: a code at once for whom the pool's own cookie knows, the login page for all others.
    mutating func authorize(_ request: Request, _ occasion: Occasion) -> Reply {
        switch ask(in: request) {
        case .failure(let refusal): return refusal.reply
        case .success(let ask):
            guard ask.form["response_type"] == "code" else { return ask.back("error", "unsupported_response_type") }
            let hasChallenge = ask.form["code_challenge"] != nil
            guard hasChallenge == (ask.form["code_challenge_method"] == "S256") else {
                return ask.back("error", "invalid_request")
            }
            if let cookie = Self.cookie(of: request),
                let username = grants.username(ofCookie: cookie, at: occasion.now), users[username]?.isEnabled == true
            {
                return code(for: username, ask, occasion)
            }
            return Self.redirect(to: "\(occasion.origin)/login?\(request.query)")
        }
    }

    /// `GET /login`.
    func showLogin(_ request: Request) -> Reply {
        switch ask(in: request) {
        case .failure(let refusal): refusal.reply
        case .success(let ask):
            LoginPage.reply(users: Array(users.values), client: ask.client.id, query: request.query)
        }
    }

    /// `POST /login`, with the query of the login page and `username` in its form.
    mutating func logIn(_ request: Request, _ occasion: Occasion) -> Reply {
        switch ask(in: request) {
        case .failure(let refusal): return refusal.reply
        case .success(let ask):
            guard let username = Form(parsing: request.text)["username"], users[username]?.isEnabled == true else {
                return LoginPage.refusal("There is no such user, or they are disabled.")
            }
            let cookie = occasion.secret
            grants.keep(cookie: cookie, of: username, at: occasion.now)
            var reply = code(for: username, ask, occasion)
            let seconds = Grants.cookieTime.milliseconds / 1000
            reply.headers.append(
                ("set-cookie", "\(Self.cookie)=\(cookie); Path=/; HttpOnly; SameSite=Lax; Max-Age=\(seconds)")
            )
            return reply
        }
    }

    /// `GET /logout`: forgets who signed in, and sends the browser to `logout_uri`.
    mutating func logOut(_ request: Request) -> Reply {
        let form = Form(parsing: request.query)
        guard let client = settings.clients.first(where: { $0.id == form["client_id"] }),
            let target = form["logout_uri"], Self.allows(target, client.signOuts)
        else { return LoginPage.refusal("The client or logout_uri is not known.") }
        if let cookie = Self.cookie(of: request) { grants.forget(cookie: cookie) }
        var reply = Self.redirect(to: target)
        reply.headers.append(("set-cookie", "\(Self.cookie)=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"))
        return reply
    }

    private mutating func code(for username: String, _ ask: Ask, _ occasion: Occasion) -> Reply {
        let signIn = Grants.SignIn(
            id: occasion.identifier,
            client: ask.client.id,
            username: username,
            scope: ask.form["scope"] ?? "openid",
            at: occasion.now,
            ends: occasion.now + settings.refreshLifetime
        )
        let code = Grants.Code(
            signIn: signIn,
            redirect: ask.redirect,
            challenge: ask.form["code_challenge"],
            nonce: ask.form["nonce"],
            expires: occasion.now + Grants.codeTime
        )
        let text = occasion.secret
        grants.keep(code, as: text)
        return ask.back("code", text)
    }

    /// Why a browser is not even sent back: nobody knows to whom.
    private struct Refused: Error {
        let reply: Reply
    }

    private func ask(in request: Request) -> Result<Ask, Refused> {
        let form = Form(parsing: request.query)
        guard let client = settings.clients.first(where: { $0.id == form["client_id"] }), client.scopes.isEmpty else {
            return .failure(Refused(reply: LoginPage.refusal("The client is not known.")))
        }
        guard let redirect = form["redirect_uri"], Self.allows(redirect, client.callbacks) else {
            return .failure(Refused(reply: LoginPage.refusal("redirect_uri is none of the client's.")))
        }
        return .success(Ask(client: client, redirect: redirect, form: form))
    }

    private static func allows(_ address: String, _ registered: [String]) -> Bool {
        guard registered.isEmpty else { return registered.contains(address) }
        return Endpoint(address: address, signingRegion: "")?.isLoopback == true
    }

    private static func cookie(of request: Request) -> String? {
        let pairs = request.header("cookie")?.split(separator: ";").map { $0.drop { $0 == " " } } ?? []
        return pairs.first { $0.hasPrefix("\(cookie)=") }.map { String($0.dropFirst(cookie.count + 1)) }
    }

    private static func redirect(to address: String) -> Reply {
        Reply(status: 302, headers: [("location", address), ("cache-control", "no-store")])
    }

    private static func query(_ pairs: [(name: String, value: String)]) -> String {
        pairs.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }.joined(separator: "&")
    }
}
