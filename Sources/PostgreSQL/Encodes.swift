package import Ambient
package import Foundation

/// A value that a statement can bind.
package protocol Encodes: Sendable {
    /// What the server is told the parameter is, so that a NULL too has a type.
    static var postgresType: PostgresType { get }

    /// The value as PostgreSQL reads it; nil for NULL.
    var postgresText: String? { get }

    /// What an array of these is. Only bytes, whose array is no array, answer it themselves.
    static var postgresArrayType: PostgresType { get }

    /// An array of these as PostgreSQL reads it.
    static func postgresText(of array: [Self]) -> String
}

extension Encodes {
    package static var postgresArrayType: PostgresType { postgresType.array }

    package static func postgresText(of array: [Self]) -> String {
        ArrayText.write(array.lazy.map { $0.postgresText })
    }
}

extension Bool: Encodes {
    package static var postgresType: PostgresType { .boolean }
    package var postgresText: String? { self ? "t" : "f" }
}

extension Int: Encodes {
    package static var postgresType: PostgresType { .bigint }
    package var postgresText: String? { String(self) }
}

extension Int64: Encodes {
    package static var postgresType: PostgresType { .bigint }
    package var postgresText: String? { String(self) }
}

extension Int32: Encodes {
    package static var postgresType: PostgresType { .integer }
    package var postgresText: String? { String(self) }
}

extension Double: Encodes {
    package static var postgresType: PostgresType { .double }

    package var postgresText: String? {
        guard isFinite else { return isNaN ? "NaN" : self < 0 ? "-Infinity" : "Infinity" }
        return description
    }
}

extension String: Encodes {
    package static var postgresType: PostgresType { .text }
    package var postgresText: String? { self }
}

/// A byte stands in no column by itself; an array of them is a `bytea`.
extension UInt8: Encodes {
    package static var postgresType: PostgresType { .smallint }
    package var postgresText: String? { String(self) }
    package static var postgresArrayType: PostgresType { .bytes }

    package static func postgresText(of array: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text = Array("\\x".utf8)
        text.reserveCapacity(2 + 2 * array.count)
        for byte in array {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 0xF)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension UUID: Encodes {
    package static var postgresType: PostgresType { .uuid }
    package var postgresText: String? { uuidString }
}

extension Identifier: Encodes {
    package static var postgresType: PostgresType { .uuid }
    package var postgresText: String? { uuid.uuidString }
}

extension Instant: Encodes {
    package static var postgresType: PostgresType { .timestamptz }
    package var postgresText: String? { description }
}

/// A duration is kept as whole milliseconds in a `bigint`.
extension Duration: Encodes {
    package static var postgresType: PostgresType { .bigint }
    package var postgresText: String? { String(milliseconds) }
}

extension Optional: Encodes where Wrapped: Encodes {
    package static var postgresType: PostgresType { Wrapped.postgresType }
    package var postgresText: String? { flatMap { $0.postgresText } }
}

extension Array: Encodes where Element: Encodes {
    package static var postgresType: PostgresType { Element.postgresArrayType }
    package var postgresText: String? { Element.postgresText(of: self) }
}

/// An enumeration with labels conforms with an empty extension.
extension Encodes where Self: RawRepresentable, RawValue: Encodes {
    package static var postgresType: PostgresType { RawValue.postgresType }
    package var postgresText: String? { rawValue.postgresText }
}
