import JSON
import Testing
package import WebToken

/// A token that must not be taken, and the rule that it breaks.
package struct Forgery: Sendable, CustomTestStringConvertible {
    package let name: String
    package let reason: InvalidToken.Reason
    package let make: @Sendable (Forge) throws -> String

    package var testDescription: String { name }

    package init(_ name: String, _ reason: InvalidToken.Reason, _ make: @escaping @Sendable (Forge) throws -> String) {
        self.name = name
        self.reason = reason
        self.make = make
    }

    /// A good signature over a header with members changed.
    static func header(_ name: String, _ reason: InvalidToken.Reason, _ changes: [String: JSON?]) -> Forgery {
        Forgery("header: " + name, reason) { try $0.token(header: $0.header(changes)) }
    }

    /// A good signature over claims with members changed.
    static func claims(_ name: String, _ reason: InvalidToken.Reason, _ changes: [String: JSON?]) -> Forgery {
        .claims(name, reason) { _ in changes }
    }

    static func claims(
        _ name: String,
        _ reason: InvalidToken.Reason,
        _ changes: @escaping @Sendable (Forge) -> [String: JSON?]
    ) -> Forgery {
        Forgery("claims: " + name, reason) { try $0.token(claims: $0.claims(changes($0))) }
    }

    /// A good signature over claims changed relative to the time.
    static func times(
        _ name: String,
        _ reason: InvalidToken.Reason,
        _ changes: @escaping @Sendable (Int64) -> [String: JSON?]
    ) -> Forgery {
        Forgery("times: " + name, reason) { try $0.token(claims: $0.claims(changes($0.seconds))) }
    }

    /// A good token, then spoilt as text.
    static func text(
        _ name: String,
        _ reason: InvalidToken.Reason,
        _ spoil: @escaping @Sendable ([String]) -> String
    ) -> Forgery {
        Forgery("text: " + name, reason) { spoil(try $0.token().split(separator: ".").map(String.init)) }
    }
}
