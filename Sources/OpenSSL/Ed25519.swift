internal import COpenSSL

/// An Ed25519 key pair (RFC 8032); thread-safe.
package final class Ed25519PrivateKey: Sendable {
    /// The half that verifies.
    package let publicKey: Ed25519PublicKey

    private let key: KeyHandle

    /// Takes the 32 secret bytes that make the key; OpenSSL overwrites its copy when the key is given back.
    ///
    /// - Throws: `OpenSSLError` for any other length.
    package init(seed: SecretBytes) throws {
        key = try unsafe KeyHandle(
            EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed.start, seed.count),
            from: "read an Ed25519 key"
        )
        var (publicBytes, length) = ([UInt8](repeating: 0, count: Ed25519PublicKey.length), Ed25519PublicKey.length)
        guard unsafe EVP_PKEY_get_raw_public_key(key.pointer, &publicBytes, &length) == 1 else {
            throw OpenSSLError.last("read an Ed25519 key")
        }
        publicKey = try Ed25519PublicKey(rawBytes: publicBytes)
    }

    /// Makes a new key pair.
    package static func generate() throws -> Ed25519PrivateKey {
        try Ed25519PrivateKey(seed: SecretBytes(taking: SecureRandom.bytes(Ed25519PublicKey.length)))
    }

    /// The 64-byte signature of the message.
    package func sign(_ message: [UInt8]) throws -> [UInt8] {
        try unsafe key.sign(message, with: nil)
    }
}

/// An Ed25519 public key (RFC 8032); thread-safe.
package final class Ed25519PublicKey: Sendable {
    /// The length of a key, of either half, in bytes.
    package static let length = 32

    package let rawBytes: [UInt8]

    private let key: KeyHandle

    /// Takes a public key of 32 bytes.
    ///
    /// - Throws: `OpenSSLError` for any other length.
    package init(rawBytes: [UInt8]) throws {
        key = try unsafe KeyHandle(
            EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, rawBytes, rawBytes.count),
            from: "read an Ed25519 key"
        )
        self.rawBytes = rawBytes
    }

    /// Whether the signature is one of the message by the owner of this key.
    package func verifies(signature: [UInt8], of message: [UInt8]) -> Bool {
        guard let context = unsafe EVP_MD_CTX_new() else { return false }
        defer { unsafe EVP_MD_CTX_free(context) }
        guard unsafe EVP_DigestVerifyInit(context, nil, nil, nil, key.pointer) == 1,
            unsafe EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
        else {
            ERR_clear_error()
            return false
        }
        return true
    }
}
