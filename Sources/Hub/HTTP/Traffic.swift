internal import Ambient
internal import CoreMetrics
package import Measures
internal import Synchronization

/// Counts what was asked and how long it took, for `/metrics`.
package final class Traffic: Sendable {
    private struct Key: Hashable {
        let route: String
        let method: String
        let status: Int
    }

    private struct Handlers: Sendable {
        let requests: any CounterHandler
        let duration: any RecorderHandler
    }

    private let registry: Registry
    /// Kept, for a request should not build the text of its labels.
    private let known = Mutex<[Key: Handlers]>([:])

    package init(counting registry: Registry = Registry()) {
        self.registry = registry
    }

    func count(route: String, method: String, status: Int, took: Duration) {
        // A method is whatever a client writes; only known ones may become keys, or a client could fill the memory.
        let method = Self.methods.contains(method) ? method : "OTHER"
        let key = Key(route: route, method: method, status: status)
        let handlers = known.withLock { known in
            if let handlers = known[key] { return handlers }
            let made = make(key)
            known[key] = made
            return made
        }
        handlers.requests.increment(by: 1)
        handlers.duration.record(took.seconds)
    }

    private func make(_ key: Key) -> Handlers {
        let call = [("route", key.route), ("method", key.method)]
        return Handlers(
            requests: registry.makeCounter(
                label: Measure.requests.rawValue,
                dimensions: call + [("status", "\(key.status)")]
            ),
            duration: registry.makeRecorder(
                label: Measure.requestSeconds.rawValue,
                dimensions: call,
                aggregate: true
            )
        )
    }

    private static let methods: Set = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]
}
