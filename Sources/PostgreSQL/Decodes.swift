package import Ambient
package import Foundation

/// A value that can be read from a column.
package protocol Decodes: SendableMetatype {
    /// Reads the text that PostgreSQL sends; nil when it is not such a value.
    init?(column: borrowing Column)

    /// What NULL reads as; nil where NULL is an error.
    static var null: Self? { get }

    /// Reads an array of these. Only bytes, whose array is no array, answer it themselves.
    static func array(from column: borrowing Column) -> [Self]?
}

extension Decodes {
    package static var null: Self? { nil }

    package static func array(from column: borrowing Column) -> [Self]? {
        guard let elements = ArrayText.read(column.bytes) else { return nil }
        var values: [Self] = []
        values.reserveCapacity(elements.count)
        for element in elements {
            let value = element.map { Column.lend($0) { column in Self(column: column) } } ?? Self.null
            guard let value else { return nil }
            values.append(value)
        }
        return values
    }
}

extension Bool: Decodes {
    package init?(column: borrowing Column) {
        guard column.count == 1, column[0] == UInt8(ascii: "t") || column[0] == UInt8(ascii: "f") else { return nil }
        self = column[0] == UInt8(ascii: "t")
    }
}

extension Int: Decodes {
    package init?(column: borrowing Column) {
        guard let integer = column.integer else { return nil }
        self.init(exactly: integer)
    }
}

extension Int64: Decodes {
    package init?(column: borrowing Column) {
        guard let integer = column.integer else { return nil }
        self = integer
    }
}

extension Int32: Decodes {
    package init?(column: borrowing Column) {
        guard let integer = column.integer else { return nil }
        self.init(exactly: integer)
    }
}

extension Double: Decodes {
    package init?(column: borrowing Column) {
        guard let text = column.text else { return nil }
        self.init(text)
    }
}

extension String: Decodes {
    package init?(column: borrowing Column) {
        guard let text = column.text else { return nil }
        self = text
    }
}

extension UInt8: Decodes {
    package init?(column: borrowing Column) {
        guard let integer = column.integer else { return nil }
        self.init(exactly: integer)
    }

    /// A `bytea` in the hex form, which the connection asks for (`bytea_output`).
    package static func array(from column: borrowing Column) -> [UInt8]? {
        guard column.count >= 2, column.count.isMultiple(of: 2), column[0] == UInt8(ascii: "\\"),
            column[1] == UInt8(ascii: "x")
        else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(column.count / 2 - 1)
        for index in stride(from: 2, to: column.count, by: 2) {
            guard let high = nibble(column[index]), let low = nibble(column[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension UUID: Decodes {
    package init?(column: borrowing Column) {
        guard let text = column.text else { return nil }
        self.init(uuidString: text)
    }
}

extension Identifier: Decodes {
    package init?(column: borrowing Column) {
        guard let uuid = UUID(column: column) else { return nil }
        self.init(uuid)
    }
}

/// Read to the millisecond; `infinity` and years beyond 9999 are no instants.
extension Instant: Decodes {
    package init?(column: borrowing Column) {
        guard let text = column.text else { return nil }
        self.init(text)
    }
}

extension Duration: Decodes {
    package init?(column: borrowing Column) {
        guard let integer = column.integer else { return nil }
        self = .milliseconds(integer)
    }
}

extension Optional: Decodes where Wrapped: Decodes {
    package init?(column: borrowing Column) {
        guard let value = Wrapped(column: column) else { return nil }
        self = .some(value)
    }

    package static var null: Wrapped?? { .some(.none) }
}

extension Array: Decodes where Element: Decodes {
    package init?(column: borrowing Column) {
        guard let elements = Element.array(from: column) else { return nil }
        self = elements
    }
}

/// An enumeration with labels conforms with an empty extension.
extension Decodes where Self: RawRepresentable, RawValue: Decodes {
    package init?(column: borrowing Column) {
        guard let raw = RawValue(column: column) else { return nil }
        self.init(rawValue: raw)
    }
}
