internal import AWS
internal import Ambient
internal import JSON
internal import OpenSSL
internal import OrderedCollections

extension UserPool {
    /// The token endpoint, as Cognito has it (RFC 6749 sections 4.1.3, 4.4 and 6; RFC 7636).
    mutating func token(_ request: Request, _ occasion: Occasion) throws -> Reply {
        let form = Form(parsing: request.text)
        let grants = ["authorization_code", "refresh_token", "client_credentials"]
        guard let grant = form["grant_type"], grants.contains(grant) else { return Self.no("unsupported_grant_type") }
        guard let client = client(of: request, form) else { return Self.no("invalid_client") }
        // An app client of Cognito has either the flow for people or the one for programs.
        guard client.scopes.isEmpty == (grant != "client_credentials") else { return Self.no("unauthorized_client") }
        let reply =
            switch grant {
            case "authorization_code": try exchange(form, client, occasion)
            case "refresh_token": try refresh(form, client, occasion)
            case _: try programToken(form, client, occasion)
            }
        if reply.status == 200 { count(grant) }
        return reply
    }

    private mutating func exchange(_ form: Form, _ client: Client, _ occasion: Occasion) throws -> Reply {
        guard let code = grants.takeCode(form["code"] ?? "", at: occasion.now), code.signIn.client == client.id,
            code.redirect == form["redirect_uri"]
        else { return Self.no("invalid_grant") }
        let digest = form["code_verifier"].map { Base64URL.encode(SHA256.digest(Array($0.utf8))) }
        guard digest == code.challenge else { return Self.no("invalid_grant") }
        return try tokens(of: code.signIn, client, nonce: code.nonce, occasion)
    }

    private mutating func refresh(_ form: Form, _ client: Client, _ occasion: Occasion) throws -> Reply {
        let text = form["refresh_token"] ?? ""
        guard let signIn = grants.use(refreshToken: text, at: occasion.now, grace: settings.grace),
            signIn.client == client.id
        else { return Self.no("invalid_grant") }
        return try tokens(of: signIn, client, nonce: nil, occasion)
    }

    /// The three tokens of somebody who is signed in, with the groups that they have now.
    private mutating func tokens(
        of signIn: Grants.SignIn,
        _ client: Client,
        nonce: String?,
        _ occasion: Occasion
    ) throws -> Reply {
        guard let user = users[signIn.username], user.isEnabled else { return Self.no("invalid_grant") }
        let lifetime = client.lifetime ?? settings.lifetime
        func claims(_ use: String) -> OrderedDictionary<String, JSON> {
            var claims = Self.claims(
                subject: Self.subject(of: user.name),
                client: client.id,
                use: use,
                lifetime: lifetime,
                occasion
            )
            claims["auth_time"] = .integer(signIn.at.milliseconds / 1000)
            claims["origin_jti"] = .string(signIn.id)
            if !user.groups.isEmpty { claims["cognito:groups"] = .array(user.groups.map { .string($0) }) }
            return claims
        }
        var access = claims("access")
        access["username"] = .string(user.name)
        access["scope"] = .string(signIn.scope)
        var identity = claims("id")
        identity["cognito:username"] = .string(user.name)
        identity["email"] = .string(user.email)
        identity["email_verified"] = true
        if let nonce { identity["nonce"] = .string(nonce) }
        let refreshToken = occasion.secret
        grants.keep(refreshToken: refreshToken, of: signIn)
        return World.answer(
            .object([
                "id_token": .string(try sign(.object(mischief.changed(identity, use: "id")))),
                "access_token": .string(try sign(.object(mischief.changed(access, use: "access")))),
                "refresh_token": .string(refreshToken), "token_type": "Bearer",
                "expires_in": .integer(lifetime.milliseconds / 1000),
            ])
        )
    }

    private func programToken(_ form: Form, _ client: Client, _ occasion: Occasion) throws -> Reply {
        let scopes = (form["scope"] ?? client.scopes.joined(separator: " ")).split(separator: " ").map(String.init)
        guard scopes.allSatisfy(client.scopes.contains) else { return Self.no("invalid_scope") }
        var claims = Self.claims(
            subject: client.id,
            client: client.id,
            use: "access",
            lifetime: settings.lifetime,
            occasion
        )
        claims["scope"] = .string(scopes.joined(separator: " "))
        return World.answer(
            .object([
                "access_token": .string(try sign(.object(claims))), "token_type": "Bearer",
                "expires_in": .integer(settings.lifetime.milliseconds / 1000),
            ])
        )
    }

    /// Revokes a refresh token, and with it all others of the same sign-in (RFC 7009); one that is none is fine, too.
    mutating func revoke(_ request: Request) -> Reply {
        let form = Form(parsing: request.text)
        guard let client = client(of: request, form) else { return Self.no("invalid_client") }
        if grants.revoke(form["token"] ?? "", of: client.id) { count("revocation") }
        return Reply(status: 200)
    }

    private static func no(_ error: JSON) -> Reply {
        World.answer(.object(["error": error]), status: 400)
    }

    /// The claims that every token of Cognito has.
    static func claims(
        subject: String,
        client: String,
        use: String,
        lifetime: Duration,
        _ occasion: Occasion
    ) -> OrderedDictionary<String, JSON> {
        let seconds = occasion.now.milliseconds / 1000
        var claims: OrderedDictionary<String, JSON> = [
            "sub": .string(subject), "iss": .string(occasion.issuer), "token_use": .string(use), "version": 2,
            "auth_time": .integer(seconds), "iat": .integer(seconds),
            "exp": .integer((occasion.now + lifetime).milliseconds / 1000), "jti": .string(occasion.identifier),
            "origin_jti": .string(occasion.identifier),
        ]
        claims[use == "id" ? "aud" : "client_id"] = .string(client)
        return claims
    }

    /// A user's identifier is always the same.
    static func subject(of username: String) -> String {
        let text = Hex.encode(Array(SHA256.digest(Array(username.utf8)).prefix(16)))
        let ends = [0, 8, 12, 16, 20, 32]
        return zip(ends, ends.dropFirst()).map { text.dropFirst($0).prefix($1 - $0) }.joined(separator: "-")
    }
}
