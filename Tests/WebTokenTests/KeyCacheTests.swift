import Ambient
import Forgeries
import JSON
import OpenSSL
import OrderedCollections
import Testing
import WebToken

@Suite struct `The keys of issuers` {
    private func unknown(_ forge: Forge, _ id: String = "key-9") throws -> String {
        try forge.token(header: forge.header(["kid": .string(id)]))
    }

    @Test func `are fetched at start, once each`() async throws {
        let stand = try Stand()
        try await stand.run {
            try await eventually { stand.shelf.documents.count == 2 }
            #expect(try await stand.reason(stand.forge.token()) == nil)
            #expect(stand.net.fetches == 2)
        }
    }

    @Test func `are waited for while they are fetched`() async throws {
        let stand = try Stand()
        stand.net.hold()
        try await stand.run {
            async let reason = stand.reason(try stand.forge.token())
            try await eventually { stand.net.fetches == 2 }
            stand.net.release()
            #expect(try await reason == nil)
        }
    }

    @Test func `are fetched again for an unknown one, once in 5 minutes however many ask`() async throws {
        let stand = try Stand()
        let (forge, net) = (stand.forge, stand.net)
        try await stand.run {
            #expect(try await stand.reason(forge.token()) == nil)
            try await eventually { stand.shelf.documents.count == 2 }
            await withTaskGroup(of: Bool.self) { group in
                for index in 0..<100 {
                    group.addTask {
                        guard let token = try? unknown(forge, "key-\(index + 10)") else { return false }
                        return await stand.reason(token) == .unknownKey
                    }
                }
                for await isRight in group { #expect(isRight) }
            }
            #expect(net.fetches(of: Forge.issuer) == 2)
            stand.clock.advance(by: .milliseconds(299_999))
            #expect(try await stand.reason(unknown(forge)) == .unknownKey)
            #expect(net.fetches(of: Forge.issuer) == 2)
            stand.clock.advance(by: .milliseconds(1))
            #expect(try await stand.reason(unknown(forge)) == .unknownKey)
            #expect(try await stand.reason(unknown(forge)) == .unknownKey)
            #expect(net.fetches(of: Forge.issuer) == 3)
            #expect(net.fetches(of: Forge.otherIssuer) == 1, "the other issuer has its own count")
        }
    }

    @Test func `are one fetch for all who ask meanwhile`() async throws {
        let stand = try Stand()
        let forge = stand.forge
        try await stand.run {
            #expect(try await stand.reason(forge.token()) == nil)
            try await eventually { stand.shelf.documents.count == 2 }
            stand.net.hold()
            try await withThrowingTaskGroup(of: InvalidToken.Reason?.self) { group in
                for _ in 0..<50 { group.addTask { await stand.reason(try unknown(forge)) } }
                try await eventually { stand.net.fetches(of: Forge.issuer) == 2 }
                stand.net.publish(Forge.keySet(["key-9": forge.key]), at: Forge.issuer)
                stand.net.release()
                for try await reason in group { #expect(reason == nil, "the new key is there") }
            }
            #expect(stand.net.fetches(of: Forge.issuer) == 2)
        }
    }

    @Test func `follow the issuer: a new one is found, a withdrawn one is gone, with what it had verified`()
        async throws
    {
        let stand = try Stand()
        let forge = stand.forge
        let old = try forge.token()
        let new = try forge.token(header: forge.header(["kid": "key-3"]), by: forge.stranger)
        try await stand.run {
            #expect(await stand.reason(old) == nil)
            stand.net.publish(Forge.keySet(["key-3": forge.stranger]), at: Forge.issuer)
            #expect(await stand.reason(old) == nil)
            #expect(await stand.reason(new) == nil)
            #expect(await stand.reason(old) == .unknownKey)
        }
    }

    @Test func `are asked for again after 1 to 60 seconds when a fetch fails, which does not count`() async throws {
        let stand = try Stand()
        let (forge, net, clock) = (stand.forge, stand.net, stand.clock)
        let late = try forge.token()
        net.setDown(true)
        try await stand.run {
            for failures in 1...12 {
                try await eventually { net.fetches == failures * 2 && stand.waitsToRetry }
                #expect(try await stand.reason(forge.token()) == .unknownKey, "nobody waits for a fetch that fails")
                #expect(clock.waits.allSatisfy { $0 >= .seconds(1) && $0 <= .seconds(60) })
                if failures == 12 { net.setDown(false) }
                clock.advance(by: .seconds(60))
            }
            // The keys of the two issuers come at their own time.
            try await eventually { net.fetches == 26 }
            try await eventually { await stand.reason(late) == nil }
            #expect(net.fetches == 26)
            #expect(try await stand.reason(unknown(forge)) == .unknownKey)
            #expect(net.fetches(of: Forge.issuer) == 14, "the failures have not used up the fetch for an unknown key")
        }
    }

    @Test func `are never asked for sooner than a second after a failure`() async throws {
        let stand = try Stand(chance: LowChance())
        stand.net.setDown(true)
        try await stand.run {
            for failures in 1...3 {
                try await eventually { stand.net.fetches == failures * 2 && stand.waitsToRetry }
                #expect(stand.clock.waits == [.seconds(1), .seconds(1)])
                stand.clock.advance(by: .seconds(1))
            }
        }
    }

    @Test func `come from the store before the issuer has answered`() async throws {
        let stand = try Stand()
        try stand.shelf.store(Forge.issuer, Forge.keySet(["key-1": stand.forge.key]))
        stand.net.hold()
        try await stand.run {
            try await eventually { stand.net.fetches == 2 }
            let asking = Task { await stand.reason(try stand.forge.token()) }
            #expect(try await asking.value == nil)
            stand.net.release()
        }
    }

    @Test func `go on serving while the issuer is away`() async throws {
        let stand = try Stand()
        let forge = stand.forge
        try await stand.run {
            let (good, odd) = (try forge.token(), try unknown(forge))
            #expect(await stand.reason(good) == nil)
            stand.net.setDown(true)
            #expect(await stand.reason(odd) == .unknownKey)
            stand.clock.advance(by: .seconds(30))
            #expect(await stand.reason(good) == nil)
            let another = try forge.token(claims: forge.claims(["jti": "new"]))
            #expect(await stand.reason(another) == nil)
            #expect(await stand.reason(odd) == .unknownKey)
        }
    }

    @Test func `come from the store when the issuer is away at start`() async throws {
        let stand = try Stand()
        let forge = stand.forge
        try stand.shelf.store(Forge.issuer, Forge.keySet(["key-1": forge.key]))
        stand.net.setDown(true)
        try await stand.run {
            try await eventually { stand.waitsToRetry }
            #expect(try await stand.reason(forge.token()) == nil)
            #expect(try await stand.reason(unknown(forge)) == .unknownKey)
        }
    }

    @Test func `come from the store as soon as that is back`() async throws {
        let stand = try Stand()
        let forge = stand.forge
        try stand.shelf.store(Forge.issuer, Forge.keySet(["key-1": forge.key]))
        stand.shelf.setBroken(true)
        stand.net.setDown(true)
        try await stand.run {
            try await eventually { stand.waitsToRetry }
            #expect(try await stand.reason(forge.token()) == .unknownKey)
            stand.shelf.setBroken(false)
            stand.clock.advance(by: .seconds(60))
            try await eventually { stand.net.fetches == 4 && stand.waitsToRetry }
            #expect(try await stand.reason(forge.token()) == nil)
        }
    }

    @Test func `are kept for the next start, and a store that fails harms nothing`() async throws {
        let stand = try Stand()
        stand.shelf.setBroken(true)
        try await stand.run {
            #expect(try await stand.reason(stand.forge.token()) == nil)
            stand.shelf.setBroken(false)
            #expect(try await stand.reason(unknown(stand.forge)) == .unknownKey)
            try await eventually { stand.shelf.documents[Forge.issuer] != nil }
        }
    }

    @Test func `are not replaced by a document without any`() async throws {
        let stand = try Stand()
        try await stand.run {
            let (good, odd) = (try stand.forge.token(), try unknown(stand.forge))
            #expect(await stand.reason(good) == nil)
            stand.net.publish(Array(#"{"keys":[]}"#.utf8), at: Forge.issuer)
            #expect(await stand.reason(odd) == .unknownKey)
            let another = try stand.forge.token(claims: stand.forge.claims(["jti": "b"]))
            #expect(await stand.reason(another) == nil)
        }
    }

    @Test func `are not waited for longer than a fetch may take`() async throws {
        let stand = try Stand()
        try await stand.run {
            #expect(try await stand.reason(stand.forge.token()) == nil)
            try await eventually { stand.shelf.documents.count == 2 }
            stand.net.hold()
            async let reason = stand.reason(try unknown(stand.forge))
            try await eventually { stand.clock.waits.count == 1 }
            stand.clock.advance(by: KeyCache.fetchLimit)
            stand.net.release()
            #expect(try await reason == .unknownKey)
        }
    }

    @Test func `are never asked for a token that breaks another rule`() async throws {
        let stand = try Stand()
        let forge = stand.forge
        try await stand.run {
            #expect(try await stand.reason(forge.token()) == nil)
            for changes: [String: JSON?] in [
                ["iss": "https://stranger.example.com"], ["exp": .integer(forge.seconds - 60)], ["token_use": "id"],
            ] {
                let token = try forge.token(header: forge.header(["kid": "key-9"]), claims: forge.claims(changes))
                #expect(await stand.reason(token) != .unknownKey)
            }
            #expect(stand.net.fetches(of: Forge.issuer) == 1)
        }
    }

    @Test func `are not waited for by a cancelled task, nor after the end`() async throws {
        let stand = try Stand()
        stand.net.hold()
        try await stand.run {
            let asking = Task { await stand.reason(try stand.forge.token()) }
            try await eventually { stand.net.fetches == 2 }
            asking.cancel()
            #expect(try await asking.value == .unknownKey)
            stand.net.release()
        }
        try await eventually { await stand.keys.key("key-9", of: Forge.issuer) == nil }
        #expect(await stand.keys.key("key-1", of: "https://stranger.example.com") == nil)
    }
}
