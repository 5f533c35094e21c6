import Ambient
import JSON
import OpenSSL
import OrderedCollections
import WebToken

/// Makes tokens, good ones and every kind of bad one.
struct Forge: Sendable {
    static let issuer = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Muster"
    static let otherIssuer = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Other"
    static let client = "1h57kf5cpq17m0eml12EXAMPLE"
    static let otherClient = "9otherclient0000000EXAMPLE"

    /// The keys of all tests, made once: the issuer's two, the other issuer's, and a stranger's.
    static let keys = Result { try (0..<4).map { _ in try RSAPrivateKey.generate() } }

    let key: RSAPrivateKey
    let secondKey: RSAPrivateKey
    let otherKey: RSAPrivateKey
    let stranger: RSAPrivateKey
    let now: Instant

    init(now: Instant) throws {
        let keys = try Self.keys.get()
        (key, secondKey, otherKey, stranger) = (keys[0], keys[1], keys[2], keys[3])
        self.now = now
    }

    var seconds: Int64 { now.milliseconds / 1000 }

    static let issuers = [
        Issuer(url: issuer, clientIDs: [client], audiences: ["https://muster.example.com"]),
        Issuer(url: otherIssuer, clientIDs: [otherClient]),
    ]

    var header: OrderedDictionary<String, JSON> { ["kid": "key-1", "alg": "RS256"] }

    /// What Cognito writes into the access token of a person.
    var claims: OrderedDictionary<String, JSON> {
        [
            "sub": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "cognito:groups": ["DRSOperator", "DRSReadOnly"],
            "iss": .string(Self.issuer), "client_id": .string(Self.client),
            "origin_jti": "7a7b", "token_use": "access", "scope": "openid muster/read",
            "auth_time": .integer(seconds - 100), "exp": .integer(seconds + 900), "iat": .integer(seconds - 100),
            "jti": "c0de", "username": "ada",
        ]
    }

    /// The header with members changed; `JSON.null` writes null, nil leaves the member out.
    func header(_ changes: [String: JSON?]) -> OrderedDictionary<String, JSON> {
        header.merging(changes)
    }

    func claims(_ changes: [String: JSON?]) -> OrderedDictionary<String, JSON> {
        claims.merging(changes)
    }

    /// Signs whatever is given.
    func token(header: [UInt8], payload: [UInt8], by key: RSAPrivateKey? = nil) throws -> String {
        let message = Base64URL.encode(header) + "." + Base64URL.encode(payload)
        return message + "." + Base64URL.encode(try (key ?? self.key).sign(Array(message.utf8)))
    }

    func token(
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
    static func published(_ key: RSAPrivateKey, as id: String) -> OrderedDictionary<String, JSON> {
        [
            "alg": "RS256", "e": .string(Base64URL.encode(key.publicKey.exponent)), "kid": .string(id), "kty": "RSA",
            "n": .string(Base64URL.encode(key.publicKey.modulus)), "use": "sig",
        ]
    }

    static func keySet(_ keys: [String: RSAPrivateKey]) -> [UInt8] {
        JSON.object(["keys": .array(keys.map { .object(published($0.value, as: $0.key)) })]).bytes
    }

    /// What the two issuers publish.
    var published: [String: [UInt8]] {
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
