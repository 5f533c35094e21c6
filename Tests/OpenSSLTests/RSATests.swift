import OpenSSL
import Testing

/// One key pair for all tests of this file: making one takes long.
private let shared = Result { try RSAPrivateKey.generate() }

@Suite struct `An RSA key` {
    private let key: RSAPrivateKey
    private let message = Array("muster at your stations".utf8)

    init() throws {
        key = try shared.get()
    }

    @Test func `verifies what its other half has signed`() throws {
        let signature = try key.sign(message)
        #expect(signature.count == 256)
        #expect(key.publicKey.bits == 2048)
        #expect(key.publicKey.exponent == [1, 0, 1])
        #expect(key.publicKey.verifies(signature: signature, of: message))
        let copy = try RSAPublicKey(modulus: [0, 0] + key.publicKey.modulus, exponent: [0, 1, 0, 1])
        #expect(copy.verifies(signature: signature, of: message))
        #expect(copy.modulus == key.publicKey.modulus)
    }

    @Test func `refuses any changed bit of message and signature`() throws {
        let signature = try key.sign(message)
        for bit in stride(from: 0, to: signature.count * 8, by: 37) {
            var changed = signature
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!key.publicKey.verifies(signature: changed, of: message))
        }
        for bit in 0..<message.count * 8 {
            var changed = message
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!key.publicKey.verifies(signature: signature, of: changed))
        }
        #expect(key.publicKey.verifies(signature: signature, of: message))
    }

    @Test func `refuses signatures of another length`() throws {
        let signature = try key.sign(message)
        for wrong in [[], Array(signature.dropLast()), [0] + signature, signature + [0], signature + signature] {
            #expect(!key.publicKey.verifies(signature: wrong, of: message))
        }
    }

    @Test func `refuses what another key has signed`() throws {
        let signature = try RSAPrivateKey.generate().sign(message)
        #expect(!key.publicKey.verifies(signature: signature, of: message))
    }

    @Test func `verifies for many at once`() async throws {
        let (key, message) = (key, message)
        let (good, bad) = (try key.sign(message), try key.sign(message + [0]))
        await withTaskGroup(of: Bool.self) { group in
            for index in 0..<200 {
                group.addTask {
                    let signature = index.isMultiple(of: 2) ? good : bad
                    return key.publicKey.verifies(signature: signature, of: message) == index.isMultiple(of: 2)
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }

    @Test func `comes back from PEM`() throws {
        let pem = try key.pem
        #expect(pem.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        let copy = try RSAPrivateKey(pem: pem)
        #expect(copy.publicKey.modulus == key.publicKey.modulus)
        #expect(key.publicKey.verifies(signature: try copy.sign(message), of: message))
    }

    @Test func `is not read from PEM that is broken, encrypted or of another kind`() {
        for pem in ["", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", Self.encrypted, Self.ed25519]
        {
            #expect(throws: OpenSSLError.self) { try RSAPrivateKey(pem: pem) }
        }
    }

    @Test(arguments: [1024, 2047, 8193])
    func `of too few or too many bits is refused`(bits: Int) {
        var modulus = [UInt8](repeating: 0xFF, count: (bits + 7) / 8)
        modulus[0] >>= UInt8(modulus.count * 8 - bits)
        #expect(throws: OpenSSLError.self) { try RSAPublicKey(modulus: modulus, exponent: [1, 0, 1]) }
        #expect(throws: OpenSSLError.self) { try RSAPrivateKey.generate(bits: bits) }
    }

    @Test func `with an even modulus is refused`() {
        var modulus = key.publicKey.modulus
        modulus[255] &= 0xFE
        #expect(throws: OpenSSLError.self) { try RSAPublicKey(modulus: modulus, exponent: [1, 0, 1]) }
        #expect(throws: OpenSSLError.self) { try RSAPublicKey(modulus: [], exponent: [1, 0, 1]) }
    }

    @Test(arguments: [[], [0], [1], [3], [0xFF, 0xFF], [1, 0, 0], [1, 0, 2], [1, 0, 0, 0, 0, 0, 1, 0, 1]])
    func `with a small, even or huge exponent is refused`(exponent: [UInt8]) {
        #expect(throws: OpenSSLError.self) {
            try RSAPublicKey(modulus: key.publicKey.modulus, exponent: exponent)
        }
    }

    /// Made by `openssl genpkey -algorithm ed25519`: a key of another kind.
    private static let ed25519 = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEIOqbTeNbjgt/GKknU0U0JXTnHhUgwYOD0WKFnKMMDFSR
        -----END PRIVATE KEY-----

        """

    /// The same with `-aes256`: a key that needs a passphrase.
    private static let encrypted = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAilFOKCWy+A3gICCAAw
        DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEECRU49f5SstTh8VpOBlia6UEQHp8
        L63YBOTpbl6QgaPHmB9otApMeUbbDO6XOF9kBC1nz7VTjIejxVyg88iuCh6zLzIR
        48w6DtazT92xmcyQZ/w=
        -----END ENCRYPTED PRIVATE KEY-----

        """
}
