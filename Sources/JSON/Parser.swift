internal import OrderedCollections

extension JSON {
    /// How deep arrays and objects may lie in each other; deeper text is refused, so that no input ends the stack.
    package static let depthLimit = 64

    /// Reads one JSON text, strictly.
    ///
    /// Refused beyond RFC 8259's own grammar: repeated members of an object (also those that differ only in the
    /// composition of a character), bytes that are not UTF-8, U+0000, lone surrogates, numbers too large for a
    /// double, more than `depthLimit` levels, a byte order mark, and anything but white space after the value.
    package init(parsing text: some Sequence<UInt8>, depthLimit: Int = JSON.depthLimit) throws(SyntaxError) {
        var parser = Parser(bytes: (text as? [UInt8]) ?? Array(text), depthLimit: depthLimit)
        self = try parser.document()
    }

    /// Reads one JSON text, as strictly as from bytes.
    package init(parsing text: String, depthLimit: Int = JSON.depthLimit) throws(SyntaxError) {
        try self.init(parsing: Array(text.utf8), depthLimit: depthLimit)
    }
}

/// Reads a value by recursive descent over bytes.
struct Parser {
    let bytes: [UInt8]
    let depthLimit: Int
    var index = 0
    private var depth = 0

    init(bytes: [UInt8], depthLimit: Int) {
        self.bytes = bytes
        self.depthLimit = depthLimit
    }

    func failure(_ message: String, at offset: Int? = nil) -> JSON.SyntaxError {
        JSON.SyntaxError(message, at: offset ?? index, in: bytes)
    }

    mutating func document() throws(JSON.SyntaxError) -> JSON {
        skipSpace()
        let value = try value()
        skipSpace()
        guard index == bytes.count else { throw failure("text after the end of the value") }
        return value
    }

    private mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return
            }
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    private mutating func value() throws(JSON.SyntaxError) -> JSON {
        guard index < bytes.count else { throw failure("the text ends where a value is expected") }
        switch bytes[index] {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "t"): return try word(Self.trueLetters, .bool(true))
        case UInt8(ascii: "f"): return try word(Self.falseLetters, .bool(false))
        case UInt8(ascii: "n"): return try word(Self.nullLetters, .null)
        default: throw failure("a value is expected here")
        }
    }

    private static let trueLetters = Array("true".utf8)
    private static let falseLetters = Array("false".utf8)
    private static let nullLetters = Array("null".utf8)

    private mutating func word(_ letters: [UInt8], _ value: JSON) throws(JSON.SyntaxError) -> JSON {
        guard bytes[index...].starts(with: letters) else { throw failure("a value is expected here") }
        index += letters.count
        return value
    }

    private mutating func enter() throws(JSON.SyntaxError) {
        depth += 1
        guard depth <= depthLimit else { throw failure("arrays and objects lie more than \(depthLimit) deep") }
        index += 1
        skipSpace()
    }

    private mutating func array() throws(JSON.SyntaxError) -> JSON {
        try enter()
        defer { depth -= 1 }
        var elements: [JSON] = []
        if take(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            elements.append(try value())
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(elements) }
            guard take(UInt8(ascii: ",")) else { throw failure("a comma or ] is expected here") }
            skipSpace()
        }
    }

    private mutating func object() throws(JSON.SyntaxError) -> JSON {
        try enter()
        defer { depth -= 1 }
        var members: OrderedDictionary<String, JSON> = [:]
        if take(UInt8(ascii: "}")) { return .object(members) }
        while true {
            let start = index
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
                throw failure("the name of a member is expected here")
            }
            let name = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw failure("a colon is expected here") }
            skipSpace()
            guard members.updateValue(try value(), forKey: name) == nil else {
                throw failure("the member \(JSON.string(name).text) is repeated", at: start)
            }
            skipSpace()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw failure("a comma or } is expected here") }
            skipSpace()
        }
    }
}
