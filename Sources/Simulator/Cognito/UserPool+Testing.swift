internal import Ambient
internal import JSON
internal import OrderedCollections

extension UserPool {
    /// The calls that no Cognito has: by them a test makes the pool what it needs.
    mutating func testReply(to request: Request, _ path: String, _ occasion: Occasion) throws -> Reply {
        switch (request.method, path) {
        case ("POST", "test/token"): return World.answer(try testToken(request, occasion))
        case ("POST", "test/keys"):
            let fields = try Fields(try World.body(request), at: "", known: ["keepOld"])
            try rotate(keepingOld: try fields.flag("keepOld") ?? true)
            return World.answer(keySet)
        case ("POST", "test/users"):
            let user = try Settings.user(try World.body(request), at: "")
            users[user.name] = user
        case ("POST", "test/expire"): grants.expire()
        case ("POST", "test/faults"): mischief = try Mischief(try World.body(request))
        case ("GET", "test/state"): break
        case _: return World.answer(["error": "There is no such call of the user pool."], status: 404)
        }
        return World.answer(state)
    }

    private var state: JSON {
        .object([
            "counts": .object(counts.mapValues { .integer(Int64($0)) }),
            "users": .array(
                users.values.map { user in
                    .object([
                        "username": .string(user.name), "groups": .array(user.groups.map { .string($0) }),
                        "email": .string(user.email), "enabled": .bool(user.isEnabled),
                    ])
                }
            ),
        ])
    }

    /// A token for whomever a test wants to be.
    private func testToken(_ request: Request, _ occasion: Occasion) throws -> JSON {
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
            lifetime: lifetime ?? settings.lifetime,
            occasion
        )
        if let issuer = try fields.text("issuer") { claims["iss"] = .string(issuer) }
        let groups = try fields.texts("groups") ?? ["DRSOrchestrationAdmin"]
        if !groups.isEmpty { claims["cognito:groups"] = .array(groups.map { .string($0) }) }
        claims[use == "id" ? "cognito:username" : "username"] = .string(username)
        claims["scope"] = .string(try fields.text("scope") ?? "openid aws.cognito.signin.user.admin")
        if let email = try fields.text("email") { claims["email"] = .string(email) }
        if let start = try fields.number("not_before", in: -31_536_000...31_536_000) {
            claims["nbf"] = .integer((occasion.now + .seconds(start)).milliseconds / 1000)
        }
        return .object([
            "access_token": .string(try sign(.object(claims))), "token_type": "Bearer",
            "expires_in": .integer((lifetime ?? settings.lifetime).milliseconds / 1000),
        ])
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
