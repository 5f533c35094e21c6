import JSON
import OpenSSL
import OrderedCollections
import WebToken

extension Forgery {
    /// Every kind, each with the one rule that it breaks.
    package static let all =
        algorithms + headers + foreignKeys + issuersAndClients + lifetimes + identities + texts + payloads

    /// The algorithm that a header asks for.
    private static let algorithms: [Forgery] =
        [
            "none", "None", "nOnE", "NONE", "HS256", "HS512", "RS384", "RS512", "PS256", "ES256", "ES256K", "EdDSA",
            "rs256",
            "RS256 ", "RS25", "", "dir",
        ].map { name in
            .header("alg \(name)", .algorithm, ["alg": .string(name)])
        } + [
            .header("no alg", .algorithm, ["alg": nil as JSON?]),
            .header("alg null", .algorithm, ["alg": JSON.null]),
            .header("alg a number", .algorithm, ["alg": 256]),
            .header("alg an array", .algorithm, ["alg": ["RS256"]]),
            Forgery("alg none without signature", .malformed) { forge in
                let header = JSON.object(forge.header(["alg": "none"])).bytes
                return Base64URL.encode(header) + "." + Base64URL.encode(JSON.object(forge.claims).bytes) + "."
            },
            Forgery("alg RS256 without signature", .malformed) { forge in
                let header = JSON.object(forge.header).bytes
                return Base64URL.encode(header) + "." + Base64URL.encode(JSON.object(forge.claims).bytes) + "."
            },
            Forgery("alg HS256 with the modulus as secret", .algorithm) { forge in
                try hmac(forge, key: forge.key.publicKey.modulus)
            },
            Forgery("alg HS256 with the published document as secret", .algorithm) { forge in
                try hmac(forge, key: Forge.keySet(["key-1": forge.key]))
            },
        ]

    private static func hmac(_ forge: Forge, key: [UInt8]) throws -> String {
        let header = JSON.object(forge.header(["alg": "HS256"])).bytes
        let message = Base64URL.encode(header) + "." + Base64URL.encode(JSON.object(forge.claims).bytes)
        return message + "." + Base64URL.encode(HMACSHA256.authenticate(Array(message.utf8), key: key))
    }

    private static let headers: [Forgery] = [
        .header("crit empty", .critical, ["crit": []]),
        .header("crit of a claim", .critical, ["crit": ["exp"], "exp": 1]),
        .header("crit b64", .critical, ["crit": ["b64"], "b64": false]),
        .header("crit null", .critical, ["crit": JSON.null]),
        .header("no kid", .keyID, ["kid": nil as JSON?]),
        .header("kid empty", .keyID, ["kid": ""]),
        .header("kid null", .keyID, ["kid": JSON.null]),
        .header("kid a number", .keyID, ["kid": 1]),
        .header("kid unknown", .unknownKey, ["kid": "key-9"]),
        .header("kid a path", .unknownKey, ["kid": "../../dev/null"]),
        .header("kid a statement", .unknownKey, ["kid": "key-1' OR '1'='1"]),
        .header("kid of another case", .unknownKey, ["kid": "KEY-1"]),
        .header("typ of a logout token", .type, ["typ": "logout+jwt"]),
        .header("typ of a proof of possession", .type, ["typ": "dpop+jwt"]),
        .header("typ null", .type, ["typ": JSON.null]),
        .header("typ an array", .type, ["typ": ["JWT"]]),
        Forgery("header: alg repeated", .malformed) { forge in
            let text = #"{"kid":"key-1","alg":"none","alg":"RS256"}"#
            return try forge.token(header: Array(text.utf8), payload: JSON.object(forge.claims).bytes)
        },
        Forgery("header: an array", .malformed) { forge in
            try forge.token(header: Array(#"["RS256"]"#.utf8), payload: JSON.object(forge.claims).bytes)
        },
        Forgery("header: empty", .malformed) { forge in
            try forge.token(header: [], payload: JSON.object(forge.claims).bytes)
        },
        Forgery("header: text after its end", .malformed) { forge in
            try forge.token(header: JSON.object(forge.header).bytes + [0x7D], payload: JSON.object(forge.claims).bytes)
        },
    ]

    /// Signatures of keys that are not the issuer's, and of other tokens.
    private static let foreignKeys: [Forgery] =
        ["jwk", "jku", "x5u", "x5c"].map { name in
            Forgery("stranger's key named by \(name)", .signature) { forge in
                let jwk = JSON.object(Forge.published(forge.stranger, as: "key-1"))
                let value = name == "jwk" ? jwk : "https://stranger.example.com/keys.json"
                return try forge.token(header: forge.header([name: value]), by: forge.stranger)
            }
        } + [
            Forgery("stranger's key", .signature) { try $0.token(by: $0.stranger) },
            Forgery("stranger's key, its kid", .unknownKey) { forge in
                try forge.token(header: forge.header(["kid": "stranger"]), by: forge.stranger)
            },
            Forgery("the issuer's other key under this kid", .signature) { try $0.token(by: $0.secondKey) },
            Forgery("the other issuer's key of the same kid", .signature) { try $0.token(by: $0.otherKey) },
            Forgery("this issuer's key for the other issuer", .signature) { forge in
                try forge.token(
                    claims: forge.claims([
                        "iss": .string(Forge.otherIssuer), "client_id": .string(Forge.otherClient),
                    ])
                )
            },
            Forgery("this issuer's second key for the other issuer", .unknownKey) { forge in
                try forge.token(
                    header: forge.header(["kid": "key-2"]),
                    claims: forge.claims([
                        "iss": .string(Forge.otherIssuer), "client_id": .string(Forge.otherClient),
                    ]),
                    by: forge.secondKey
                )
            },
            Forgery("signature of other claims", .signature) { forge in
                let parts = try forge.token().split(separator: ".")
                let claims = forge.claims(["cognito:groups": ["DRSOrchestrationAdmin"]])
                return "\(parts[0]).\(Base64URL.encode(JSON.object(claims).bytes)).\(parts[2])"
            },
            Forgery("signature of another header", .signature) { forge in
                let parts = try forge.token().split(separator: ".")
                let header = JSON.object(forge.header(["typ": "JWT"])).bytes
                return "\(Base64URL.encode(header)).\(parts[1]).\(parts[2])"
            },
            Forgery("signature of zeros", .signature) { forge in
                let parts = try forge.token().split(separator: ".")
                return "\(parts[0]).\(parts[1]).\(Base64URL.encode([UInt8](repeating: 0, count: 256)))"
            },
            Forgery("signature cut short", .signature) { try signature(of: $0) { Array($0.dropLast()) } },
            Forgery("signature made longer", .signature) { try signature(of: $0) { $0 + [0] } },
            Forgery("signature with a zero before it", .signature) { try signature(of: $0) { [0] + $0 } },
            Forgery("signature with its last bit changed", .signature) { forge in
                try signature(of: forge) { $0.dropLast() + $0.suffix(1).map { $0 ^ 1 } }
            },
        ]

    private static func signature(of forge: Forge, _ spoil: ([UInt8]) -> [UInt8]) throws -> String {
        let parts = try forge.token().split(separator: ".")
        let signature = Base64URL.decode(parts[2]) ?? []
        return "\(parts[0]).\(parts[1]).\(Base64URL.encode(spoil(signature)))"
    }
}
