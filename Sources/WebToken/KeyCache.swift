package import Ambient
package import Logging
package import OpenSSL
internal import Synchronization

/// The keys of all issuers, fetched at start and again when a token names one that is not known.
///
/// ```
///            start            asked for an unknown key, at most once in 5 minutes
///              │              ┌───────────────────────────────┐
///              ▼              ▼                               │
///          requested ──► fetching ── it worked ──────────► settled
///                             ▲  └── it failed ─► waiting 1…60 s
///                             └───────────────────────┘
/// ```
/// Only `run` fetches, one fetch an issuer at a time; whoever asks meanwhile waits for it. While a fetch keeps failing
/// nobody waits: the keys already here are used, and before the first of them those that were kept by `store`.
package final class KeyCache: Sendable {
    /// How often an unknown key may cause a fetch: a flood of made-up names must not become one at the issuer.
    package static let refetchInterval = Duration.seconds(300)
    /// The waits between failed fetches; never less than a second.
    package static let backoff = Backoff(base: .seconds(2), limit: .seconds(60))
    package static let shortestWait = Duration.seconds(1)
    /// The longest fetch; one that hangs would keep everybody waiting.
    package static let fetchLimit = Duration.seconds(10)

    /// Reads a document over HTTPS from an address.
    package typealias Fetch = @Sendable (_ url: String) async throws -> [UInt8]
    /// Reads the last document of an issuer that was kept, by its `iss`.
    package typealias Load = @Sendable (_ issuer: String) async throws -> [UInt8]?
    /// Keeps a document of an issuer for when it cannot be reached.
    package typealias Store = @Sendable (_ issuer: String, _ document: [UInt8]) async throws -> Void

    private let issuers: [Issuer]
    private let ambient: Ambient
    private let logger: Logger
    private let fetch: Fetch
    private let load: Load
    private let store: Store
    private let state: Mutex<[String: IssuerKeys]>
    private let wakeups: [String: (stream: AsyncStream<Void>, continuation: AsyncStream<Void>.Continuation)]

    /// Makes a cache without keys; `run` must be running for it to have any.
    package init(
        issuers: [Issuer],
        ambient: Ambient,
        logger: Logger,
        fetch: @escaping Fetch,
        load: @escaping Load = { _ in nil },
        store: @escaping Store = { _, _ in }
    ) {
        self.issuers = issuers
        self.ambient = ambient
        self.logger = logger
        self.fetch = fetch
        self.load = load
        self.store = store
        state = Mutex(Dictionary(issuers.map { ($0.url, IssuerKeys()) }) { first, _ in first })
        wakeups = Dictionary(
            issuers.map { ($0.url, AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))) },
            uniquingKeysWith: { first, _ in first }
        )
        for (_, wakeup) in wakeups { wakeup.continuation.yield() }
    }

    /// Counts the changes of keys; whatever was concluded from older keys no longer holds.
    package var generation: Int {
        state.withLock { $0.values.reduce(0) { $0 + $1.generation } }
    }

    /// The key of an issuer, waiting for a fetch if there is one to wait for; nil when there is no such key.
    package func key(_ id: String, of issuer: String) async -> RSAPublicKey? {
        let now = ambient.time.elapsed()
        switch state.withLock({ $0[issuer]?.look(for: id, at: now) ?? .absent }) {
        case .found(let key): return key
        case .absent: return nil
        case .wait(let stream, let wakes):
            if wakes { wakeups[issuer]?.continuation.yield() }
            for await _ in stream {}
            return state.withLock { $0[issuer]?.keys.keys[id] }
        }
    }

    /// Fetches keys until the task is cancelled.
    package func run() async throws {
        defer { close() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for issuer in issuers { group.addTask { try await self.follow(issuer) } }
            try await group.waitForAll()
        }
    }

    private func close() {
        state.withLock { state in
            for url in state.keys { state[url]?.close() }
        }
    }

    private func follow(_ issuer: Issuer) async throws {
        guard let wakeup = wakeups[issuer.url] else { return }
        await loadKept(issuer)
        for await _ in wakeup.stream { try await refresh(issuer) }
        try Task.checkCancellation()
    }

    /// Fetches until it works.
    private func refresh(_ issuer: Issuer) async throws {
        var failures = 0
        while true {
            state.withLock { $0[issuer.url]?.begin() }
            do {
                let document = try await fetchInTime(issuer.keySetURL)
                let keys = try KeySet(parsing: document)
                let now = ambient.time.elapsed()
                state.withLock { $0[issuer.url]?.settle(keys, at: now) }
                logger.info("keys fetched", metadata: ["issuer": "\(issuer.url)", "keys": "\(keys.keys.count)"])
                await keep(document, of: issuer)
                return
            } catch {
                try Task.checkCancellation()
                failures += 1
                state.withLock { $0[issuer.url]?.fail() }
                let wait = max(Self.shortestWait, jittered(after: failures))
                logger.warning(
                    "keys cannot be fetched",
                    metadata: ["issuer": "\(issuer.url)", "error": "\(error)", "nextTry": "\(wait)"]
                )
                await loadKept(issuer)
                try await ambient.time.sleep(for: wait)
            }
        }
    }

    private func jittered(after failures: Int) -> Duration {
        func delay(_ chance: some Chance) -> Duration { Self.backoff.delay(after: failures, by: chance) }
        return delay(ambient.chance)
    }

    private func fetchInTime(_ url: String) async throws -> [UInt8] {
        try await withThrowingTaskGroup(of: [UInt8].self) { group in
            group.addTask { try await self.fetch(url) }
            group.addTask {
                try await self.ambient.time.sleep(for: Self.fetchLimit)
                throw FetchTimedOut()
            }
            defer { group.cancelAll() }
            guard let document = try await group.next() else { throw CancellationError() }
            return document
        }
    }

    /// Takes the keys that were kept, as long as none came from the issuer itself.
    private func loadKept(_ issuer: Issuer) async {
        guard state.withLock({ $0[issuer.url]?.isEmpty ?? false }) else { return }
        do {
            guard let document = try await load(issuer.url) else { return }
            let keys = try KeySet(parsing: document)
            state.withLock { $0[issuer.url]?.take(keys) }
            logger.info("kept keys loaded", metadata: ["issuer": "\(issuer.url)", "keys": "\(keys.keys.count)"])
        } catch {
            logger.warning("kept keys cannot be read", metadata: ["issuer": "\(issuer.url)", "error": "\(error)"])
        }
    }

    private func keep(_ document: [UInt8], of issuer: Issuer) async {
        do {
            try await store(issuer.url, document)
        } catch {
            logger.warning("keys cannot be kept", metadata: ["issuer": "\(issuer.url)", "error": "\(error)"])
        }
    }
}

/// The issuer did not answer in time.
private struct FetchTimedOut: Error, CustomStringConvertible {
    var description: String { "no answer within \(KeyCache.fetchLimit)" }
}
