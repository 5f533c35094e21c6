package import Ambient
internal import AWS
internal import JSON
internal import OpenSSL

extension UserPool {
    /// When and where the pool is asked, and by what chance it makes secrets.
    struct Occasion {
        let origin: String
        let issuer: String
        let now: Instant
        let chance: any Chance

        /// 256 bits that nobody guesses.
        var secret: String { Base64URL.encode(chance.bytes(32)) }

        var identifier: String {
            func make(_ chance: some Chance) -> String { Identifier<UserPool>(at: now, by: chance).description }
            return make(chance)
        }
    }

    /// Answers what is asked of the pool, or nil for a path that is not the pool's.
    ///
    /// The pool stands at `/<pool>/…`, which is its issuer, and at `/cognito/<pool>/…`; its domain, with managed login,
    /// is the root.
    ///
    /// | call | does |
    /// |---|---|
    /// | `GET …/.well-known/jwks.json`, `…/.well-known/openid-configuration` | as Cognito |
    /// | `GET /oauth2/authorize` | begins a sign-in (code, PKCE by S256); who is signed in already is sent back at once |
    /// | `GET /login`, `POST /login` | the page on which somebody chooses who to be, and its form (`username`) |
    /// | `POST /oauth2/token` | `authorization_code`, `refresh_token` with rotation, `client_credentials` |
    /// | `POST /oauth2/revoke`, `GET /logout` | as Cognito |
    /// | `POST …/test/token` | a token for `username`, `groups`, `client_id`, `expires_in`, `token_use`, `scope` |
    /// | `POST …/test/keys` | a new key; `keepOld`: the old one is still shown |
    /// | `POST …/test/users` | adds or changes a user: `username`, `groups`, `email`, `enabled` |
    /// | `POST …/test/expire` | ends every refresh token and every sign-in that its own cookie remembers |
    /// | `POST …/test/faults` | what shall go wrong, see `Mischief`; `{}`: nothing |
    /// | `GET …/test/state` | how often each grant was used, and the users |
    package mutating func answer(_ request: Request, origin: String, at now: Instant, by chance: any Chance) -> Reply? {
        var parts = request.parts
        if parts.first == "cognito" { parts.removeFirst() }
        if parts.first == settings.pool {
            parts.removeFirst()
        } else if !["oauth2", "login", "logout"].contains(parts.first) {
            return nil
        }
        let occasion = Occasion(origin: origin, issuer: "\(origin)/\(settings.pool)", now: now, chance: chance)
        let path = parts.joined(separator: "/")
        do {
            if path.hasPrefix("test/") { return try testReply(to: request, path, occasion) }
            let fault = mischief.strike(path)
            var reply = try fault.answer ?? reply(to: request, path, occasion)
            if fault.isDropped { reply.fate = .dropped }
            reply.delay = fault.delay
            return reply
        } catch let problem as FieldProblem {
            return World.answer(["error": .string(problem.description)], status: 400)
        } catch {
            return World.answer(["error": .string("\(error)")], status: 500)
        }
    }

    private mutating func reply(to request: Request, _ path: String, _ occasion: Occasion) throws -> Reply {
        switch (request.method, path) {
        case ("GET", ".well-known/jwks.json"): World.answer(keySet)
        case ("GET", ".well-known/openid-configuration"):
            World.answer(discovery(of: occasion.issuer, at: occasion.origin))
        case ("GET", "oauth2/authorize"): authorize(request, occasion)
        case ("GET", "login"): showLogin(request)
        case ("POST", "login"): logIn(request, occasion)
        case ("GET", "logout"): logOut(request)
        case ("POST", "oauth2/token"): try token(request, occasion)
        case ("POST", "oauth2/revoke"): revoke(request)
        case _: World.answer(["error": "There is no such call of the user pool."], status: 404)
        }
    }

    /// The client that a request proves to be, by `Authorization: Basic` or by its form; id and secret are form-encoded
    /// in the header (RFC 6749 section 2.3.1).
    func client(of request: Request, _ form: Form) -> Client? {
        let (id, secret) = Self.credentials(of: request) ?? (form["client_id"] ?? "", form["client_secret"])
        guard let client = settings.clients.first(where: { $0.id == id }) else { return nil }
        guard let known = client.secret else { return secret == nil ? client : nil }
        return ConstantTime.equal(Array(known.utf8), Array((secret ?? "").utf8)) ? client : nil
    }

    private static func credentials(of request: Request) -> (String, String?)? {
        guard let header = request.header("authorization"), header.hasPrefix("Basic "),
            let bytes = Base64.decode(String(header.dropFirst(6)))
        else { return nil }
        let parts = String(decoding: bytes, as: UTF8.self).split(
            separator: ":",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        guard parts.count == 2 else { return nil }
        guard let id = PercentEncoding.decode(String(parts[0])), let secret = PercentEncoding.decode(String(parts[1]))
        else { return nil }
        return (id, secret)
    }
}
