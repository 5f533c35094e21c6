/// What a JSON value must look like: a part of JSON Schema as a value of Swift.
///
/// One declaration serves twice: `problems(in:)` finds everything that is wrong with a value, and `schema` is the
/// schema of the same rules for OpenAPI 3.1 (JSON Schema 2020-12).
package indirect enum Shape: Sendable {
    /// Text of so many characters (Unicode scalars).
    ///
    /// Control characters are refused, but for line feed and tab in text of many lines. `format` only goes into the
    /// schema.
    case text(
        minimum: Int = 0,
        maximum: Int,
        pattern: Pattern? = nil,
        format: String? = nil,
        isMultiline: Bool = false
    )
    /// A whole number; `3.0` is one too.
    case integer(ClosedRange<Int64>)
    case number
    case boolean
    /// One of these labels.
    case choice([String])
    /// A moment as RFC 3339 writes it (`2026-11-26T18:54:40.125Z`).
    case timestamp
    /// A UUID in the text of RFC 9562, of either case.
    case uuid
    /// An array; where it is `unique`, no two elements are equal.
    case array(of: Shape, count: ClosedRange<Int>, unique: Bool = false)
    /// An object whose names are free, such as tags; `key` is the shape of each name.
    case map(key: Shape, value: Shape, count: ClosedRange<Int>)
    /// An object of known fields.
    ///
    /// With a name it becomes a component of the OpenAPI document. One that is open may have further fields, which is
    /// how clients must read answers.
    case object(name: String?, [Field], isOpen: Bool = false)
    /// The shape, or null.
    case nullable(Shape)
    /// The shape under a name of its own among the components of the OpenAPI document.
    case named(String, Shape)
    /// At least one of the shapes.
    case oneOf([Shape])
    /// A component that is declared elsewhere; any value passes here.
    case reference(String)
    /// Any value.
    case anything
}

extension Shape {
    /// A rule for text that is not about its length.
    package struct Pattern: Sendable {
        /// What text that matches is, so that "must be …" is a sentence: "an account number of 12 digits".
        package let name: String
        /// The same rule as a regular expression of ECMA-262, anchored, for the schema.
        package let regex: String
        /// The rule itself.
        package let matches: @Sendable (String) -> Bool

        package init(name: String, regex: String, matches: @escaping @Sendable (String) -> Bool) {
            self.name = name
            self.regex = regex
            self.matches = matches
        }
    }

    /// A member of an object.
    package struct Field: Sendable {
        package let name: String
        package let shape: Shape
        package let isRequired: Bool
        package let description: String?
        /// What a missing member means; only the schema shows it.
        package let defaultValue: JSON?

        /// A member that must be there.
        package static func required(_ name: String, _ shape: Shape, _ description: String? = nil) -> Field {
            Field(name: name, shape: shape, isRequired: true, description: description, defaultValue: nil)
        }

        /// A member that may be missing, and where it is `nullable` may be null as well.
        package static func optional(
            _ name: String,
            _ shape: Shape,
            _ description: String? = nil,
            default defaultValue: JSON? = nil,
            nullable: Bool = false
        ) -> Field {
            Field(
                name: name,
                shape: nullable ? .nullable(shape) : shape,
                isRequired: false,
                description: description,
                defaultValue: defaultValue
            )
        }
    }

    /// An object of known fields without a name of its own.
    package static func object(_ fields: [Field], isOpen: Bool = false) -> Shape {
        .object(name: nil, fields, isOpen: isOpen)
    }
}

extension JSON {
    /// One thing that is wrong with a value.
    package struct Problem: Sendable, Hashable, Codable, CustomStringConvertible {
        /// Where it is (RFC 6901); of a missing member, where it should be; empty for the whole value.
        package let pointer: String
        /// What is wrong, as the rest of a sentence that begins with the place: "is required".
        package let message: String

        package init(pointer: String, message: String) {
            self.pointer = pointer
            self.message = message
        }

        package var description: String {
            "\(pointer.isEmpty ? "the value" : pointer) \(message)"
        }

        /// A name as one step of a pointer.
        package static func escaped(_ name: String) -> String {
            guard name.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return name }
            return name.reduce(into: "") { text, character in
                switch character {
                case "~": text += "~0"
                case "/": text += "~1"
                default: text.append(character)
                }
            }
        }
    }
}
