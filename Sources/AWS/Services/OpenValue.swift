/// A word of AWS's that may be one nobody has seen yet: known ones have names here, others are kept as they came.
///
/// DRS's documentation and its model disagree, and real answers have words that neither has, so that no enum of it is closed.
package protocol OpenValue: RawRepresentable, Codable, Sendable, Hashable, CustomStringConvertible,
    ExpressibleByStringLiteral
where RawValue == String {
    init(rawValue: String)
}

extension OpenValue {
    package init(stringLiteral value: String) {
        self.init(rawValue: value)
    }

    package var description: String {
        rawValue
    }
}
