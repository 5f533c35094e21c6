internal import JSON
package import OpenSSL

/// The public keys by which heads are verified, by their identifiers.
package struct AuditKeys: Sendable {
    package let keys: [String: Ed25519PublicKey]

    package init(_ keys: [String: Ed25519PublicKey]) {
        self.keys = keys
    }

    package subscript(id: String) -> Ed25519PublicKey? { keys[id] }

    /// Reads the document that the hub serves: `{"items": [{"keyId", "algorithm", "publicKey"}]}`, keys in base64url.
    ///
    /// - Throws: `SyntaxError` or `OpenSSLError` for what is none.
    package init(document: [UInt8]) throws {
        let json = try JSON(parsing: document)
        var keys: [String: Ed25519PublicKey] = [:]
        for item in json["items"]?.array ?? [] where item["algorithm"]?.string == Self.algorithm {
            guard let id = item["keyId"]?.string, let bytes = item["publicKey"]?.string.flatMap(Base64URL.decode)
            else { continue }
            keys[id] = try Ed25519PublicKey(rawBytes: bytes)
        }
        self.init(keys)
    }

    package static let algorithm = "Ed25519"
}
