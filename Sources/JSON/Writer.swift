internal import OrderedCollections

extension JSON {
    /// The compact text as UTF-8, members in the order of the objects.
    package var bytes: [UInt8] {
        var writer = Writer()
        writer.write(self)
        return writer.bytes
    }

    /// The compact text, members in the order of the objects.
    package var text: String {
        String(decoding: bytes, as: UTF8.self)
    }

    /// The canonical bytes of RFC 8785: members sorted by UTF-16 code units, no white space, numbers as ECMAScript.
    ///
    /// Whole numbers from ±2⁵³ up to what 64 bits hold are written with all their digits (ECMAScript would round them),
    /// so that different values have different texts and equal ones the same.
    package var canonicalBytes: [UInt8] {
        var writer = Writer(isCanonical: true)
        writer.write(self)
        return writer.bytes
    }

    /// The canonical text of RFC 8785; see `canonicalBytes`.
    package var canonicalText: String {
        String(decoding: canonicalBytes, as: UTF8.self)
    }
}

extension JSON: CustomStringConvertible {
    package var description: String { text }
}

/// Writes values straight into bytes.
struct Writer {
    private(set) var bytes: [UInt8] = []
    private let isCanonical: Bool

    init(isCanonical: Bool = false) {
        self.isCanonical = isCanonical
    }

    mutating func write(_ value: JSON) {
        switch value {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let flag): bytes.append(contentsOf: flag ? "true".utf8 : "false".utf8)
        case .integer(let number): bytes.append(contentsOf: String(number).utf8)
        case .decimal(let number):
            // Equal numbers have one text, whichever case they are of.
            bytes.append(contentsOf: (Int64(exactly: number).map { String($0) } ?? number.ecmaScriptText).utf8)
        case .string(let text): write(text)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                write(element)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members): write(members)
        }
    }

    private mutating func write(_ members: OrderedDictionary<String, JSON>) {
        bytes.append(UInt8(ascii: "{"))
        var isFirst = true
        func member(_ name: String, _ value: JSON, _ writer: inout Writer) {
            if !isFirst { writer.bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            writer.write(name)
            writer.bytes.append(UInt8(ascii: ":"))
            writer.write(value)
        }
        if isCanonical {
            let sorted = members.elements.sorted { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }
            for (name, value) in sorted { member(name, value, &self) }
        } else {
            for (name, value) in members { member(name, value, &self) }
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func write(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        if text.utf8.contains(where: Self.needsEscape) {
            for byte in text.utf8 { writeEscaped(byte) }
        } else {
            bytes.append(contentsOf: text.utf8)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func writeEscaped(_ byte: UInt8) {
        guard Self.needsEscape(byte) else { return bytes.append(byte) }
        switch byte {
        case 0x08: bytes.append(contentsOf: "\\b".utf8)
        case 0x09: bytes.append(contentsOf: "\\t".utf8)
        case 0x0A: bytes.append(contentsOf: "\\n".utf8)
        case 0x0C: bytes.append(contentsOf: "\\f".utf8)
        case 0x0D: bytes.append(contentsOf: "\\r".utf8)
        case 0..<0x20:
            let digits = Array("0123456789abcdef".utf8)
            bytes.append(contentsOf: "\\u00".utf8)
            bytes.append(digits[Int(byte >> 4)])
            bytes.append(digits[Int(byte & 0x0F)])
        default: bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
        }
    }
}

extension Double {
    /// The number as ECMAScript writes it (ECMA-262 section 6.1.6.1.20, asked for by RFC 8785); not finite: `null`.
    var ecmaScriptText: String {
        guard isFinite else { return "null" }
        guard self != 0 else { return "0" }
        // Swift's own text has the shortest digits that read back, as ECMAScript asks; only their layout differs.
        let parts = magnitude.description.split(separator: "e")
        let mantissa = parts[0].split(separator: ".")
        let (whole, fraction) = (mantissa[0], mantissa.count > 1 ? mantissa[1] : "")
        let written = String(whole + fraction)
        let leading = written.prefix { $0 == "0" }.count
        var digits = String(written.dropFirst(leading))
        while digits.hasSuffix("0") { digits.removeLast() }
        let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        let text = Self.layOut(digits, point: whole.count - leading + exponent)
        return self < 0 ? "-" + text : text
    }

    /// Lays out digits (never more than 17) whose decimal point stands after the first `point` of them.
    private static func layOut(_ digits: String, point: Int) -> String {
        let count = digits.count
        switch point {
        case count...21: return digits + String(repeating: "0", count: point - count)
        case 1...21: return "\(digits.prefix(point)).\(digits.dropFirst(point))"
        case -5...0: return "0." + String(repeating: "0", count: -point) + digits
        default:
            let exponent = point > 0 ? "e+\(point - 1)" : "e-\(1 - point)"
            return count == 1 ? digits + exponent : "\(digits.prefix(1)).\(digits.dropFirst(1))\(exponent)"
        }
    }
}
