import Forgeries
import Testing
import WebToken

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
