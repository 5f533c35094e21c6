internal import COpenSSL

/// SHA-256 (FIPS 180-4).
package enum SHA256 {
    /// The length of a digest in bytes.
    package static let length = 32

    /// The algorithm, fetched once: OpenSSL 3 would search its providers for it at every use.
    // Safe to share: a fetched algorithm never changes, and this reference is never released.
    nonisolated(unsafe) static let algorithm: OpaquePointer = {
        guard let algorithm = unsafe EVP_MD_fetch(nil, "SHA256", nil) else {
            preconditionFailure("libcrypto has no SHA-256")
        }
        return unsafe algorithm
    }()

    /// The 32-byte digest of the bytes.
    package static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: length)
        guard unsafe EVP_Digest(bytes, bytes.count, &digest, nil, algorithm, nil) == 1 else {
            preconditionFailure("SHA-256 failed, which only a lack of memory can cause")
        }
        return digest
    }
}

extension SHA256 {
    /// A digest of what comes piece by piece, such as a file that memory does not hold.
    @safe
    package struct Running: ~Copyable {
        private let context: OpaquePointer

        package init() {
            guard let made = unsafe EVP_MD_CTX_new(),
                unsafe EVP_DigestInit_ex2(made, algorithm, nil) == 1
            else {
                preconditionFailure("SHA-256 failed, which only a lack of memory can cause")
            }
            unsafe context = unsafe made
        }

        deinit { unsafe EVP_MD_CTX_free(context) }

        /// Takes the next piece.
        package mutating func take(_ bytes: [UInt8]) {
            guard unsafe EVP_DigestUpdate(context, bytes, bytes.count) == 1 else {
                preconditionFailure("SHA-256 failed, which only a lack of memory can cause")
            }
        }

        /// The 32-byte digest of all pieces.
        package consuming func finish() -> [UInt8] {
            var digest = [UInt8](repeating: 0, count: length)
            guard unsafe EVP_DigestFinal_ex(context, &digest, nil) == 1 else {
                preconditionFailure("SHA-256 failed, which only a lack of memory can cause")
            }
            return digest
        }
    }
}

/// HMAC with SHA-256 (RFC 2104).
package enum HMACSHA256 {
    /// The 32-byte code of the message; a key of any length is taken.
    package static func authenticate(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        unsafe authenticate(message, key, length: key.count)
    }

    /// The same with a key that does not stay in memory.
    package static func authenticate(_ message: [UInt8], key: SecretBytes) -> [UInt8] {
        unsafe authenticate(message, key.start, length: key.count)
    }

    /// A key for another purpose, made of a key.
    package static func derive(_ purpose: [UInt8], from key: SecretBytes) -> SecretBytes {
        SecretBytes(taking: authenticate(purpose, key: key))
    }

    private static func authenticate(_ message: [UInt8], _ key: UnsafePointer<UInt8>, length: Int) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: SHA256.length)
        let result = unsafe HMAC(
            SHA256.algorithm,
            key,
            Int32(length),
            message,
            message.count,
            &code,
            nil
        )
        guard unsafe result != nil else {
            preconditionFailure("HMAC-SHA-256 failed, which only a lack of memory can cause")
        }
        return code
    }
}

/// Comparison that takes the same time wherever two secrets differ.
package enum ConstantTime {
    /// Whether both are the same; different lengths are told apart at once, a length is no secret.
    package static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return unsafe CRYPTO_memcmp(left, right, left.count) == 0
    }
}

/// OpenSSL's generator, fit for keys and nonces.
package enum SecureRandom {
    /// Random bytes, as many as asked for.
    package static func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        // Without random numbers nothing of ours is safe, so that the program must not go on.
        guard unsafe RAND_bytes(&bytes, Int32(count)) == 1 else {
            preconditionFailure("the operating system gives no random numbers")
        }
        return bytes
    }
}
