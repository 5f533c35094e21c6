internal import AWS
package import Ambient
internal import JSON
internal import OpenSSL
internal import OrderedCollections

extension UserPool {
    /// Answers what is asked of the pool, or nil for a path that is not the pool's.
    ///
    /// The pool stands at `/<pool>/…`, which is its issuer, and at `/cognito/<pool>/…`; its domain's `/oauth2/token`
    /// stands at the root, too.
    ///
    /// | call | does |
    /// |---|---|
    /// | `GET …/.well-known/jwks.json`, `…/.well-known/openid-configuration` | as Cognito |
    /// | `POST …/oauth2/token` | `client_credentials` for a client with a secret |
    /// | `POST …/test/token` | a token for `username`, `groups`, `client_id`, `expires_in`, `token_use`, `scope` |
    /// | `POST …/test/keys` | a new key; `keepOld`: the old one is still shown |
    package mutating func answer(_ request: Request, origin: String, at now: Instant, by chance: some Chance) -> Reply?
    {
        var parts = request.parts
        if parts.first == "cognito" { parts.removeFirst() }
        if parts.first == settings.pool { parts.removeFirst() } else if parts.first != "oauth2" { return nil }
        let issuer = "\(origin)/\(settings.pool)"
        do {
            switch (request.method, parts.joined(separator: "/")) {
            case ("GET", ".well-known/jwks.json"): return World.answer(keySet)
            case ("GET", ".well-known/openid-configuration"):
                return World.answer(discovery(issuer: issuer, origin: origin))
            case ("POST", "oauth2/token"): return try clientToken(request, issuer: issuer, at: now, by: chance)
            case ("POST", "test/token"):
                return World.answer(try testToken(request, issuer: issuer, at: now, by: chance))
            case ("POST", "test/keys"):
                let fields = try Fields(try World.body(request), at: "", known: ["keepOld"])
                try rotate(keepingOld: try fields.flag("keepOld") ?? true)
                return World.answer(keySet)
            case _: return World.answer(["error": "There is no such call of the user pool."], status: 404)
            }
        } catch let problem as FieldProblem {
            return World.answer(["error": .string(problem.description)], status: 400)
        } catch {
            return World.answer(["error": .string("\(error)")], status: 500)
        }
    }

    /// A token for whomever a test wants to be.
    private func testToken(
        _ request: Request,
        issuer: String,
        at now: Instant,
        by chance: some Chance
    ) throws -> JSON {
        // Some programs call everything a form: what begins as JSON is JSON.
        let isForm = !request.body.isEmpty && request.body.first != UInt8(ascii: "{")
        let body = isForm ? Self.json(of: Form(parsing: request.text)) : try World.body(request)
        let fields = try Fields(
            body,
            at: "",
            known: [
                "username", "groups", "client_id", "expires_in", "token_use", "scope", "issuer", "not_before", "email",
            ]
        )
        let lifetime = try fields.number("expires_in", in: -31_536_000...31_536_000).map { Duration.seconds($0) }
        let username = try fields.text("username") ?? "admin"
        let use = try fields.text("token_use") ?? "access"
        let client = try fields.text("client_id") ?? settings.clients.first?.id ?? ""
        var claims = Self.claims(
            subject: Self.subject(of: username),
            client: client,
            use: use,
            issuer: try fields.text("issuer") ?? issuer,
            at: now,
            lifetime: lifetime ?? settings.lifetime,
            by: chance
        )
        let groups = try fields.texts("groups") ?? ["DRSOrchestrationAdmin"]
        if !groups.isEmpty { claims["cognito:groups"] = .array(groups.map { .string($0) }) }
        claims[use == "id" ? "cognito:username" : "username"] = .string(username)
        claims["scope"] = .string(try fields.text("scope") ?? "openid aws.cognito.signin.user.admin")
        if let email = try fields.text("email") { claims["email"] = .string(email) }
        if let start = try fields.number("not_before", in: -31_536_000...31_536_000) {
            claims["nbf"] = .integer((now + .seconds(start)).milliseconds / 1000)
        }
        return .object([
            "access_token": .string(try sign(.object(claims))), "token_type": "Bearer",
            "expires_in": .integer((lifetime ?? settings.lifetime).milliseconds / 1000),
        ])
    }

