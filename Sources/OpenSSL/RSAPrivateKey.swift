internal import COpenSSL

/// An RSA key pair that signs with PKCS #1 v1.5 over SHA-256 (RS256); thread-safe.
package final class RSAPrivateKey: Sendable {
    /// The half that verifies.
    package let publicKey: RSAPublicKey

    private let key: KeyHandle

    private init(_ key: KeyHandle) throws {
        self.key = key
        guard unsafe EVP_PKEY_is_a(key.pointer, "RSA") == 1 else {
            throw OpenSSLError("read a private key", reason: "it is not an RSA key")
        }
        publicKey = try RSAPublicKey(modulus: try key.number("n"), exponent: try key.number("e"))
    }

    /// Makes a new key pair, which takes tenths of a second.
    ///
    /// - Throws: `OpenSSLError` for a size that `RSAPublicKey` would refuse.
    package static func generate(bits: Int = RSAPublicKey.minimumBits) throws -> RSAPrivateKey {
        guard (RSAPublicKey.minimumBits...RSAPublicKey.maximumBits).contains(bits) else {
            throw OpenSSLError("make an RSA key", reason: "a modulus of \(bits) bits")
        }
        return try RSAPrivateKey(unsafe KeyHandle(muster_generate_rsa(bits), from: "make an RSA key"))
    }

    /// Reads a key from PEM (PKCS #8 or PKCS #1); one that is encrypted is refused.
    package convenience init(pem: String) throws {
        let bytes = Array(pem.utf8)
        let pointer = unsafe muster_read_private_key(bytes, Int32(bytes.count))
        try self.init(unsafe KeyHandle(pointer, from: "read a private key"))
    }

    /// The key pair as unencrypted PEM (PKCS #8): a secret.
    package var pem: String {
        get throws {
            guard let memory = unsafe BIO_new(BIO_s_mem()) else { throw OpenSSLError.last("write a private key") }
            defer { unsafe BIO_free(memory) }
            guard unsafe PEM_write_bio_PrivateKey(memory, key.pointer, nil, nil, 0, nil, nil) == 1 else {
                throw OpenSSLError.last("write a private key")
            }
            var start: UnsafeMutablePointer<CChar>?
            let length = unsafe muster_bio_memory(memory, &start)
            let bytes = unsafe UnsafeRawBufferPointer(start: start, count: length)
            return unsafe String(decoding: bytes, as: UTF8.self)
        }
    }

    /// The signature of the message, as long as the modulus.
    package func sign(_ message: [UInt8]) throws -> [UInt8] {
        try unsafe key.sign(message, with: SHA256.algorithm)
    }
}
