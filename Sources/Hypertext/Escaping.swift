/// How a value is made harmless.
enum Escaping: Sendable {
    /// For text and for attributes in either kind of quotes.
    case text
    /// For a part of an address that has begun: everything but RFC 3986's unreserved characters is percent-encoded.
    case addressPart

    func write(_ text: String, to bytes: inout [UInt8]) {
        switch self {
        case .text: for byte in text.utf8 { Self.write(byte, to: &bytes) }
        case .addressPart: for byte in text.utf8 { Self.encode(byte, to: &bytes) }
        }
    }

    private static func write(_ byte: UInt8, to bytes: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "&"): bytes += "&amp;".utf8
        case UInt8(ascii: "<"): bytes += "&lt;".utf8
        case UInt8(ascii: ">"): bytes += "&gt;".utf8
        case UInt8(ascii: "\""): bytes += "&quot;".utf8
        case UInt8(ascii: "'"): bytes += "&#39;".utf8
        // HTML knows no NUL and no other control characters; browsers replace them, each in its own way.
        case 0..<0x09, 0x0B, 0x0C, 0x0E..<0x20, 0x7F: bytes += "\u{FFFD}".utf8
        default: bytes.append(byte)
        }
    }

    static func encode(_ byte: UInt8, to bytes: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: "~"):
            bytes.append(byte)
        default:
            bytes.append(UInt8(ascii: "%"))
            bytes.append(digits[Int(byte >> 4)])
            bytes.append(digits[Int(byte & 15)])
        }
    }

    private static let digits = Array("0123456789ABCDEF".utf8)
}
