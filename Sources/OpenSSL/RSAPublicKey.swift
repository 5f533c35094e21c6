internal import COpenSSL
internal import Synchronization

/// An RSA public key that verifies PKCS #1 v1.5 signatures over SHA-256 (RS256); thread-safe.
package final class RSAPublicKey: Sendable {
    /// The smallest modulus taken (NIST SP 800-131A revision 2: less is disallowed).
    package static let minimumBits = 2048
    /// The largest modulus taken: the time of a verification grows with its square.
    package static let maximumBits = 8192
    /// The smallest exponent taken (FIPS 186-5 section 5.1: above 2¹⁶).
    package static let minimumExponent: UInt64 = 65537

    /// The bytes of the modulus, most significant first, without leading zeros.
    package let modulus: [UInt8]
    /// The bytes of the exponent, most significant first, without leading zeros.
    package let exponent: [UInt8]
    /// The length of the modulus in bits.
    package let bits: Int

    private let key: KeyHandle
    private let idle = Mutex<[VerifyContext]>([])

    /// Makes a key of its two numbers, most significant byte first; leading zeros are ignored.
    ///
    /// - Throws: `OpenSSLError` for a modulus outside of `minimumBits...maximumBits` or an even one, and for an
    ///   exponent that is even, below `minimumExponent`, or longer than 64 bits.
    package init(modulus: [UInt8], exponent: [UInt8]) throws {
        self.modulus = Array(modulus.drop { $0 == 0 })
        self.exponent = Array(exponent.drop { $0 == 0 })
        bits = self.modulus.count * 8 - (self.modulus.first?.leadingZeroBitCount ?? 0)
        guard (Self.minimumBits...Self.maximumBits).contains(bits) else {
            throw OpenSSLError("read an RSA key", reason: "its modulus has \(bits) bits")
        }
        guard let lowest = self.modulus.last, lowest & 1 == 1 else {
            throw OpenSSLError("read an RSA key", reason: "its modulus is even")
        }
        guard self.exponent.count <= 8 else {
            throw OpenSSLError("read an RSA key", reason: "its exponent is too large")
        }
        let number = self.exponent.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard number >= Self.minimumExponent, number & 1 == 1 else {
            throw OpenSSLError("read an RSA key", reason: "its exponent is too small or even")
        }
        key = try unsafe KeyHandle(
            muster_rsa_public_key(self.modulus, self.modulus.count, self.exponent, self.exponent.count),
            from: "read an RSA key"
        )
    }

    /// Whether the signature is one of the message by the owner of this key.
    package func verifies(signature: [UInt8], of message: [UInt8]) -> Bool {
        verifies(signature: signature, ofDigest: SHA256.digest(message))
    }

    private func verifies(signature: [UInt8], ofDigest digest: [UInt8]) -> Bool {
        // A context can be used again but by one caller at a time; making one costs a search through the providers.
        guard let context = idle.withLock({ $0.popLast() }) ?? VerifyContext(key) else { return false }
        defer { idle.withLock { $0.append(context) } }
        return context.verifies(signature, ofDigest: digest)
    }
}

/// A prepared verification.
@safe
private final class VerifyContext: Sendable {
    // Safe to pass on: a context is used only by the caller who took it from the list of idle ones.
    private nonisolated(unsafe) let pointer: OpaquePointer
    /// Keeps the key alive.
    private let key: KeyHandle

    init?(_ key: KeyHandle) {
        guard let pointer = unsafe EVP_PKEY_CTX_new_from_pkey(nil, key.pointer, nil) else { return nil }
        unsafe self.pointer = unsafe pointer
        self.key = key
        guard unsafe EVP_PKEY_verify_init(pointer) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_padding(pointer, RSA_PKCS1_PADDING) == 1,
            unsafe EVP_PKEY_CTX_set_signature_md(pointer, SHA256.algorithm) == 1
        else { return nil }
    }

    deinit {
        unsafe EVP_PKEY_CTX_free(pointer)
    }

    func verifies(_ signature: [UInt8], ofDigest digest: [UInt8]) -> Bool {
        let result = unsafe EVP_PKEY_verify(pointer, signature, signature.count, digest, digest.count)
        if result != 1 { ERR_clear_error() }
        return result == 1
    }
}
