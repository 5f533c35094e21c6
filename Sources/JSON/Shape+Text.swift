extension Shape {
    /// What is wrong with a text, as the rest of sentences; only shapes of text have anything to say.
    func messages(about text: String) -> [String] {
        switch self {
        case .text(let minimum, let maximum, let pattern, _, let isMultiline):
            return Self.messages(about: text, minimum, maximum, pattern, isMultiline)
        case .choice(let labels):
            return labels.contains(text) ? [] : ["must be one of \(labels.joined(separator: ", "))"]
        case .timestamp:
            return Self.isTimestamp(text) ? [] : ["must be a time such as 2026-11-26T18:54:40.125Z"]
        case .uuid:
            return Self.isUUID(text) ? [] : ["must be a UUID such as 0193f2c4-5d1a-7cc3-98c4-dc0c0c07398f"]
        case .nullable(let shape), .named(_, let shape):
            return shape.messages(about: text)
        case .integer, .number, .boolean, .array, .map, .object, .oneOf, .reference, .anything:
            return []
        }
    }

    private static func messages(
        about text: String,
        _ minimum: Int,
        _ maximum: Int,
        _ pattern: Pattern?,
        _ isMultiline: Bool
    ) -> [String] {
        var messages: [String] = []
        let length = text.unicodeScalars.count
        if length == 0, minimum > 0 {
            messages.append("must not be empty")
        } else if length < minimum {
            messages.append("is \(length) characters long; at least \(minimum) are required")
        }
        if length > maximum { messages.append("is \(length) characters long; at most \(maximum) are allowed") }
        if let control = text.unicodeScalars.first(where: { isForbidden($0, isMultiline) }) {
            let code = String(control.value, radix: 16, uppercase: true)
            let padded = String(repeating: "0", count: 4 - code.count) + code
            messages.append("has the control character U+\(padded)")
        }
        // A text of the wrong length is told once; its pattern would most often only say the same again.
        if messages.isEmpty, let pattern, !pattern.matches(text) { messages.append("must be \(pattern.name)") }
        return messages
    }

    /// Control characters (category Cc) hide what a person reads and break logs and terminals.
    private static func isForbidden(_ scalar: Unicode.Scalar, _ isMultiline: Bool) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: !isMultiline
        case 0x00..<0x20, 0x7F..<0xA0: true
        default: false
        }
    }

    /// Whether the text is `date-time` of RFC 3339 section 5.6, with a real date.
    private static func isTimestamp(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.count <= 64 else { return false }
        func number(_ start: Int, _ length: Int) -> Int? {
            var value = 0
            for byte in bytes[start..<start + length] {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                value = value * 10 + Int(byte - UInt8(ascii: "0"))
            }
            return value
        }
        func mark(_ index: Int, _ marks: String) -> Bool { marks.utf8.contains(bytes[index]) }
        guard let year = number(0, 4), mark(4, "-"), let month = number(5, 2), mark(7, "-"), let day = number(8, 2),
            mark(10, "Tt"), let hour = number(11, 2), mark(13, ":"), let minute = number(14, 2), mark(16, ":"),
            let second = number(17, 2), (1...12).contains(month), (1...days(in: month, of: year)).contains(day),
            hour < 24, minute < 60, second < 60
        else { return false }
        var rest = bytes[19...]
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard !digits.isEmpty else { return false }
            rest = rest.dropFirst(digits.count + 1)
        }
        if rest.count == 1, mark(rest.startIndex, "Zz") { return true }
        guard rest.count == 6, mark(rest.startIndex, "+-"), mark(rest.startIndex + 3, ":"),
            let hours = number(rest.startIndex + 1, 2), let minutes = number(rest.startIndex + 4, 2)
        else { return false }
        return hours < 24 && minutes < 60
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func isUUID(_ text: String) -> Bool {
        let groups = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return groups.map(\.count) == [8, 4, 4, 4, 12]
            && groups.joined().allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
                    UInt8(ascii: "A")...UInt8(ascii: "F"):
                    true
                default: false
                }
            }
    }
}
