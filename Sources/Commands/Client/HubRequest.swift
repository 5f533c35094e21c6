package import Contract
internal import JSON

/// A call as HTTP: what the declaration says, walked once for all calls.
package struct HubRequest: Sendable, Hashable {
    package let method: Route.Method
    /// Path and query.
    package let target: String
    /// Nil where there is nothing to say.
    package let body: [UInt8]?
    /// Whether it may be sent again when it is not known whether it arrived.
    package let isRepeatable: Bool
    package let takesKey: Bool

    package init<Sent: Call>(_ call: Sent) throws {
        let members = try JSON(encoding: call)
        var path = Sent.route.path
        var query: [String] = []
        for parameter in Sent.parameters {
            guard let value = members[parameter.name], !value.isNull else { continue }
            let text = PercentText.encoded(Self.text(of: value))
            switch parameter.place {
            case .path: path = path.replacing("{\(parameter.name)}", with: text)
            case .query: query.append("\(parameter.name)=\(text)")
            }
        }
        method = Sent.route.method
        target = query.isEmpty ? path : "\(path)?\(query.joined(separator: "&"))"
        body = Sent.bodyShape == nil ? nil : members["body"]?.bytes
        takesKey = Sent.takesIdempotencyKey
        isRepeatable = method == .get || takesKey
    }

    private static func text(of value: JSON) -> String {
        value.string ?? value.text
    }
}

/// Percent-encoding as RFC 3986 has it: all but unreserved characters.
enum PercentText {
    static func encoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { encoded, byte in
            if isUnreserved(byte) {
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~".utf8.contains(byte)
        }
    }
}
