package import JSON
internal import OrderedCollections
package import PostgreSQL
package import Recovery

/// Whole documents are kept as `jsonb`; what must keep its bytes is `text`.
extension JSON: Encodes, Decodes {
    package static var postgresType: PostgresType { .jsonb }
    package var postgresText: String? { text }

    package init?(column: borrowing Column) {
        // What the database sends is valid JSON; a failure here is reported with statement and column.
        guard let value = try? JSON(parsing: column.bytes) else { return nil }
        self = value
    }
}

extension JSON {
    /// A map of texts, such as tags.
    package init(_ texts: [String: String]) {
        self = .object(.init(uniqueKeysWithValues: texts.sorted { $0.key < $1.key }.map { ($0, .string($1)) }))
    }

    /// The members that are texts.
    package var texts: [String: String] {
        (object ?? [:]).reduce(into: [:]) { texts, member in texts[member.key] = member.value.string }
    }
}

extension RowReader {
    /// The next column, an array of labels.
    package mutating func readLabels<Value: Label>(_ type: Value.Type = Value.self) throws -> [Value] {
        try read([String].self).map { text in
            guard let label = Value(rawValue: text) else { throw MisreadLabel(text: text, rule: Value.rule) }
            return label
        }
    }

    /// The next column, a document that a value was written as.
    package mutating func readDocument<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try read(JSON.self).decoded(as: type)
    }

    /// The next column, a document or NULL.
    package mutating func readDocument<Value: Decodable>(_ type: Value?.Type = Value?.self) throws -> Value? {
        try read(JSON?.self)?.decoded(as: Value.self)
    }
}

/// A text in the database that breaks the rule of its label: somebody wrote it by hand.
struct MisreadLabel: Error, CustomStringConvertible {
    let text: String
    let rule: String

    var description: String { "a stored label is not \(rule)" }
}
