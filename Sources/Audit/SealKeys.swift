internal import JSON
package import OpenSSL

/// The keys by which the hub signs the heads of its audit: the newest signs, all of them verify.
///
/// A key that is taken out takes its proof along: what it signed cannot be verified any more by what the hub serves.
package struct SealKeys: Sendable {
    /// The newest one.
    package let signing: Ed25519PrivateKey
    /// What of all of them may be known to everybody.
    package let publicKeys: AuditKeys

    /// For what the seeds are derived from the hub's secret keys.
    package static let purpose = "audit seal"

    /// - Parameter seeds: 32 secret bytes each, the newest first.
    /// - Throws: `OpenSSLError` where there is none, or one of another length.
    package init(seeds: [SecretBytes]) throws {
        let keys = try seeds.map { try Ed25519PrivateKey(seed: $0) }
        signing = try keys.first ?? Ed25519PrivateKey(seed: SecretBytes(taking: []))
        publicKeys = AuditKeys(
            Dictionary(keys.map { (Self.identifier(of: $0.publicKey), $0.publicKey) }) { first, _ in first }
        )
    }

    /// The identifier of the key that signs.
    package var signingId: String { Self.identifier(of: signing.publicKey) }

    /// Bytes of a key's digest that make its identifier: enough to tell a handful of keys apart.
    private static let identifierLength = 8

    /// A key is named by its own digest, so that no list of names is needed beside the keys.
    package static func identifier(of key: Ed25519PublicKey) -> String {
        Hex.encode(Array(SHA256.digest(key.rawBytes).prefix(identifierLength)))
    }
}
