import Ambient
import JSON
import OpenSSL
import Testing
import WebToken

/// A token that must not be taken, and the rule that it breaks.
struct Forgery: Sendable, CustomTestStringConvertible {
    let name: String
    let reason: InvalidToken.Reason
    let make: @Sendable (Forge) throws -> String

    var testDescription: String { name }

    init(_ name: String, _ reason: InvalidToken.Reason, _ make: @escaping @Sendable (Forge) throws -> String) {
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
        Forgery("claims: " + name, reason) { try $0.token(claims: $0.claims(changes)) }
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

@Suite struct `A forged, stale or misused token` {
    @Test(arguments: Forgery.all)
    func `is refused for its flaw alone`(forgery: Forgery) async throws {
        let stand = try Stand()
        let (good, token) = (try stand.forge.token(), try forgery.make(stand.forge))
        try await stand.run {
            #expect(await stand.reason(good) == nil, "the token without a flaw must be taken")
            #expect(await stand.reason(token) == forgery.reason)
            #expect(await stand.reason(token) == forgery.reason, "also the second time")
        }
    }

    @Test func `comes in many kinds, and every rule has one`() {
        #expect(Forgery.all.count >= 60)
        #expect(Set(Forgery.all.map(\.name)).count == Forgery.all.count)
        // An access token has no nonce.
        #expect(Set(Forgery.all.map(\.reason)) == Set(InvalidToken.Reason.allCases).subtracting([.nonce]))
    }

    @Test func `is answered with one sentence`() {
        let sentences = InvalidToken.Reason.allCases.map { InvalidToken($0).description }
        #expect(Set(sentences).count == 1)
    }

    @Test func `with any character of it changed is refused`() async throws {
        let stand = try Stand()
        let token = Array(try stand.forge.token().utf8)
        try await stand.run {
            for index in token.indices {
                var changed = token
                changed[index] = token[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
                #expect(await stand.reason(String(decoding: changed, as: UTF8.self)) != nil)
            }
        }
    }

    @Test func `cut off anywhere is refused`() async throws {
        let stand = try Stand()
        let token = try stand.forge.token()
        try await stand.run {
            for length in 0..<token.count { #expect(await stand.reason(String(token.prefix(length))) != nil) }
        }
    }
}
