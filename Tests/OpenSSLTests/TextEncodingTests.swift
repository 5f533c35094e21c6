import OpenSSL
import Testing

@Suite struct `Bytes as text` {
    /// RFC 4648 section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func `are base64 as RFC 4648 shows`(plain: String, encoded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(plain.utf8))
        let unpadded = encoded.filter { $0 != "=" }
        #expect(Base64URL.encode(Array(plain.utf8)) == unpadded)
        #expect(Base64URL.decode(unpadded) == Array(plain.utf8))
    }

    @Test func `come back from every encoding`() {
        for length in 0..<100 {
            let bytes = SecureRandom.bytes(length)
            #expect(Hex.decode(Hex.encode(bytes)) == bytes)
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        }
        #expect(Base64URL.encode([0xFB, 0xFF]) == "-_8")
        #expect(Base64.encode([0xFB, 0xFF]) == "+/8=")
        #expect(Hex.encode([0x00, 0xAB]) == "00ab")
        #expect(Hex.decode("00aB") == [0x00, 0xAB])
    }

    @Test(arguments: [
        "Zg", "Zg=", "Zg===", "Z===", "====", "=", "Zh==", "Zm9=", "Zg==Zg==", " Zg==", "Zg==\n", "Zm_v", "Zm9é",
    ])
    func `are not read from sloppy base64`(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test(arguments: ["Z", "Zg==", "Zh", "Zm9", "Zm9v=", " Zg", "Z g", "Zg\n", "Zm+v", "Zm/v", "Zm9é"])
    func `are not read from sloppy base64url`(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test(arguments: ["0", "0g", "0x", " 00", "00 ", "é"])
    func `are not read from sloppy digits`(text: String) {
        #expect(Hex.decode(text) == nil)
    }
}
