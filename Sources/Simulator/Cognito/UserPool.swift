internal import Ambient
package import JSON
internal import OpenSSL
internal import OrderedCollections

/// A Cognito user pool: issuer, keys, managed login, and tokens for browsers, programs, tests and the quickstart.
///
/// Its key is made when the program starts and lives as long as it; nothing is kept.
package struct UserPool: Sendable {
    private struct Key: Sendable {
        let id: String
        let key: RSAPrivateKey
    }

    package let settings: Settings
    /// The newest last; it signs, the others are still shown.
    private var keys: [Key] = []
    var users: OrderedDictionary<String, User>
    /// What was given out: codes, refresh tokens, and its own cookies.
    var grants = Grants()
    var mischief = Mischief()
    /// How often each grant was asked for with success, and refresh tokens were revoked.
    var counts: OrderedDictionary<String, Int> = [:]

    /// - Throws: when OpenSSL cannot make a key.
    package init(_ settings: Settings) throws {
        self.settings = settings
        users = OrderedDictionary(settings.users.map { ($0.name, $0) }) { _, last in last }
        try rotate(keepingOld: false)
    }

    /// Signs with a new key from now on.
    package mutating func rotate(keepingOld: Bool) throws {
        let key = Key(id: Base64URL.encode(SecureRandom.bytes(24)), key: try RSAPrivateKey.generate(bits: 2048))
        keys = (keepingOld ? keys : []) + [key]
    }

    /// The public keys (RFC 7517).
    package var keySet: JSON {
        .object([
            "keys": .array(
                keys.map { key in
                    .object([
                        "kty": "RSA", "alg": "RS256", "use": "sig", "kid": .string(key.id),
                        "n": .string(Base64URL.encode(key.key.publicKey.modulus)),
                        "e": .string(Base64URL.encode(key.key.publicKey.exponent)),
                    ])
                }
            )
        ])
    }

    /// Signs claims with the newest key (RFC 7515, RS256).
    package func sign(_ claims: JSON) throws -> String {
        guard let key = keys.last else { preconditionFailure("a user pool has a key from its beginning") }
        let header = JSON.object(["kid": .string(key.id), "alg": "RS256"])
        let text = Base64URL.encode(header.bytes) + "." + Base64URL.encode(claims.bytes)
        return text + "." + Base64URL.encode(try key.key.sign(Array(text.utf8)))
    }

    /// OpenID Connect Discovery 1.0.
    func discovery(of issuer: String, at origin: String) -> JSON {
        .object([
            "issuer": .string(issuer), "jwks_uri": .string("\(issuer)/.well-known/jwks.json"),
            "token_endpoint": .string("\(origin)/oauth2/token"),
            "authorization_endpoint": .string("\(origin)/oauth2/authorize"),
            "revocation_endpoint": .string("\(origin)/oauth2/revoke"),
            "end_session_endpoint": .string("\(origin)/logout"),
            "id_token_signing_alg_values_supported": ["RS256"], "subject_types_supported": ["public"],
            "response_types_supported": ["code", "token"],
            "scopes_supported": ["openid", "muster/read", "muster/operate", "muster/admin"],
        ])
    }

    mutating func count(_ what: String) {
        counts[what, default: 0] += 1
    }
}
