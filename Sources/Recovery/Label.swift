/// A text that names something of AWS or ours and has one valid form, checked where it enters.
///
/// A value of such a type is valid by construction; the rule is a sentence that a person who got it wrong can act on.
package protocol Label: RawRepresentable<String>, Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// What the text must look like, as a sentence fragment: "12 digits".
    static var rule: String { get }
    /// The same as a regular expression (ECMA-262), for the OpenAPI description.
    static var pattern: String { get }
    /// Answers nil when the text breaks the rule.
    init?(rawValue: String)
}

extension Label {
    package var description: String { rawValue }

    package static func < (left: Self, right: Self) -> Bool {
        left.rawValue < right.rawValue
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let label = Self(rawValue: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "must be \(Self.rule)")
        }
        self = label
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

extension StringProtocol {
    /// Whether every character is an ASCII letter of lower case or a digit.
    var isLowerAlphanumeric: Bool {
        utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }
    }

    var isDigits: Bool {
        utf8.allSatisfy { (48...57).contains($0) }
    }
}
