internal import COpenSSL

/// AES-256 in Galois/Counter Mode (NIST SP 800-38D): keeps secret and proves unchanged.
package enum AES256GCM {
    /// The length of a key in bytes.
    package static let keyLength = 32
    /// The length of a nonce in bytes.
    package static let nonceLength = 12
    /// The length of the tag in bytes.
    package static let tagLength = 16

    /// Seals bytes: the answer is nonce, ciphertext and tag in one.
    ///
    /// A nonce must never serve twice under one key, so leave it to chance; a random one is safe for 2³² seals a key.
    ///
    /// - Parameters:
    ///   - plaintext: What to keep secret.
    ///   - key: 32 bytes.
    ///   - nonce: 12 bytes.
    ///   - context: What is not secret but must be the same when the seal is opened.
    /// - Returns: Nonce, ciphertext and tag.
    /// - Throws: `OpenSSLError` for a key or nonce of another length.
    package static func seal(
        _ plaintext: [UInt8],
        key: SecretBytes,
        nonce: [UInt8] = SecureRandom.bytes(nonceLength),
        authenticating context: [UInt8] = []
    ) throws -> [UInt8] {
        guard key.count == keyLength, nonce.count == nonceLength else {
            throw OpenSSLError("seal", reason: "a key has \(keyLength) bytes and a nonce \(nonceLength)")
        }
        guard let cipher = unsafe EVP_CIPHER_CTX_new() else { throw OpenSSLError.last("seal") }
        defer { unsafe EVP_CIPHER_CTX_free(cipher) }
        var output = [UInt8](repeating: 0, count: plaintext.count + tagLength)
        var tag = [UInt8](repeating: 0, count: tagLength)
        var length: Int32 = 0
        guard unsafe EVP_EncryptInit_ex(cipher, EVP_aes_256_gcm(), nil, key.start, nonce) == 1,
            unsafe EVP_EncryptUpdate(cipher, nil, &length, context, Int32(context.count)) == 1,
            unsafe EVP_EncryptUpdate(cipher, &output, &length, plaintext, Int32(plaintext.count)) == 1,
            unsafe EVP_EncryptFinal_ex(cipher, &tag, &length) == 1,
            unsafe EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, Int32(tagLength), &tag) == 1
        else { throw OpenSSLError.last("seal") }
        return nonce + output.prefix(plaintext.count) + tag
    }

    /// Opens what `seal` made.
    ///
    /// - Parameters:
    ///   - sealed: Nonce, ciphertext and tag.
    ///   - key: The key of the seal.
    ///   - context: What was authenticated with it.
    /// - Returns: The plaintext; nil when key or context are others, or a bit of the seal was changed.
    package static func open(
        _ sealed: [UInt8],
        key: SecretBytes,
        authenticating context: [UInt8] = []
    ) -> [UInt8]? {
        guard key.count == keyLength, sealed.count >= nonceLength + tagLength,
            let cipher = unsafe EVP_CIPHER_CTX_new()
        else { return nil }
        defer { unsafe EVP_CIPHER_CTX_free(cipher) }
        let nonce = Array(sealed.prefix(nonceLength))
        let ciphertext = Array(sealed.dropFirst(nonceLength).dropLast(tagLength))
        var tag = Array(sealed.suffix(tagLength))
        var output = [UInt8](repeating: 0, count: ciphertext.count + tagLength)
        defer { SecretBytes.cleanse(&output) }
        var rest = [UInt8](repeating: 0, count: tagLength)
        var length: Int32 = 0
        guard unsafe EVP_DecryptInit_ex(cipher, EVP_aes_256_gcm(), nil, key.start, nonce) == 1,
            unsafe EVP_DecryptUpdate(cipher, nil, &length, context, Int32(context.count)) == 1,
            unsafe EVP_DecryptUpdate(cipher, &output, &length, ciphertext, Int32(ciphertext.count)) == 1,
            unsafe EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, Int32(tagLength), &tag) == 1,
            unsafe EVP_DecryptFinal_ex(cipher, &rest, &length) == 1
        else {
            ERR_clear_error()
            return nil
        }
        return Array(output.prefix(ciphertext.count))
    }
}
