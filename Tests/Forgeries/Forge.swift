package import Ambient
package import JSON
package import OpenSSL
package import OrderedCollections
package import WebToken

/// Makes tokens, good ones and every kind of bad one.
package struct Forge: Sendable {
    package static let issuer = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Muster"
    package static let otherIssuer = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Other"
    package static let client = "1h57kf5cpq17m0eml12EXAMPLE"
    package static let otherClient = "9otherclient0000000EXAMPLE"

    /// The keys of all tests, made once: the issuer's two, the other issuer's, and a stranger's.
    package static let keys = Result { try (0..<4).map { _ in try RSAPrivateKey.generate() } }

    package let key: RSAPrivateKey
    package let secondKey: RSAPrivateKey
    package let otherKey: RSAPrivateKey
    package let stranger: RSAPrivateKey
    package let now: Instant
    /// The `iss` of the tokens that it makes.
    package let issuer: String

    package init(now: Instant, issuer: String = Forge.issuer) throws {
        let keys = try Self.keys.get()
        (key, secondKey, otherKey, stranger) = (keys[0], keys[1], keys[2], keys[3])
        self.now = now
        self.issuer = issuer
    }

    package var seconds: Int64 { now.milliseconds / 1000 }

    package static let issuers = [
        Issuer(url: issuer, clientIDs: [client], audiences: ["https://muster.example.com"]),
        Issuer(url: otherIssuer, clientIDs: [otherClient]),
    ]

    package var header: OrderedDictionary<String, JSON> { ["kid": "key-1", "alg": "RS256"] }

    /// What Cognito writes into the access token of a person.
    package var claims: OrderedDictionary<String, JSON> {
        [
            "sub": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "cognito:groups": ["DRSOperator", "DRSReadOnly"],
            "iss": .string(issuer), "client_id": .string(Self.client),
            "origin_jti": "7a7b", "token_use": "access", "scope": "openid muster/read",
            "auth_time": .integer(seconds - 100), "exp": .integer(seconds + 900), "iat": .integer(seconds - 100),
            "jti": "c0de", "username": "ada",
        ]
    }

    /// The header with members changed; `JSON.null` writes null, nil leaves the member out.
    package func header(_ changes: [String: JSON?]) -> OrderedDictionary<String, JSON> {
        header.merging(changes)
    }

    package func claims(_ changes: [String: JSON?]) -> OrderedDictionary<String, JSON> {
        claims.merging(changes)
    }

    /// Signs whatever is given.
    package func token(header: [UInt8], payload: [UInt8], by key: RSAPrivateKey? = nil) throws -> String {
        let message = Base64URL.encode(header) + "." + Base64URL.encode(payload)
        return message + "." + Base64URL.encode(try (key ?? self.key).sign(Array(message.utf8)))
    }

    package func token(
        header: OrderedDictionary<String, JSON>? = nil,
        claims: OrderedDictionary<String, JSON>? = nil,
        by key: RSAPrivateKey? = nil
    ) throws -> String {
        try token(
            header: JSON.object(header ?? self.header).bytes,
            payload: JSON.object(claims ?? self.claims).bytes,
            by: key
        )
    }

    /// A key as an issuer publishes it.
    package static func published(_ key: RSAPrivateKey, as id: String) -> OrderedDictionary<String, JSON> {
        [
            "alg": "RS256", "e": .string(Base64URL.encode(key.publicKey.exponent)), "kid": .string(id), "kty": "RSA",
            "n": .string(Base64URL.encode(key.publicKey.modulus)), "use": "sig",
        ]
    }

    package static func keySet(_ keys: [String: RSAPrivateKey]) -> [UInt8] {
        JSON.object(["keys": .array(keys.map { .object(published($0.value, as: $0.key)) })]).bytes
    }

    /// What the two issuers publish.
    package var published: [String: [UInt8]] {
        [
            Self.issuer + "/.well-known/jwks.json": Self.keySet(["key-1": key, "key-2": secondKey]),
            Self.otherIssuer + "/.well-known/jwks.json": Self.keySet(["key-1": otherKey]),
        ]
    }
}

extension OrderedDictionary<String, JSON> {
    fileprivate func merging(_ changes: [String: JSON?]) -> Self {
        var members = self
        for (name, value) in changes.sorted(by: { $0.key < $1.key }) { members[name] = value }
        return members
    }
}
