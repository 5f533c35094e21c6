/// PostgreSQL's text of an array of one dimension (its documentation, section 8.15.6).
enum ArrayText {
    /// Every element in quotes, so that none is mistaken for NULL or for syntax.
    static func write(_ elements: some Sequence<String?>) -> String {
        var text = Array("{".utf8)
        for (index, element) in elements.enumerated() {
            if index > 0 { text.append(comma) }
            guard let element else {
                text.append(contentsOf: "NULL".utf8)
                continue
            }
            text.append(quote)
            for byte in element.utf8 {
                if byte == quote || byte == backslash { text.append(backslash) }
                text.append(byte)
            }
            text.append(quote)
        }
        text.append(close)
        return String(decoding: text, as: UTF8.self)
    }

    /// The elements, nil for NULL; nil for what is no such array (several dimensions, other lower bounds).
    static func read(_ text: [UInt8]) -> [[UInt8]?]? {
        guard text.first == open, text.last == close, text.count >= 2 else { return nil }
        var reader = Reader(text: text[1..<(text.count - 1)])
        guard !reader.text.isEmpty else { return [] }
        var elements: [[UInt8]?] = []
        while true {
            guard let element = reader.element() else { return nil }
            elements.append(element.isNull ? nil : element.bytes)
            guard let separator = reader.text.popFirst() else { return elements }
            guard separator == comma else { return nil }
        }
    }

    private struct Reader {
        var text: ArraySlice<UInt8>

        mutating func element() -> (bytes: [UInt8], isNull: Bool)? {
            text.first == quote ? quoted() : bare()
        }

        private mutating func quoted() -> (bytes: [UInt8], isNull: Bool)? {
            text.removeFirst()
            var bytes: [UInt8] = []
            while let byte = text.popFirst() {
                switch byte {
                case quote: return (bytes, false)
                case backslash:
                    guard let escaped = text.popFirst() else { return nil }
                    bytes.append(escaped)
                default: bytes.append(byte)
                }
            }
            return nil
        }

        private mutating func bare() -> (bytes: [UInt8], isNull: Bool)? {
            let bytes = text.prefix { $0 != comma }
            guard !bytes.isEmpty, !bytes.contains(where: { $0 == open || $0 == close || $0 == quote }) else {
                return nil
            }
            text = text[bytes.endIndex...]
            return (Array(bytes), bytes.elementsEqual("NULL".utf8))
        }
    }

    private static let open = UInt8(ascii: "{")
    private static let close = UInt8(ascii: "}")
    private static let comma = UInt8(ascii: ",")
    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")
}
