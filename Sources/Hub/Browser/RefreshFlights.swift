internal import Ambient
internal import Contract
internal import Synchronization

/// Which sessions this hub is refreshing: whoever comes second waits for the first, or goes on without.
///
/// Between hubs the claim in the database decides; this only spares it a crowd.
final class RefreshFlights: Sendable {
    private let waiting = Mutex<[Identifier<BrowserSession>: [AsyncStream<Void>.Continuation]]>([:])

    /// Begins a flight.
    ///
    /// - Returns: Nil when it is the caller's own, who must `end` it; else a stream that ends with the other's.
    func begin(_ id: Identifier<BrowserSession>) -> AsyncStream<Void>? {
        waiting.withLock { waiting in
            guard waiting[id] != nil else {
                waiting[id] = []
                return nil
            }
            let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
            waiting[id]?.append(continuation)
            return stream
        }
    }

    func end(_ id: Identifier<BrowserSession>) {
        let waiters = waiting.withLock { $0.removeValue(forKey: id) } ?? []
        for waiter in waiters { waiter.finish() }
    }
}
