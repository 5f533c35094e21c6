/// A piece of HTML as a value: what is written in the source goes in as it is, what is interpolated is escaped.
///
/// ```swift
/// let row: HTML = "<td class=\"name\"><a href=\"/servers/\(server.id)\">\(server.hostname)</a></td>"
/// ```
/// The literal parts are read as a browser would read them, so that each value is escaped for the place where it stands:
/// text, a quoted attribute, an address. Where no escaping could be right (a script, a style, an unquoted attribute, an
/// event handler, the name of a tag) the value is left out and the place is listed in `misplacements`, which every
/// page's test asks to be empty. A value can therefore never become markup, whatever it contains and wherever it stands.
///
/// Text that is to be markup is an `HTML`; there is no way to make one from a `String` that was computed.
package struct HTML: Sendable, Equatable {
    /// UTF-8, ready for a socket.
    package private(set) var bytes: [UInt8]
    /// The values that were left out because nothing could make them harmless where they stood.
    package private(set) var misplacements: [String]

    init(bytes: [UInt8], misplacements: [String]) {
        self.bytes = bytes
        self.misplacements = misplacements
    }

    /// Nothing at all.
    package static let empty = HTML(bytes: [], misplacements: [])

    package var isEmpty: Bool { bytes.isEmpty }

    /// Text for people and tests.
    package var description: String { String(decoding: bytes, as: UTF8.self) }

    /// Text, escaped.
    package init(text: String) {
        bytes = []
        misplacements = []
        Escaping.text.write(text, to: &bytes)
    }

    package mutating func append(_ other: HTML) {
        bytes += other.bytes
        misplacements += other.misplacements
    }

    package static func + (left: HTML, right: HTML) -> HTML {
        var sum = left
        sum.append(right)
        return sum
    }

    package static func += (left: inout HTML, right: HTML) {
        left.append(right)
    }
}

extension HTML: ExpressibleByStringInterpolation {
    package init(stringLiteral value: StaticString) {
        self.init(stringInterpolation: Interpolation(literal: value))
    }

    package init(stringInterpolation: Interpolation) {
        bytes = stringInterpolation.bytes
        misplacements = stringInterpolation.finalMisplacements
    }

    package typealias StringInterpolation = Interpolation
}

extension Sequence<HTML> {
    /// All of them, one after the other.
    package func joined() -> HTML {
        reduce(into: .empty) { $0.append($1) }
    }

    /// All of them, with something between.
    package func joined(by separator: HTML) -> HTML {
        var result = HTML.empty
        for (index, piece) in enumerated() {
            if index > 0 { result.append(separator) }
            result.append(piece)
        }
        return result
    }
}

extension Sequence {
    /// One piece an element, one after the other.
    package func html(_ piece: (Element) throws -> HTML) rethrows -> HTML {
        try reduce(into: HTML.empty) { $0.append(try piece($1)) }
    }
}
