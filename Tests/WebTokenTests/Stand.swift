import Ambient
import Forgeries
import Logging
import OpenSSL
import Synchronization
import WebToken

/// A verifier with everything around it: two issuers whose answers a test sets, a clock it moves.
struct Stand {
    let clock = HandClock()
    let forge: Forge
    let net: Net
    let shelf = Shelf()
    let keys: KeyCache
    let verifier: TokenVerifier

    init(
        remembering limit: Int = TokenVerifier.rememberedTokens,
        chance: any Chance = SeededChance(seed: 1)
    ) throws {
        let forge = try Forge(now: clock.now())
        let (net, shelf) = (Net(forge.published), shelf)
        self.forge = forge
        self.net = net
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        keys = KeyCache(
            issuers: Forge.issuers,
            ambient: Ambient(time: clock, chance: chance),
            logger: logger,
            fetch: { try await net.fetch($0) },
            load: { try shelf.load($0) },
            store: { try shelf.store($0, $1) }
        )
        verifier = TokenVerifier(
            rules: TokenRules(issuers: Forge.issuers),
            keys: keys,
            time: clock,
            remembering: limit
        )
    }

    /// Whether both issuers have failed to answer and wait to be asked again.
    var waitsToRetry: Bool {
        let waits = clock.waits
        return waits.count == 2 && !waits.contains(KeyCache.fetchLimit)
    }

    /// Runs the cache while a test goes on.
    func run(_ test: @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [keys] in try? await keys.run() }
            defer { group.cancelAll() }
            try await test()
        }
    }

    /// Why a token is not taken; nil when it is.
    func reason(_ token: String) async -> InvalidToken.Reason? {
        do throws(InvalidToken) {
            _ = try await verifier.verify(token)
            return nil
        } catch {
            return error.reason
        }
    }
}

/// Chance at its lowest: every wait is as short as it may be.
struct LowChance: Chance {
    func next() -> UInt64 { 0 }
}

/// The addresses of the issuers, with answers or without.
final class Net: Sendable {
    struct Unreachable: Error {}

    private struct State {
        var documents: [String: [UInt8]]
        var fetches: [String] = []
        var isDown = false
        var hangs = false
        var held: [CheckedContinuation<Void, Never>] = []
        var holds = false
    }

    private let state: Mutex<State>

    init(_ documents: [String: [UInt8]]) {
        state = Mutex(State(documents: documents))
    }

    /// All fetches so far, also those that failed.
    var fetches: Int { state.withLock { $0.fetches.count } }
    func fetches(of issuer: String) -> Int {
        state.withLock { $0.fetches.count { $0.hasPrefix(issuer) } }
    }

    func publish(_ document: [UInt8], at issuer: String) {
        state.withLock { $0.documents[issuer + "/.well-known/jwks.json"] = document }
    }

    func setDown(_ isDown: Bool) { state.withLock { $0.isDown = isDown } }

    /// Makes fetches wait until `release`.
    func hold() { state.withLock { $0.holds = true } }

    func release() {
        let held = state.withLock { state in
            defer { state.held = [] }
            state.holds = false
            return state.held
        }
        for continuation in held { continuation.resume() }
    }

    func fetch(_ url: String) async throws -> [UInt8] {
        state.withLock { $0.fetches.append(url) }
        await withCheckedContinuation { continuation in
            let passes = state.withLock { state in
                if state.holds { state.held.append(continuation) }
                return !state.holds
            }
            if passes { continuation.resume() }
        }
        return try state.withLock { state in
            guard !state.isDown, let document = state.documents[url] else { throw Unreachable() }
            return document
        }
    }
}

/// Where documents are kept.
final class Shelf: Sendable {
    struct Broken: Error {}

    private let state = Mutex<(documents: [String: [UInt8]], isBroken: Bool)>(([:], false))

    var documents: [String: [UInt8]] { state.withLock { $0.documents } }

    func setBroken(_ isBroken: Bool) { state.withLock { $0.isBroken = isBroken } }

    func load(_ issuer: String) throws -> [UInt8]? {
        try state.withLock { state in
            guard !state.isBroken else { throw Broken() }
            return state.documents[issuer]
        }
    }

    func store(_ issuer: String, _ document: [UInt8]) throws {
        try state.withLock { state in
            guard !state.isBroken else { throw Broken() }
            state.documents[issuer] = document
        }
    }
}
