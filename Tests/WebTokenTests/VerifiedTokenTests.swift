import Ambient
import Testing
import WebToken

@Suite struct `What was verified` {
    private static let now = Instant(milliseconds: 1_795_719_280_000)

    private static func digest(_ number: UInt8) -> VerifiedTokens.Digest {
        VerifiedTokens.Digest([UInt8](repeating: number, count: 32))
    }

    private static let token = AccessToken(
        issuer: "https://issuer.example.com",
        subject: "ada",
        username: "ada",
        groups: [],
        clientID: "muster",
        expires: now + .seconds(60)
    )

    @Test func `by keys that are gone meanwhile is not kept`() {
        var tokens = VerifiedTokens(limit: 4)
        let before = tokens.find(Self.digest(1), at: Self.now, generation: 2)
        // Its signature was being verified while the keys changed.
        tokens.keep(Self.token, as: Self.digest(1), generation: 1)
        let late = tokens.find(Self.digest(1), at: Self.now, generation: 2)
        tokens.keep(Self.token, as: Self.digest(1), generation: 2)
        let kept = tokens.find(Self.digest(1), at: Self.now, generation: 2)
        #expect(before == nil && late == nil && kept == Self.token)
    }

    @Test func `twice at once takes one place`() {
        var tokens = VerifiedTokens(limit: 2)
        for number in [1, 1, 1, 2] as [UInt8] { tokens.keep(Self.token, as: Self.digest(number), generation: 0) }
        let (first, second) = (
            tokens.find(Self.digest(1), at: Self.now, generation: 0),
            tokens.find(Self.digest(2), at: Self.now, generation: 0)
        )
        #expect(first == Self.token && second == Self.token)
        tokens.keep(Self.token, as: Self.digest(3), generation: 0)
        let (gone, there) = (
            tokens.find(Self.digest(1), at: Self.now, generation: 0),
            tokens.find(Self.digest(2), at: Self.now, generation: 0)
        )
        #expect(gone == nil && there == Self.token, "the first makes room")
    }
}
