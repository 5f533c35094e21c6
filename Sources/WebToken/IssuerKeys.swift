internal import OpenSSL

/// The keys of one issuer, and whether more are on their way: the decisions of `KeyCache`, without its waiting.
struct IssuerKeys {
    private(set) var keys = KeySet()
    private(set) var generation = 0

    private var phase = Phase.requested
    private var wasAskedFor = false
    private var lastRefetch: Duration?
    private var waiters: [AsyncStream<Void>.Continuation] = []

    private enum Phase {
        /// A fetch will begin as soon as somebody runs.
        case requested
        case fetching
        /// The last fetch worked.
        case settled
        /// The last fetch failed and the next waits.
        case waiting
        /// Nobody fetches any more.
        case closed
    }

    enum Look {
        case found(RSAPublicKey)
        case absent
        /// The stream ends with the fetch; `wakes` when this question is the reason for it.
        case wait(AsyncStream<Void>, wakes: Bool)
    }

    var isEmpty: Bool { keys.keys.isEmpty }

    /// Finds a key, or decides whether to wait for one.
    mutating func look(for id: String, at now: Duration) -> Look {
        if let key = keys.keys[id] { return .found(key) }
        switch phase {
        case .waiting, .closed: return .absent
        case .requested, .fetching: return .wait(join(), wakes: false)
        case .settled:
            if let lastRefetch, now - lastRefetch < KeyCache.refetchInterval { return .absent }
            phase = .requested
            wasAskedFor = true
            return .wait(join(), wakes: true)
        }
    }

    private mutating func join() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        waiters.append(continuation)
        return stream
    }

    private mutating func release() {
        for waiter in waiters { waiter.finish() }
        waiters = []
    }

    mutating func begin() {
        phase = .fetching
    }

    /// Takes what a fetch brought: all of it, so that a key which the issuer withdrew is gone.
    mutating func settle(_ keys: KeySet, at now: Duration) {
        take(keys)
        phase = .settled
        // The fetch at start is nobody's question, and leaves the first one free.
        if wasAskedFor { lastRefetch = now }
        wasAskedFor = false
        release()
    }

    mutating func take(_ keys: KeySet) {
        self.keys = keys
        generation += 1
    }

    mutating func fail() {
        phase = .waiting
        release()
    }

    mutating func close() {
        phase = .closed
        release()
    }
}
