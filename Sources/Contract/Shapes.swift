package import JSON
internal import Recovery

/// The shapes that parameters and bodies are made of.
///
/// A shape says what one field alone shows (type, missing, unknown, pattern, length, label), and breaking it is 400.
/// Relations between fields and with the stored world are rules of the domain, and breaking them is 422.
package enum Shapes {
    package static let identifier = Shape.uuid
    package static let accountId = Shape.label(AccountNumber.self)
    package static let region = Shape.label(Region.self)
    static let serverId = Shape.label(SourceServerID.self)
    static let snapshotId = Shape.label(RecoverySnapshotID.self)
    /// EC2's identifier of an instance.
    static let recoveryInstanceId = Shape.text(
        minimum: 1,
        maximum: Limits.labelLength,
        pattern: Shape.Pattern(name: "an instance's identifier such as i-0123456789abcdef0", regex: "^[A-Za-z0-9-]*$") {
            $0.utf8.allSatisfy {
                (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 45
            }
        }
    )
    static let name = Shape.line(Limits.nameLength)
    static let longText = Shape.text(maximum: Limits.textLength.upperBound, isMultiline: true)
    static let flag = Shape.boolean
    static let search = Shape.line(Limits.searchLength)
    static let time = Shape.timestamp
    static let pageSize = Shape.whole(Limits.pageSize)
    static let waveNumber = Shape.whole(0...Int(Int32.max))
    static let sequence = Shape.whole(0...Int.max)
    /// A body that says nothing.
    static let nothing = Shape.object([])

    /// A label of DRS's, whose enums grow.
    static let awsWord = Shape.text(
        minimum: 1,
        maximum: Limits.labelLength,
        pattern: Shape.Pattern(name: "a label of capital letters", regex: "^[A-Z_]*$") { text in
            text.utf8.allSatisfy { (65...90).contains($0) || $0 == UInt8(ascii: "_") }
        }
    )

    static let cursor = Shape.text(
        minimum: Limits.cursorLength.lowerBound,
        maximum: Limits.cursorLength.upperBound,
        pattern: Shape.Pattern(name: "the nextToken that a list ended with", regex: "^[A-Za-z0-9_-]*$") { text in
            text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
        }
    )

    /// Tags as AWS takes them.
    static let tags = Shape.map(
        key: .line(1...Limits.tagLength),
        value: .line(0...Limits.tagLength),
        count: 0...Limits.selectionTags
    )
}
