/// Whether an answer is XML as AWS writes it: a declaration at most, then elements, attributes and text in UTF-8.
///
/// Foundation's reader ends the program at some of what else XML has, such as an instruction without words or an
/// attribute that is no UTF-8, which spoilt answers showed. Nothing else of XML is given to it: no document type, entities
/// of one's own, comments, CDATA, instructions or prefixes.
struct PlainXML {
    /// Elements within each other at most; AWS's have less than ten.
    private static let deepest = 64
    private static let declaration = Array("<?xml ".utf8)
    private static let encoding = "encoding="
    private static let entities: Set<String> = ["lt", "gt", "amp", "quot", "apos"]
    /// Letters of the longest reference: `#x10FFFF`.
    private static let longestReference = 8

    private let bytes: [UInt8]
    private var index = 0
    private var depth = 0

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    static func isPlain(_ bytes: [UInt8]) -> Bool {
        guard String(validating: bytes, as: UTF8.self) != nil else { return false }
        var reader = PlainXML(bytes)
        return reader.readDeclaration() && reader.readContent()
    }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func take(_ byte: Character) -> Bool {
        guard next == byte.asciiValue, next != nil else { return false }
        index += 1
        return true
    }

    private mutating func skipBlanks() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { index += 1 }
    }

    /// The declaration, if there is one; its encoding must be what the bytes are.
    private mutating func readDeclaration() -> Bool {
        skipBlanks()
        guard bytes[index...].starts(with: Self.declaration) else { return true }
        let end = bytes[index...].firstIndex(of: UInt8(ascii: ">"))
        guard let end, bytes[end - 1] == UInt8(ascii: "?") else { return false }
        let text = String(decoding: bytes[index..<end], as: UTF8.self).lowercased()
        index = end + 1
        return !text.contains(Self.encoding) || text.contains(Self.encoding + "\"utf-8\"")
            || text.contains(Self.encoding + "'utf-8'")
    }

    private mutating func readContent() -> Bool {
        while let byte = next {
            let isRead: Bool
            switch byte {
            case UInt8(ascii: "<"): isRead = readTag()
            case UInt8(ascii: "&"): isRead = readReference()
            default: isRead = readLetter()
            }
            guard isRead else { return false }
        }
        return depth == 0
    }

    private mutating func readTag() -> Bool {
        index += 1
        if take("/") {
            guard readName() else { return false }
            skipBlanks()
            depth -= 1
            return depth >= 0 && take(">")
        }
        guard readName() else { return false }
        while true {
            skipBlanks()
            if take(">") {
                depth += 1
                return depth <= Self.deepest
            }
            if take("/") { return take(">") }
            guard readAttribute() else { return false }
        }
    }

    private mutating func readName() -> Bool {
        let start = index
        while let byte = next, Self.isOfName(byte) { index += 1 }
        return index > start && !(0x2D...0x39).contains(bytes[start])
    }

    /// Letters, digits, `_`, `-` and `.`.
    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x41...0x5A, 0x61...0x7A, 0x30...0x39, 0x5F, 0x2D, 0x2E: true
        default: false
        }
    }

    private mutating func readAttribute() -> Bool {
        guard readName(), take("="), take("\"") else { return false }
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte != UInt8(ascii: "<"), byte == UInt8(ascii: "&") ? readReference() : readLetter() else {
                return false
            }
        }
        return take("\"")
    }

    /// `&lt;`, `&#65;` and the like.
    private mutating func readReference() -> Bool {
        let rest = bytes[(index + 1)...].prefix(Self.longestReference + 1)
        guard let end = rest.firstIndex(of: UInt8(ascii: ";")) else { return false }
        let name = String(decoding: rest[..<end], as: UTF8.self)
        index = end + 1
        guard name.hasPrefix("#") else { return Self.entities.contains(name) }
        let digits = name.dropFirst()
        let number = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        guard let value = number.flatMap({ Unicode.Scalar($0) })?.value else { return false }
        return value >= 0x20 || [0x09, 0x0A, 0x0D].contains(value)
    }

    /// A letter of a text: no control character.
    private mutating func readLetter() -> Bool {
        guard let byte = next, byte >= 0x20 || [0x09, 0x0A, 0x0D].contains(byte) else { return false }
        index += 1
        return true
    }
}
