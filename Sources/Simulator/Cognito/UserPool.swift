internal import Ambient
package import JSON
internal import OpenSSL
internal import OrderedCollections

/// A Cognito user pool that signs what it is asked to: issuer, keys, and tokens for tests and the quickstart.
///
/// Its key is made when the program starts and lives as long as it; nothing is kept.
package struct UserPool: Sendable {
    /// A program that may ask for tokens of its own (grant `client_credentials`).
    package struct Client: Sendable, Hashable {
        package let id: String
        package let secret: String?
        package let scopes: [String]

        package init(id: String, secret: String? = nil, scopes: [String] = []) {
            self.id = id
            self.secret = secret
            self.scopes = scopes
        }
    }

    /// What a world file says of the pool.
    package struct Settings: Sendable {
        /// The pool's identifier, the last part of the issuer.
        package var pool = "us-east-1_MusterSim"
        package var clients: [Client] = [
            Client(id: "muster-browser"),
            Client(
                id: "muster-machine",
                secret: "muster-machine-secret",
                scopes: ["muster/read", "muster/operate", "muster/admin"]
            ),
        ]
        /// How long a token is good for when nobody says.
        package var lifetime: Duration = .seconds(3600)

        package init() {}
    }

    private struct Key: Sendable {
        let id: String
        let key: RSAPrivateKey
    }

    package let settings: Settings
    /// The newest last; it signs, the others are still shown.
    private var keys: [Key] = []

    /// - Throws: when OpenSSL cannot make a key.
    package init(_ settings: Settings) throws {
        self.settings = settings
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
    func discovery(issuer: String, origin: String) -> JSON {
        .object([
            "issuer": .string(issuer), "jwks_uri": .string("\(issuer)/.well-known/jwks.json"),
            "token_endpoint": .string("\(origin)/oauth2/token"),
            "authorization_endpoint": .string("\(origin)/oauth2/authorize"),
            "id_token_signing_alg_values_supported": ["RS256"], "subject_types_supported": ["public"],
            "response_types_supported": ["code", "token"],
            "scopes_supported": ["openid", "muster/read", "muster/operate", "muster/admin"],
        ])
    }
}

extension UserPool.Settings {
    init(_ value: JSON, at path: String) throws(FieldProblem) {
        let fields = try Fields(value, at: path, known: ["pool", "clients", "lifetimeSeconds"])
        pool = try fields.text("pool") ?? pool
        let parts = pool.split(separator: "_")
        guard parts.count == 2, Place.regions.contains(String(parts[0])) else {
            throw fields.wrong("pool", "must be a Region and a name, as us-east-1_MusterSim")
        }
        lifetime = try fields.seconds("lifetimeSeconds") ?? lifetime
        guard fields.has("clients") else { return }
        clients = []
        for (value, path) in try fields.elements("clients") {
            let client = try Fields(value, at: path, known: ["id", "secret", "scopes"])
            clients.append(
                UserPool.Client(
                    id: try client.requiredText("id"),
                    secret: try client.text("secret"),
                    scopes: try client.texts("scopes") ?? []
                )
            )
        }
    }
}
