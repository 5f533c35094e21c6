/// The text of a statement and the values it binds.
///
/// It is written as a string with interpolations, and an interpolation always binds (`$1`, `$2`, …): there is no way to
/// put a value into the text. Text comes from the source alone: from literals, from `\(identifier:)` over a static
/// string, and from another `SQL`, such as a list of columns that several statements share.
/// ```swift
/// let sql: SQL = "SELECT \(columns) FROM plan WHERE id = \(id) AND status = ANY(\(statuses))"
/// ```
package struct SQL: Sendable {
    /// The text with its placeholders: constant for a place in the source, so it names the prepared statement too.
    package let text: String
    let parameters: Parameters
    /// The declared types of the parameters, by `pg_type`'s numbers.
    package var parameterTypes: [UInt32] { parameters.types }
    fileprivate let pieces: [Piece]

    fileprivate enum Piece: Sendable {
        case text(String)
        case parameter(type: UInt32, value: String?)
    }

    fileprivate init(_ pieces: [Piece]) {
        self.pieces = pieces
        var text = ""
        var parameters = Parameters()
        for piece in pieces {
            switch piece {
            case .text(let literal): text += literal
            case .parameter(let type, let value):
                parameters.append(value, type: type)
                text += "$\(parameters.count)"
            }
        }
        self.text = text
        self.parameters = parameters
    }
}

extension SQL: ExpressibleByStringInterpolation {
    package init(stringLiteral text: String) {
        self.init([.text(text)])
    }

    package init(stringInterpolation interpolation: StringInterpolation) {
        self.init(interpolation.pieces)
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var pieces: [Piece] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            pieces.reserveCapacity(2 * interpolationCount + 1)
        }

        package mutating func appendLiteral(_ literal: String) {
            if !literal.isEmpty { pieces.append(.text(literal)) }
        }

        /// Binds a value.
        package mutating func appendInterpolation<Value: Encodes>(_ value: Value) {
            pieces.append(.parameter(type: Value.postgresType.oid, value: value.postgresText))
        }

        /// Binds a value, or NULL of its type.
        package mutating func appendInterpolation<Value: Encodes>(_ value: Value?) {
            pieces.append(.parameter(type: Value.postgresType.oid, value: value?.postgresText))
        }

        /// Binds an enumeration's label or the like.
        @_disfavoredOverload
        package mutating func appendInterpolation<Value: RawRepresentable>(_ value: Value)
        where Value.RawValue: Encodes {
            appendInterpolation(value.rawValue)
        }

        /// Binds an enumeration's label or the like, or NULL.
        @_disfavoredOverload
        package mutating func appendInterpolation<Value: RawRepresentable>(_ value: Value?)
        where Value.RawValue: Encodes {
            appendInterpolation(value?.rawValue)
        }

        /// Binds an array of labels.
        @_disfavoredOverload
        package mutating func appendInterpolation<Value: RawRepresentable>(_ values: [Value])
        where Value.RawValue: Encodes {
            appendInterpolation(values.map(\.rawValue))
        }

        /// Puts in another text, with the values it binds.
        package mutating func appendInterpolation(_ fragment: SQL) {
            pieces.append(contentsOf: fragment.pieces)
        }

        /// Puts in the name of a table, a column, a channel: in quotes, so it is taken as it is written.
        package mutating func appendInterpolation(identifier: StaticString) {
            pieces.append(.text(SQL.quoted("\(identifier)")))
        }
    }

    /// An identifier in quotes.
    static func quoted(_ identifier: String) -> String {
        "\"\(identifier.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
    }
}

/// The values of a statement, laid out as libpq wants them.
struct Parameters: Sendable {
    private var texts = CStrings()
    /// The declared types, by `pg_type`'s numbers.
    private(set) var types: [UInt32] = []
    /// A text holds a zero byte, which PostgreSQL cannot keep and C would take for the end.
    private(set) var holdsNUL = false

    var count: Int { types.count }

    mutating func append(_ text: String?, type: UInt32) {
        types.append(type)
        guard let text else { return texts.appendNull() }
        holdsNUL = holdsNUL || text.utf8.contains(0)
        texts.append(text)
    }

    func withPointers<Result>(_ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result) -> Result {
        unsafe texts.withPointers(body)
    }
}
