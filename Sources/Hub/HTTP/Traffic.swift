internal import Ambient
internal import Synchronization

/// Counts what was asked and how long it took, for `/metrics`.
package final class Traffic: Sendable {
    private struct Key: Hashable {
        let route: String
        let method: String
        let status: Int
    }

    private struct Count {
        var requests = 0
        var seconds = 0.0
    }

    private let counts = Mutex<[Key: Count]>([:])

    package init() {}

    func count(route: String, method: String, status: Int, took: Duration) {
        // A method is whatever a client writes; only known ones may become keys, or a client could fill the memory.
        let method = Self.methods.contains(method) ? method : "OTHER"
        counts.withLock { counts in
            counts[Key(route: route, method: method, status: status), default: Count()].requests += 1
            counts[Key(route: route, method: method, status: status), default: Count()].seconds += took.seconds
        }
    }

    private static let methods: Set = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]

    /// The counts as Prometheus reads them (text exposition format 0.0.4).
    package var exposition: String {
        let counts = counts.withLock { $0 }.sorted { left, right in
            (left.key.route, left.key.method, left.key.status) < (right.key.route, right.key.method, right.key.status)
        }
        func lines(_ name: String, _ help: String, _ value: (Count) -> String) -> String {
            let samples = counts.map { key, count in
                "\(name){route=\"\(key.route)\",method=\"\(key.method)\",status=\"\(key.status)\"} \(value(count))\n"
            }
            return "# HELP \(name) \(help)\n# TYPE \(name) counter\n" + samples.joined()
        }
        return lines("muster_requests_total", "Requests answered.") { "\($0.requests)" }
            + lines("muster_request_seconds_total", "Time to the answer's head.") { "\($0.seconds)" }
    }
}