    /// RFC 6749 section 4.4, as Cognito's token endpoint answers it.
    private func clientToken(
        _ request: Request,
        issuer: String,
        at now: Instant,
        by chance: some Chance
    ) throws -> Reply {
        let form = Form(parsing: request.text)
        guard form["grant_type"] == "client_credentials" else {
            return World.answer(["error": "unsupported_grant_type"], status: 400)
        }
        let (id, secret) = Self.credentials(of: request) ?? (form["client_id"] ?? "", form["client_secret"] ?? "")
        guard let client = settings.clients.first(where: { $0.id == id }), let known = client.secret,
            ConstantTime.equal(Array(known.utf8), Array(secret.utf8))
        else { return World.answer(["error": "invalid_client"], status: 400) }
        let scopes = (form["scope"] ?? client.scopes.joined(separator: " ")).split(separator: " ").map(String.init)
        guard scopes.allSatisfy(client.scopes.contains) else {
            return World.answer(["error": "invalid_scope"], status: 400)
        }
        var claims = Self.claims(
            subject: id,
            client: id,
            use: "access",
            issuer: issuer,
            at: now,
            lifetime: settings.lifetime,
            by: chance
        )
        claims["scope"] = .string(scopes.joined(separator: " "))
        return World.answer(
            .object([
                "access_token": .string(try sign(.object(claims))), "token_type": "Bearer",
                "expires_in": .integer(settings.lifetime.milliseconds / 1000),
            ])
        )
    }

    /// The claims that every token of Cognito has.
    private static func claims(
        subject: String,
        client: String,
        use: String,
        issuer: String,
        at now: Instant,
        lifetime: Duration,
        by chance: some Chance
    ) -> OrderedDictionary<String, JSON> {
        let seconds = now.milliseconds / 1000
        func identifier() -> JSON { .string(Identifier<UserPool>(at: now, by: chance).description) }
        var claims: OrderedDictionary<String, JSON> = [
            "sub": .string(subject), "iss": .string(issuer), "token_use": .string(use), "version": 2,
            "auth_time": .integer(seconds), "iat": .integer(seconds),
            "exp": .integer((now + lifetime).milliseconds / 1000), "jti": identifier(), "origin_jti": identifier(),
        ]
        claims[use == "id" ? "aud" : "client_id"] = .string(client)
        return claims
    }

    /// A user's identifier is always the same.
    private static func subject(of username: String) -> String {
        let text = Hex.encode(Array(SHA256.digest(Array(username.utf8)).prefix(16)))
        let ends = [0, 8, 12, 16, 20, 32]
        return zip(ends, ends.dropFirst()).map { text.dropFirst($0).prefix($1 - $0) }.joined(separator: "-")
    }

    /// `Authorization: Basic`; id and secret are form-encoded in it (RFC 6749 section 2.3.1).
    private static func credentials(of request: Request) -> (String, String)? {
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

    /// A form's fields as the JSON they stand for: groups by commas, seconds as a number.
    private static func json(of form: Form) -> JSON {
        var members: OrderedDictionary<String, JSON> = [:]
        for name in ["username", "client_id", "token_use", "scope", "issuer", "email"] {
            if let text = form[name] { members[name] = .string(text) }
        }
        if let groups = form["groups"] {
            members["groups"] = .array(groups.split(separator: ",").map { .string(String($0)) })
        }
        for name in ["expires_in", "not_before"] {
            if let text = form[name] { members[name] = Int64(text).map { .integer($0) } ?? .string(text) }
        }
        return .object(members)
    }
}
