/// An address within the console, or a checked one outside: literals as they are, values percent-encoded.
///
/// ```swift
/// let link: Link = "/executions?planId=\(plan.id)"
/// ```
package struct Link: Sendable, Hashable {
    package let address: String

    private init(address: String) {
        self.address = address
    }

    /// Another site's address, if it is an `https` one: a link must never run a script (`javascript:`) or be a document
    /// of its own (`data:`).
    package init?(external address: String) {
        guard address.hasPrefix("https://"), address.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { return nil }
        self.address = address
    }

    /// A path of this site with a query as it was asked: what leads back to where somebody came from.
    ///
    /// Nil for what a browser would take for another site (`//host`, `/\host`) or for no path.
    package init?(local address: String) {
        guard address.hasPrefix("/"), !address.hasPrefix("//"), !address.contains("\\"),
            address.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
        self.address = address
    }

    /// The address of what lies below this one: one more part of the path.
    package func appending(_ part: String) -> Link {
        var bytes = Array(address.utf8) + [UInt8(ascii: "/")]
        Escaping.addressPart.write(part, to: &bytes)
        return Link(address: String(decoding: bytes, as: UTF8.self))
    }

    /// The same address, scrolled to an element.
    package func at(_ id: String) -> Link {
        var bytes = Array(address.utf8) + [UInt8(ascii: "#")]
        Escaping.addressPart.write(id, to: &bytes)
        return Link(address: String(decoding: bytes, as: UTF8.self))
    }

    /// The same address with a query of these names and values, those without a value left out.
    package func with(_ query: [(name: String, value: String?)]) -> Link {
        var bytes = Array(address.utf8)
        var separator = address.contains("?") ? UInt8(ascii: "&") : UInt8(ascii: "?")
        for (name, value) in query {
            guard let value, !value.isEmpty else { continue }
            bytes.append(separator)
            Escaping.addressPart.write(name, to: &bytes)
            bytes.append(UInt8(ascii: "="))
            Escaping.addressPart.write(value, to: &bytes)
            separator = UInt8(ascii: "&")
        }
        return Link(address: String(decoding: bytes, as: UTF8.self))
    }
}

extension Link: ExpressibleByStringInterpolation {
    package init(stringLiteral value: StaticString) {
        address = value.description
    }

    package init(stringInterpolation: Interpolation) {
        address = String(decoding: stringInterpolation.bytes, as: UTF8.self)
    }

    package typealias StringInterpolation = Interpolation

    /// Encodes what is interpolated as one part of a path or one value of a query.
    package struct Interpolation: StringInterpolationProtocol, Sendable {
        private(set) var bytes: [UInt8] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            bytes.reserveCapacity(literalCapacity)
        }

        package mutating func appendLiteral(_ literal: StaticString) {
            bytes += literal.description.utf8
        }

        package mutating func appendInterpolation(_ part: String) {
            Escaping.addressPart.write(part, to: &bytes)
        }

        package mutating func appendInterpolation(_ number: Int) {
            appendInterpolation(String(number))
        }
    }
}
