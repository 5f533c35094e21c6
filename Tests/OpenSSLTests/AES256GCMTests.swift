import OpenSSL
import Testing

@Suite struct `A seal` {
    private static func key() -> SecretBytes { SecretBytes(taking: SecureRandom.bytes(32)) }

    /// Test case 16 of the GCM specification (McGrew and Viega, 2005).
    @Test func `is the one of the specification`() throws {
        let digits = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"
        let key = SecretBytes(taking: try #require(Hex.decode(digits)))
        let nonce = try #require(Hex.decode("cafebabefacedbaddecaf888"))
        let context = try #require(Hex.decode("feedfacedeadbeeffeedfacedeadbeefabaddad2"))
        let plaintext = try #require(
            Hex.decode(
                "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                    + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
            )
        )
        let sealed = try AES256GCM.seal(plaintext, key: key, nonce: nonce, authenticating: context)
        let expected =
            "cafebabefacedbaddecaf888522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
            + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"
        #expect(Hex.encode(sealed) == expected)
        #expect(AES256GCM.open(sealed, key: key, authenticating: context) == plaintext)
    }

    @Test func `opens with its key and context alone`() throws {
        let (key, other) = (Self.key(), Self.key())
        for length in [0, 1, 15, 16, 17, 1000] {
            let plaintext = SecureRandom.bytes(length)
            let sealed = try AES256GCM.seal(plaintext, key: key, authenticating: [1, 2])
            #expect(AES256GCM.open(sealed, key: key, authenticating: [1, 2]) == plaintext)
            #expect(AES256GCM.open(sealed, key: other, authenticating: [1, 2]) == nil)
            #expect(AES256GCM.open(sealed, key: key, authenticating: [1, 3]) == nil)
            #expect(AES256GCM.open(sealed, key: key) == nil)
            #expect(AES256GCM.open(Array(sealed.dropLast()), key: key, authenticating: [1, 2]) == nil)
        }
    }

    @Test func `with any bit changed stays closed`() throws {
        let key = Self.key()
        let sealed = try AES256GCM.seal(Array("a session".utf8), key: key)
        for bit in 0..<sealed.count * 8 {
            var changed = sealed
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(AES256GCM.open(changed, key: key) == nil)
        }
    }

    @Test func `is never the same twice`() throws {
        let key = Self.key()
        #expect(try AES256GCM.seal([1], key: key) != AES256GCM.seal([1], key: key))
    }

    @Test func `refuses keys and nonces of another length`() {
        #expect(throws: OpenSSLError.self) { try AES256GCM.seal([], key: SecretBytes(taking: [1])) }
        #expect(throws: OpenSSLError.self) {
            try AES256GCM.seal([], key: Self.key(), nonce: [1])
        }
        #expect(AES256GCM.open([], key: Self.key()) == nil)
        #expect(AES256GCM.open([UInt8](repeating: 1, count: 40), key: SecretBytes(taking: [1])) == nil)
    }
}
