package import JSON
internal import Recovery

/// A parameter of a call's path or query.
package struct Parameter: Sendable {
    package enum Place: String, Sendable {
        case path, query
    }

    package let name: String
    package let place: Place
    package let shape: Shape
    /// How the text of the request becomes a JSON value, which the shape then looks at.
    package let kind: Kind
    package let summary: String
    package let isRequired: Bool

    package enum Kind: Sendable {
        case text, integer, flag
    }

    /// A part of the path.
    package static func path(_ name: String, _ shape: Shape, _ summary: String, as kind: Kind = .text) -> Parameter {
        Parameter(name: name, place: .path, shape: shape, kind: kind, summary: summary, isRequired: true)
    }

    /// A query parameter that may be left out.
    package static func query(_ name: String, _ shape: Shape, _ summary: String, as kind: Kind = .text) -> Parameter {
        Parameter(name: name, place: .query, shape: shape, kind: kind, summary: summary, isRequired: false)
    }

    /// The two parameters of every list.
    package static let paging: [Parameter] = [
        .query("limit", Shapes.pageSize, "Items on a page; \(Limits.defaultPageSize) unless said.", as: .integer),
        .query("nextToken", Shapes.cursor, "The cursor that the page before ended with."),
    ]

    /// The value that the text of a request stands for; nil when it cannot be of this kind.
    package func value(of text: String) -> JSON? {
        switch kind {
        case .text: .string(text)
        case .integer: Int64(text).map { .integer($0) }
        case .flag: Bool(text).map { .bool($0) }
        }
    }
}
