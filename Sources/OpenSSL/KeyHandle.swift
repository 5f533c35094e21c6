internal import COpenSSL

/// Owns one `EVP_PKEY`.
///
/// OpenSSL 3 lets any number of threads use one key at once as long as none changes it (openssl-threads(7)), and
/// nothing here does after `init`.
@safe
final class KeyHandle: Sendable {
    // Safe to share: the pointer never changes and the key behind it is only read.
    nonisolated(unsafe) let pointer: OpaquePointer

    /// Takes over the key; a null one means that the operation failed.
    init(_ pointer: OpaquePointer?, from operation: String) throws {
        guard let pointer = unsafe pointer else { throw OpenSSLError.last(operation) }
        unsafe self.pointer = unsafe pointer
    }

    deinit {
        unsafe EVP_PKEY_free(pointer)
    }

    /// Signs the message; `algorithm` is nil for keys that have their own (Ed25519).
    func sign(_ message: [UInt8], with algorithm: OpaquePointer?) throws -> [UInt8] {
        guard let context = unsafe EVP_MD_CTX_new() else { throw OpenSSLError.last("sign") }
        defer { unsafe EVP_MD_CTX_free(context) }
        var length = Int(unsafe EVP_PKEY_get_size(pointer))
        var signature = [UInt8](repeating: 0, count: length)
        guard unsafe EVP_DigestSignInit(context, nil, algorithm, nil, pointer) == 1,
            unsafe EVP_DigestSign(context, &signature, &length, message, message.count) == 1
        else { throw OpenSSLError.last("sign") }
        return Array(signature.prefix(length))
    }

    /// A number of the key, most significant byte first.
    func number(_ name: String) throws -> [UInt8] {
        var number: OpaquePointer?
        guard unsafe EVP_PKEY_get_bn_param(pointer, name, &number) == 1, let number = unsafe number else {
            throw OpenSSLError.last("read a number of a key")
        }
        defer { unsafe BN_clear_free(number) }
        var bytes = [UInt8](repeating: 0, count: Int(unsafe BN_num_bits(number) + 7) / 8)
        unsafe BN_bn2bin(number, &bytes)
        return bytes
    }
}
