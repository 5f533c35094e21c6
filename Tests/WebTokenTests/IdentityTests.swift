import Ambient
import Forgeries
import JSON
import OpenSSL
import OrderedCollections
import Testing
import WebToken

extension Forge {
    /// What Cognito writes into the ID token of a person.
    var identity: OrderedDictionary<String, JSON> {
        [
            "sub": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "cognito:groups": ["DRSOperator"],
            "iss": .string(Self.issuer), "aud": .string(Self.client), "nonce": "n-1", "token_use": "id",
            "auth_time": .integer(seconds - 1), "exp": .integer(seconds + 900), "iat": .integer(seconds - 1),
            "cognito:username": "ada", "name": "Ada Lovelace", "email": "ada@example.com",
        ]
    }

    func identityToken(_ changes: [String: JSON?] = [:], by key: RSAPrivateKey? = nil) throws -> String {
        var claims = identity
        for (name, value) in changes.sorted(by: { $0.key < $1.key }) { claims[name] = value }
        return try token(claims: claims, by: key)
    }
}

@Suite struct `An ID token` {
    private func reason(
        _ stand: Stand,
        _ token: String,
        for client: String = Forge.client,
        nonce: String? = "n-1"
    ) async -> InvalidToken.Reason? {
        do throws(InvalidToken) {
            _ = try await stand.verifier.verifyIdentity(token, for: client, nonce: nonce)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test func `tells who signed in`() async throws {
        let stand = try Stand()
        try await stand.run {
            let token = try stand.forge.identityToken()
            let person = try await stand.verifier.verifyIdentity(token, for: Forge.client, nonce: "n-1")
            #expect(
                person
                    == IdentityToken(
                        issuer: Forge.issuer,
                        subject: "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
                        username: "ada",
                        name: "Ada Lovelace",
                        email: "ada@example.com",
                        groups: ["DRSOperator"],
                        expires: stand.forge.now + .seconds(900)
                    )
            )
            // A refresh brings one without a nonce.
            let renewed = try stand.forge.identityToken(["nonce": nil as JSON?])
            #expect(await self.reason(stand, renewed, nonce: nil) == nil)
            let several = try stand.forge.identityToken([
                "aud": ["x", .string(Forge.client)], "azp": .string(Forge.client),
            ])
            #expect(await self.reason(stand, several) == nil)
        }
    }

    private static let flaws: [(name: String, changes: [String: JSON?], reason: InvalidToken.Reason)] = [
        ("an access token's use", ["token_use": "access"], .use), ("no use", ["token_use": nil as JSON?], .use),
        ("another client", ["aud": .string(Forge.otherClient)], .audience),
        ("no audience", ["aud": nil as JSON?], .audience),
        ("client_id alone", ["aud": nil as JSON?, "client_id": .string(Forge.client)], .audience),
        ("several clients", ["aud": ["x", .string(Forge.client)]], .client),
        ("made for another party", ["azp": "x"], .client), ("party a number", ["azp": 1], .client),
        ("another nonce", ["nonce": "n-2"], .nonce), ("no nonce", ["nonce": nil as JSON?], .nonce),
        ("nonce empty", ["nonce": ""], .nonce), ("nonce a number", ["nonce": 1], .nonce),
        ("another issuer", ["iss": "https://stranger.example.com"], .issuer),
        ("no subject", ["sub": nil as JSON?], .identity), ("nobody", ["sub": ""], .identity),
        ("no end", ["exp": nil as JSON?], .expiry),
        ("groups a text", ["cognito:groups": "DRSOrchestrationAdmin"], .identity),
        ("name a number", ["name": 1], .identity), ("email a list", ["email": ["ada@example.com"]], .identity),
        ("user name a number", ["cognito:username": 7], .identity),
    ]

    @Test func `is refused for its flaw alone`() async throws {
        let stand = try Stand()
        try await stand.run {
            for flaw in Self.flaws {
                let token = try stand.forge.identityToken(flaw.changes)
                #expect(await self.reason(stand, token) == flaw.reason, "\(flaw.name)")
            }
            let seconds = stand.forge.seconds
            let others: [(String, InvalidToken.Reason)] = [
                (try stand.forge.identityToken(["exp": .integer(seconds - 60)]), .expired),
                (try stand.forge.identityToken(["nbf": .integer(seconds + 61)]), .early),
                (try stand.forge.identityToken(by: stand.forge.stranger), .signature),
                (try stand.forge.token(), .use), ("a.b.c", .malformed),
            ]
            for (token, reason) in others { #expect(await self.reason(stand, token) == reason) }
            let good = try stand.forge.identityToken()
            #expect(await self.reason(stand, good, for: "unknown") == .audience)
            // The issuer's, and made for that client: but none of ours.
            let foreign = try stand.forge.identityToken(["aud": "unknown"])
            #expect(await self.reason(stand, foreign, for: "unknown") == .audience)
        }
    }

    @Test func `is no access token`() async throws {
        let stand = try Stand()
        try await stand.run {
            let token = try stand.forge.identityToken()
            #expect(await stand.reason(token) == .use)
        }
    }
}

@Suite struct `A token of a company's own issuer` {
    private static let company = Issuer(
        url: Forge.issuer,
        clientIDs: [Forge.client],
        audiences: ["api://muster"],
        dialect: .openID(username: "preferred_username", groups: "groups"),
        groupNames: ["DR Admins": "DRSOrchestrationAdmin", "DR Readers": "DRSReadOnly"]
    )

    private func read(_ changes: [String: JSON?]) throws -> Result<AccessToken, InvalidToken> {
        let clock = HandClock()
        let forge = try Forge(now: clock.now())
        var claims: OrderedDictionary<String, JSON> = [
            "iss": .string(Forge.issuer), "sub": "s-1", "aud": "api://muster", "azp": .string(Forge.client),
            "preferred_username": "ada", "groups": ["DR Admins", "Others", "DRSRecoveryManager"],
            "exp": .integer(forge.seconds + 900), "scope": "openid",
        ]
        for (name, value) in changes.sorted(by: { $0.key < $1.key }) { claims[name] = value }
        let token = try forge.token(claims: claims)
        let rules = TokenRules(issuers: [Self.company])
        return Result { () throws(InvalidToken) in try rules.read(token, at: clock.now()).unverified }
    }

    @Test func `has our names for its groups, and no other group counts`() throws {
        let token = try read([:]).get()
        #expect(token.groups == ["DRSOrchestrationAdmin"] && token.username == "ada" && token.clientID == Forge.client)
    }

    @Test func `speaks for a person even without a name, never for a program with our scopes`() throws {
        let token = try read(["preferred_username": nil as JSON?, "scope": "muster/admin"]).get()
        #expect(token.username == "s-1")
    }

    @Test func `is refused when it was made for somebody else, or to tell a client who signed in`() throws {
        let flaws: [([String: JSON?], InvalidToken.Reason)] = [
            (["aud": nil as JSON?], .audience), (["aud": "api://other"], .audience),
            (["aud": .string(Forge.client)], .audience), (["aud": ["api://muster", .string(Forge.client)]], .audience),
            (["azp": "other"], .client), (["client_id": "other"], .client), (["groups": "DR Admins"], .identity),
        ]
        for (changes, reason) in flaws {
            #expect(throws: InvalidToken(reason), "\(changes)") { try read(changes).get() }
        }
    }
}
