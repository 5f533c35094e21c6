extension Parser {
    /// Reads a string from its quotation mark on; most have no escapes and become text in one piece.
    mutating func string() throws(JSON.SyntaxError) -> String {
        index += 1
        let start = index
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                defer { index += 1 }
                return try text(bytes[start..<index])
            case UInt8(ascii: "\\"): return try escapedString(from: start)
            case 0..<0x20: throw failure("a control character in a string must be written as an escape")
            default: index += 1
            }
        }
        throw failure("the string that starts here has no end", at: start - 1)
    }

    private mutating func escapedString(from start: Int) throws(JSON.SyntaxError) -> String {
        var buffer = Array(bytes[start..<index])
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                // Escapes add only whole characters, so what is wrong in the buffer was wrong in the text.
                guard let text = String(validating: buffer, as: UTF8.self) else {
                    throw failure("the bytes are not UTF-8", at: start + Self.validPrefix(of: bytes[start..<index]))
                }
                index += 1
                return text
            case UInt8(ascii: "\\"): try escape(into: &buffer)
            case 0..<0x20: throw failure("a control character in a string must be written as an escape")
            case let byte:
                buffer.append(byte)
                index += 1
            }
        }
        throw failure("the string that starts here has no end", at: start - 1)
    }

    private func text(_ slice: ArraySlice<UInt8>) throws(JSON.SyntaxError) -> String {
        guard let text = String(validating: slice, as: UTF8.self) else {
            throw failure("the bytes are not UTF-8", at: slice.startIndex + Self.validPrefix(of: slice))
        }
        return text
    }

    /// How many bytes form whole characters before the first that do not.
    private static func validPrefix(of slice: ArraySlice<UInt8>) -> Int {
        var (decoder, iterator, length) = (UTF8(), slice.makeIterator(), 0)
        while case .scalarValue(let scalar) = decoder.decode(&iterator) { length += UTF8.width(scalar) }
        return length
    }

    private mutating func escape(into buffer: inout [UInt8]) throws(JSON.SyntaxError) {
        let start = index
        index += 1
        guard index < bytes.count else { throw failure("the escape has no end", at: start) }
        index += 1
        switch bytes[index - 1] {
        case UInt8(ascii: "\""): buffer.append(UInt8(ascii: "\""))
        case UInt8(ascii: "\\"): buffer.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "/"): buffer.append(UInt8(ascii: "/"))
        case UInt8(ascii: "b"): buffer.append(0x08)
        case UInt8(ascii: "f"): buffer.append(0x0C)
        case UInt8(ascii: "n"): buffer.append(0x0A)
        case UInt8(ascii: "r"): buffer.append(0x0D)
        case UInt8(ascii: "t"): buffer.append(0x09)
        case UInt8(ascii: "u"): buffer.append(contentsOf: String(try character(from: start)).utf8)
        default: throw failure("no such escape", at: start)
        }
    }

    /// Reads the digits after `\u`, and the second half of a pair of surrogates where there is one.
    private mutating func character(from start: Int) throws(JSON.SyntaxError) -> Unicode.Scalar {
        var code = try codeUnit(from: start)
        if UTF16.isLeadSurrogate(code.low) {
            guard bytes[index...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) else {
                throw failure("half of a pair of surrogates stands alone", at: start)
            }
            index += 2
            let trail = try codeUnit(from: start)
            guard UTF16.isTrailSurrogate(trail.low) else {
                throw failure("half of a pair of surrogates stands alone", at: start)
            }
            code = 0x10000 + ((code - 0xD800) << 10) + (trail - 0xDC00)
        }
        guard code != 0 else { throw failure("U+0000 is not allowed in text", at: start) }
        guard let scalar = Unicode.Scalar(code) else {
            throw failure("half of a pair of surrogates stands alone", at: start)
        }
        return scalar
    }

    private mutating func codeUnit(from start: Int) throws(JSON.SyntaxError) -> UInt32 {
        guard index + 4 <= bytes.count else { throw failure("\\u needs four hexadecimal digits", at: start) }
        var value: UInt32 = 0
        for byte in bytes[index..<index + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw failure("\\u needs four hexadecimal digits", at: start)
            }
            value = value << 4 | UInt32(digit)
        }
        index += 4
        return value
    }
}

extension UInt32 {
    /// The low 16 bits, as a UTF-16 code unit.
    fileprivate var low: UInt16 { UInt16(truncatingIfNeeded: self) }
}
