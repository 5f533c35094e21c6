/// Bytes as hexadecimal digits.
package enum Hex {
    private static let digits = Array("0123456789abcdef".utf8)

    /// Two lower-case digits a byte.
    package static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 0x0F)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of digits of either case; nil for an odd count and for anything that is no digit.
    package static func decode(_ text: String) -> [UInt8]? {
        var (bytes, high): ([UInt8], UInt8?) = ([], nil)
        bytes.reserveCapacity(text.utf8.count / 2)
        for character in text.utf8 {
            guard let digit = value(of: character) else { return nil }
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return high == nil ? bytes : nil
    }

    private static func value(of character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

/// Base64 with padding (RFC 4648 section 4).
package enum Base64 {
    static let alphabet = Alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")

    package static func encode(_ bytes: [UInt8]) -> String {
        let text = alphabet.encode(bytes)
        let padding = [UInt8](repeating: UInt8(ascii: "="), count: (4 - text.count % 4) % 4)
        return String(decoding: text + padding, as: UTF8.self)
    }

    /// Strict: exactly the text that `encode` gives; nil for white space, missing padding and stray bits.
    package static func decode(_ text: String) -> [UInt8]? {
        let characters = Array(text.utf8)
        guard characters.count % 4 == 0 else { return nil }
        let padding = characters.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        guard padding <= 2 else { return nil }
        return alphabet.decode(characters.dropLast(padding))
    }
}

/// Base64 for URLs, without padding (RFC 4648 section 5, RFC 7515 section 2).
package enum Base64URL {
    static let alphabet = Alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")

    package static func encode(_ bytes: [UInt8]) -> String {
        String(decoding: alphabet.encode(bytes), as: UTF8.self)
    }

    /// Strict: exactly the text that `encode` gives; nil for padding, white space and stray bits, so that one value
    /// has one text.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        alphabet.decode(Array(text.utf8)[...])
    }
}

/// The 64 characters of an encoding and the way back.
struct Alphabet: Sendable {
    private let characters: [UInt8]
    private let values: [UInt8]
    private static let none: UInt8 = 0xFF

    init(_ text: String) {
        characters = Array(text.utf8)
        var values = [UInt8](repeating: Self.none, count: 256)
        for (value, character) in characters.enumerated() { values[Int(character)] = UInt8(value) }
        self.values = values
    }

    func encode(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var (bits, count): (UInt32, Int) = (0, 0)
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 6 {
                count -= 6
                text.append(characters[Int(bits >> UInt32(count) & 0x3F)])
            }
        }
        if count > 0 { text.append(characters[Int(bits << UInt32(6 - count) & 0x3F)]) }
        return text
    }

    func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        let rest = text.count % 4
        guard rest != 1 else { return nil }
        var bytes = [UInt8](repeating: 0, count: text.count / 4 * 3 + max(rest - 1, 0))
        var (index, target) = (text.startIndex, 0)
        // A character outside of the alphabet sets bits above the six of a value; one look at the end finds it.
        var seen: UInt8 = 0
        func next() -> UInt32 {
            let value = values[Int(text[index])]
            index += 1
            seen |= value
            return UInt32(value & 0x3F)
        }
        while target + 3 <= bytes.count {
            let bits = next() << 18 | next() << 12 | next() << 6 | next()
            bytes[target] = UInt8(truncatingIfNeeded: bits >> 16)
            bytes[target + 1] = UInt8(truncatingIfNeeded: bits >> 8)
            bytes[target + 2] = UInt8(truncatingIfNeeded: bits)
            target += 3
        }
        // The bits left over carry nothing; were they not zero, several texts would mean the same bytes.
        var stray: UInt32 = 0
        if rest == 2 {
            let bits = next() << 6 | next()
            bytes[target] = UInt8(truncatingIfNeeded: bits >> 4)
            stray = bits & 0x0F
        } else if rest == 3 {
            let bits = next() << 12 | next() << 6 | next()
            bytes[target] = UInt8(truncatingIfNeeded: bits >> 10)
            bytes[target + 1] = UInt8(truncatingIfNeeded: bits >> 2)
            stray = bits & 0x03
        }
        return seen < 0x40 && stray == 0 ? bytes : nil
    }
}
