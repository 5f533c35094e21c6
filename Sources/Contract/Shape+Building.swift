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

    /// An array without repetitions; without a count the body's size is the only limit of this field alone.
    static func list(_ element: Shape, _ count: ClosedRange<Int> = 0...Int.max) -> Shape {
        .array(of: element, count: count, unique: true)
    }
}
