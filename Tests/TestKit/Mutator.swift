/// Spoils bytes at random as strangers, bad lines and clever people do: the same seed, the same spoils.
package struct Mutator {
    package var generator: SeededGenerator

    package init(_ seed: Seed) {
        generator = SeededGenerator(seed)
    }

    /// Bytes that mean something to some parser.
    private static let telling =
        Array("\"'\\{}[]()<>&;:,.=+-/%#*?!|~ \r\n\t\u{0}0123456789eEuUxTZ".utf8) + [
            0x7F, 0x80, 0xC3, 0xE2, 0xED, 0xF4, 0xFF,
        ]

    /// Texts that mean something to some parser.
    private static let words = [
        "null", "true", "-0", "1e308", "1e999", "9223372036854775807", "9223372036854775808", "-9223372036854775809",
        "99999999999999999999999999", "\\u0000", "\\ud800", "\u{feff}", "\u{202e}", "e\u{301}", "%00", "%2e%2e%2f",
        "%", "../", "${x}", "<!--", "-->", "<![CDATA[", "]]>", "<?x?>", "&#0;", "&lt;", "<!DOCTYPE x>", "*", "::", "//",
        "\r\n\r\n", "W/\"", "GMT", "0000", "2026-02-30", "24:60:60", "&a", "*a", "!!binary", "---", "...", "<<:",
    ]

    /// One of the samples, spoilt in one to four ways; sometimes nothing but noise.
    package mutating func spoilt(_ samples: [[UInt8]]) -> [UInt8] {
        guard generator.happens(0.95), let sample = samples.randomElement(using: &generator) else { return noise() }
        var bytes = sample
        for _ in 0..<generator.number(1...4) { spoil(&bytes, samples) }
        return bytes
    }

    private mutating func noise() -> [UInt8] {
        (0..<generator.number(0...200)).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    }

    private mutating func place(in bytes: [UInt8]) -> Int {
        generator.number(0...bytes.count)
    }

    /// A stretch of the bytes, mostly a short one.
    private mutating func stretch(of bytes: [UInt8]) -> Range<Int> {
        let start = place(in: bytes)
        let longest = generator.happens(0.8) ? 16 : bytes.count
        return start..<min(bytes.count, start + generator.number(0...longest))
    }

    private mutating func spoil(_ bytes: inout [UInt8], _ samples: [[UInt8]]) {
        switch generator.number(0...9) {
        case 0 where !bytes.isEmpty: bytes[generator.number(0...bytes.count - 1)] ^= 1 << UInt8(generator.number(0...7))
        case 1: bytes.removeSubrange(stretch(of: bytes))
        case 2: bytes.removeLast(bytes.count - place(in: bytes))
        case 3:
            let copied = Array(bytes[stretch(of: bytes)])
            bytes.insert(contentsOf: copied, at: place(in: bytes))
        case 4:
            bytes.replaceSubrange(
                stretch(of: bytes),
                with: Self.words.randomElement(using: &generator)?.utf8 ?? "".utf8
            )
        case 5: bytes.insert(Self.telling.randomElement(using: &generator) ?? 0, at: place(in: bytes))
        case 6: nest(&bytes)
        case 7:
            let other = samples.randomElement(using: &generator) ?? []
            bytes = bytes.prefix(place(in: bytes)) + other.suffix(place(in: other))
        case 8: replaceNumber(in: &bytes)
        default:
            let range = stretch(of: bytes)
            bytes.replaceSubrange(range, with: range.map { _ in UInt8(truncatingIfNeeded: generator.next()) })
        }
    }

    /// Puts a stretch into many brackets, elements, or nothing that ends them.
    private mutating func nest(_ bytes: inout [UInt8]) {
        let range = stretch(of: bytes)
        let (open, close) =
            [("[", "]"), ("{\"a\":", "}"), ("<a>", "</a>"), ("- ", ""), ("(", ")")]
            .randomElement(using: &generator) ?? ("[", "]")
        let depth = generator.number(0...3) == 0 ? 2000 : generator.number(1...70)
        let closes = generator.happens(0.7) ? depth : 0
        let inner = Array(bytes[range])
        let start = (0..<depth).flatMap { _ in Array(open.utf8) }
        let end = (0..<closes).flatMap { _ in Array(close.utf8) }
        bytes.replaceSubrange(range, with: start + inner + end)
    }

    /// Makes some number of the text another one, often one that does not fit where it goes.
    private mutating func replaceNumber(in bytes: inout [UInt8]) {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let starts = bytes.indices.filter { digits.contains(bytes[$0]) && ($0 == 0 || !digits.contains(bytes[$0 - 1])) }
        guard let start = starts.randomElement(using: &generator) else { return }
        let end = bytes[start...].firstIndex { !digits.contains($0) } ?? bytes.endIndex
        let numbers = [
            "0", "-1", "2147483648", "9223372036854775807", "-9223372036854775808", "1.5", "1e400", "00", "",
        ]
        bytes.replaceSubrange(start..<end, with: (numbers.randomElement(using: &generator) ?? "").utf8)
    }
}
