internal import JSON
internal import Recovery

/// The few ways in which the contract builds shapes.
extension Shape {
    /// A text of the domain with one valid form.
    static func label<Text: Label>(_ type: Text.Type) -> Shape {
        .text(
            maximum: Limits.labelLength,
            pattern: Pattern(name: type.rule, regex: type.pattern) { Text(rawValue: $0) != nil }
        )
    }

    /// One line of so many characters.
    static func line(_ length: ClosedRange<Int>) -> Shape {
        .text(minimum: length.lowerBound, maximum: length.upperBound)
    }

    /// One label of an enumeration.
    static func choice<Choice: CaseIterable & RawRepresentable<String>>(_ type: Choice.Type) -> Shape {
        .choice(type.allCases.map(\.rawValue))
    }

    static func whole(_ range: ClosedRange<Int>) -> Shape {
        .integer(Int64(range.lowerBound)...Int64(range.upperBound))
    }

    /// An array of any length.
    ///
    /// How many there may be, and that none is repeated, are rules of the domain (422), so that an answer tells of them
    /// together with the other rules; the size of the body is the only limit here.
    static func list(_ element: Shape) -> Shape {
        .array(of: element, count: 0...Int.max)
    }
}
