internal import JSON
package import OpenSSL

/// The keys of an issuer by their `kid`, read from a JWKS document (RFC 7517).
package struct KeySet: Sendable {
    /// The longest document read, in bytes; Cognito's has about 1 KiB.
    package static let longest = 262_144
    /// The most keys looked at; issuers have two or three, some ten.
    package static let mostKeys = 100

    package let keys: [String: RSAPublicKey]

    package init() {
        keys = [:]
    }

    /// Reads a document and keeps the keys that can verify RS256.
    ///
    /// A key counts only with `kty` RSA, `use` sig or none, `key_ops` with verify or none, `alg` RS256 or none, a
    /// `kid` that no other key has, and numbers that `RSAPublicKey` takes. The others are left out: an issuer may
    /// publish keys for other purposes.
    ///
    /// - Throws: `Unusable` when the document is no key set, or no key of it can be used.
    package init(parsing document: [UInt8]) throws {
        guard document.count <= Self.longest else { throw Unusable("it is longer than \(Self.longest) bytes") }
        let json: JSON
        do {
            json = try JSON(parsing: document)
        } catch {
            throw Unusable("it is not JSON: \(error)")
        }
        guard let entries = json["keys"]?.array else { throw Unusable("it has no array of keys") }
        var keys: [String: RSAPublicKey] = [:]
        var ambiguous: Set<String> = []
        for entry in entries.prefix(Self.mostKeys) {
            guard let (id, key) = Self.key(entry) else { continue }
            if keys.updateValue(key, forKey: id) != nil { ambiguous.insert(id) }
        }
        for id in ambiguous { keys[id] = nil }
        guard !keys.isEmpty else { throw Unusable("none of its keys can verify RS256") }
        self.keys = keys
    }

    private static func key(_ entry: JSON) -> (id: String, key: RSAPublicKey)? {
        guard entry["kty"] == "RSA", [nil, "sig"].contains(entry["use"]), [nil, "RS256"].contains(entry["alg"]),
            entry["key_ops"].map({ $0.array?.contains("verify") == true }) ?? true,
            let id = entry["kid"]?.string, !id.isEmpty,
            let modulus = entry["n"]?.string.flatMap({ Base64URL.decode($0) }),
            let exponent = entry["e"]?.string.flatMap({ Base64URL.decode($0) }),
            let key = try? RSAPublicKey(modulus: modulus, exponent: exponent)
        else { return nil }
        return (id, key)
    }

    /// Why a document gives no keys.
    package struct Unusable: Error, Sendable, Hashable, CustomStringConvertible {
        private let problem: String

        init(_ problem: String) {
            self.problem = problem
        }

        package var description: String { "the key set cannot be used: \(problem)" }
    }
}
