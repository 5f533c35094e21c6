package import Ambient
internal import HTTPTypes
internal import Synchronization

/// How many requests a principal, and how many failed authentications an address, may make.
package final class RateLimits: Sendable {
    /// A bucket: so many at once, and so many more each second.
    package struct Rate: Sendable, Hashable {
        package let burst: Double
        package let perSecond: Double

        package init(burst: Double, perSecond: Double) {
            self.burst = burst
            self.perSecond = perSecond
        }
    }

    /// The rates; nil: no limit.
    package struct Rates: Sendable, Hashable {
        package var failures: Rate?
        package var requests: Rate?

        /// Enough for every honest client, and too little to guess tokens or to starve others.
        package static let standard = Rates(
            failures: Rate(burst: 1000, perSecond: 50),
            requests: Rate(burst: 2000, perSecond: 500)
        )
        package static let off = Rates(failures: nil, requests: nil)

        package init(failures: Rate?, requests: Rate?) {
            self.failures = failures
            self.requests = requests
        }

        /// Reads `off`, or `failures=1000/50,requests=2000/500` (burst and per second), of which one may be left out.
        package init?(_ text: String) {
            guard text != "off" else {
                self = .off
                return
            }
            self = .standard
            for part in text.split(separator: ",", omittingEmptySubsequences: false) {
                let sides = part.trimmingBlanks.split(separator: "=", omittingEmptySubsequences: false)
                let numbers = sides.count == 2 ? sides[1].split(separator: "/").compactMap { Double($0) } : []
                guard numbers.count == 2, numbers[0] >= 1, numbers[1] > 0, numbers.allSatisfy(\.isFinite) else {
                    return nil
                }
                switch sides[0] {
                case "failures": failures = Rate(burst: numbers[0], perSecond: numbers[1])
                case "requests": requests = Rate(burst: numbers[0], perSecond: numbers[1])
                default: return nil
                }
            }
        }
    }

    private struct Bucket {
        var level: Double
        var at: Duration
    }

    private struct State {
        var failures: [String: Bucket] = [:]
        var requests: [String: Bucket] = [:]
    }

    private let rates: Rates
    private let time: any TimeSource
    private let state = Mutex(State())

    /// Names that are remembered at most; beyond it those are forgotten that have been quiet longest.
    private static let names = 20_000

    package init(_ rates: Rates, time: any TimeSource) {
        self.rates = rates
        self.time = time
    }

    /// Counts a failed authentication.
    ///
    /// - Throws: `Problem` 429 when the address has had too many.
    package func countFailure(from address: String) throws {
        guard let rate = rates.failures else { return }
        let (now, source) = (time.elapsed(), TrustedProxies.neighbourhood(of: address))
        if let wait = state.withLock({ Self.take(source, from: &$0.failures, rate, at: now) }) {
            throw Self.slow(wait)
        }
    }

    /// Gives one failure back, which turned out to be none.
    package func forgiveFailure(from address: String) {
        guard let rate = rates.failures else { return }
        let source = TrustedProxies.neighbourhood(of: address)
        state.withLock { state in
            guard let level = state.failures[source]?.level else { return }
            state.failures[source]?.level = min(rate.burst, level + 1)
        }
    }

    /// Counts a request.
    ///
    /// - Throws: `Problem` 429 when the principal has made too many.
    package func countRequest(of principal: String) throws {
        guard let rate = rates.requests else { return }
        let now = time.elapsed()
        if let wait = state.withLock({ Self.take(principal, from: &$0.requests, rate, at: now) }) {
            throw Self.slow(wait)
        }
    }

    /// Takes one; answers the seconds until there is one again when the bucket is empty.
    private static func take(
        _ name: String,
        from buckets: inout [String: Bucket],
        _ rate: Rate,
        at now: Duration
    ) -> Double? {
        if buckets.count >= names, buckets[name] == nil {
            buckets = buckets.filter { $0.value.level + (now - $0.value.at).seconds * rate.perSecond < rate.burst }
            // All of them busy: somebody makes up names. To begin anew is better than to grow.
            if buckets.count >= names { buckets.removeAll() }
        }
        var bucket = buckets[name] ?? Bucket(level: rate.burst, at: now)
        bucket.level = min(rate.burst, bucket.level + (now - bucket.at).seconds * rate.perSecond)
        bucket.at = now
        let wait = bucket.level < 1 ? (1 - bucket.level) / rate.perSecond : nil
        if wait == nil { bucket.level -= 1 }
        buckets[name] = bucket
        return wait
    }

    private static func slow(_ wait: Double) -> Problem {
        Problem(
            .tooManyRequests,
            "Too many requests. Wait as long as Retry-After says.",
            headers: [.retryAfter: String(Int(wait.rounded(.up)))]
        )
    }
}
