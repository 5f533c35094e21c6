import Ambient
import Forgeries
import JSON
import OpenSSL
import OrderedCollections
import Testing
import WebToken

@Suite struct `A good token` {
    @Test func `tells who its bearer is`() async throws {
        let stand = try Stand()
        try await stand.run {
            let token = try await stand.verifier.verify(try stand.forge.token())
            #expect(
                token
                    == AccessToken(
                        issuer: Forge.issuer,
                        subject: "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
                        username: "ada",
                        groups: ["DRSOperator", "DRSReadOnly"],
                        clientID: Forge.client,
                        scopes: ["openid", "muster/read"],
                        expires: stand.forge.now + .seconds(900)
                    )
            )
        }
    }

    @Test func `of a machine has scopes and no name`() async throws {
        let stand = try Stand()
        let claims = stand.forge.claims([
            "sub": .string(Forge.client), "username": nil as JSON?, "cognito:groups": nil as JSON?,
            "scope": "muster/operate",
        ])
        try await stand.run {
            let token = try await stand.verifier.verify(try stand.forge.token(claims: claims))
            #expect(token.subject == Forge.client)
            #expect(token.username == nil)
            #expect(token.groups.isEmpty)
            #expect(token.scopes == ["muster/operate"])
        }
    }

    @Test func `of every issuer is verified with the issuer's own key`() async throws {
        let stand = try Stand()
        let claims = stand.forge.claims(["iss": .string(Forge.otherIssuer), "client_id": .string(Forge.otherClient)])
        try await stand.run {
            let token = try await stand.verifier.verify(
                try stand.forge.token(claims: claims, by: stand.forge.otherKey)
            )
            #expect(token.issuer == Forge.otherIssuer)
            let second = try stand.forge.token(
                header: stand.forge.header(["kid": "key-2"]),
                by: stand.forge.secondKey
            )
            #expect(await stand.reason(second) == nil)
        }
    }

    @Test func `may carry what changes nothing`() async throws {
        let stand = try Stand()
        let forge = stand.forge
        let good: [String] = [
            try forge.token(header: forge.header(["typ": "JWT"])),
            try forge.token(header: forge.header(["typ": "at+jwt"])),
            try forge.token(header: forge.header(["typ": "application/AT+JWT"])),
            try forge.token(header: forge.header(["jku": "https://stranger.example.com", "x": [1]])),
            try forge.token(claims: forge.claims(["aud": "https://muster.example.com"])),
            try forge.token(claims: forge.claims(["aud": .string(Forge.client)])),
            try forge.token(claims: forge.claims(["aud": ["https://a.example.com", "https://muster.example.com"]])),
            try forge.token(claims: forge.claims(["scope": nil as JSON?, "unknown": ["deep": [1.5, nil]]])),
            try Forgery.token(of: 8192, by: forge),
        ]
        try await stand.run {
            for token in good { #expect(await stand.reason(token) == nil) }
        }
    }

    @Test func `is taken within a minute of leeway at both ends, to the millisecond`() async throws {
        let stand = try Stand()
        let token = try stand.forge.token(
            claims: stand.forge.claims([
                "exp": .integer(stand.forge.seconds + 200), "nbf": .integer(stand.forge.seconds + 100),
            ])
        )
        try await stand.run {
            stand.clock.advance(by: .milliseconds(39_999))
            #expect(await stand.reason(token) == .early)
            stand.clock.advance(by: .milliseconds(1))
            #expect(await stand.reason(token) == nil)
            stand.clock.advance(by: .milliseconds(219_999))
            #expect(await stand.reason(token) == nil)
            stand.clock.advance(by: .milliseconds(1))
            #expect(await stand.reason(token) == .expired)
        }
    }

    @Test func `is remembered until it expires, and never more than the limit`() async throws {
        let stand = try Stand(remembering: 3)
        try await stand.run {
            let tokens = try (0..<5).map { index in
                try stand.forge.token(claims: stand.forge.claims(["jti": .integer(Int64(index))]))
            }
            // Whatever is remembered is forgotten when an issuer's keys come, and both issuers' come at their own time.
            try await eventually { stand.keys.generation == Forge.issuers.count }
            for (index, token) in tokens.enumerated() {
                #expect(await stand.reason(token) == nil)
                #expect(await stand.reason(token) == nil)
                #expect(stand.verifier.rememberedCount == min(index + 1, 3))
            }
            for token in tokens { #expect(await stand.reason(token) == nil) }
            #expect(stand.verifier.rememberedCount == 3)
            stand.clock.advance(by: .seconds(901))
            #expect(await stand.reason(tokens[4]) == nil, "within the leeway it is verified anew")
            stand.clock.advance(by: .seconds(60))
            for token in tokens { #expect(await stand.reason(token) == .expired) }
        }
    }

    @Test func `is not remembered when it was refused`() async throws {
        let stand = try Stand()
        try await stand.run {
            let foreign = try stand.forge.token(by: stand.forge.stranger)
            #expect(await stand.reason(foreign) == .signature)
            #expect(await stand.reason("x") == .malformed)
            #expect(stand.verifier.rememberedCount == 0)
        }
    }

    @Test func `is verified for many at once`() async throws {
        let stand = try Stand()
        let (good, bad) = (try stand.forge.token(), try stand.forge.token(by: stand.forge.stranger))
        try await stand.run {
            await withTaskGroup(of: Bool.self) { group in
                for index in 0..<200 {
                    group.addTask {
                        await stand.reason(index.isMultiple(of: 2) ? good : bad)
                            == (index.isMultiple(of: 2) ? nil : .signature)
                    }
                }
                for await isRight in group { #expect(isRight) }
            }
        }
    }
}

@Suite struct `The rules for a token` {
    @Test func `are a function of token and time alone`() throws {
        let forge = try Forge(now: Instant(milliseconds: 1_790_000_000_000))
        let rules = TokenRules(issuers: Forge.issuers)
        let token = try forge.token()
        let signed = try rules.read(token, at: forge.now)
        #expect(signed.keyID == "key-1")
        #expect(signed.unverified.username == "ada")
        #expect(token == String(decoding: signed.message, as: UTF8.self) + "." + Base64URL.encode(signed.signature))
        #expect(throws: InvalidToken(.expired)) { try rules.read(token, at: forge.now + .seconds(960)) }
        #expect(throws: InvalidToken(.issuer)) { try TokenRules(issuers: []).read(token, at: forge.now) }
    }

    @Test func `compare bytes, not what looks the same`() throws {
        // The Kelvin sign is equal to K for Swift.
        let forge = try Forge(now: Instant(milliseconds: 1_790_000_000_000))
        let rules = TokenRules(issuers: [Issuer(url: "https://k.example.com/K", clientIDs: ["K"])])
        func claims(_ url: String, _ client: String) -> OrderedDictionary<String, JSON> {
            forge.claims(["iss": .string(url), "client_id": .string(client)])
        }
        let good = try forge.token(claims: claims("https://k.example.com/K", "K"))
        #expect(throws: Never.self) { try rules.read(good, at: forge.now) }
        let url = try forge.token(claims: claims("https://k.example.com/\u{212A}", "K"))
        #expect(throws: InvalidToken(.issuer)) { try rules.read(url, at: forge.now) }
        let client = try forge.token(claims: claims("https://k.example.com/K", "\u{212A}"))
        #expect(throws: InvalidToken(.client)) { try rules.read(client, at: forge.now) }
    }
}
