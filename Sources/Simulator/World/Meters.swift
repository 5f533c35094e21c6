internal import Ambient

/// How often an operation may be called in one account and Region.
package struct Rates: Sendable {
    /// A token bucket: it holds `burst` calls, and gains `perSecond` of them in a second of the wall clock.
    package struct Rate: Sendable, Hashable {
        package let perSecond: Double
        package let burst: Double

        package init(perSecond: Double, burst: Double) {
            self.perSecond = perSecond
            self.burst = burst
        }
    }

    /// For an operation that has no rate of its own; nil: without limit.
    package var ordinary: Rate?
    /// By the operation's name.
    package var operations: [String: Rate]

    package init(ordinary: Rate? = nil, operations: [String: Rate] = [:]) {
        self.ordinary = ordinary
        self.operations = operations
    }
}

/// The token buckets of a world, by account, Region and operation.
struct Meters: Sendable {
    var rates: Rates
    private var buckets: [Key: Bucket] = [:]

    private struct Key: Hashable {
        let place: Place
        let operation: String
    }

    private struct Bucket {
        var tokens: Double
        var filled: Instant
    }

    init(rates: Rates) {
        self.rates = rates
    }

    /// Takes a token; when there is none, answers how many whole seconds until there is (the unit of `Retry-After`).
    mutating func take(_ operation: String, at place: Place, now: Instant) -> Int? {
        guard let rate = rates.operations[operation] ?? rates.ordinary else { return nil }
        let key = Key(place: place, operation: operation)
        var bucket = buckets[key] ?? Bucket(tokens: rate.burst, filled: now)
        bucket.tokens = min(rate.burst, bucket.tokens + max(0, (now - bucket.filled).seconds) * rate.perSecond)
        bucket.filled = now
        defer { buckets[key] = bucket }
        guard bucket.tokens < 1 else {
            bucket.tokens -= 1
            return nil
        }
        return max(1, Int(((1 - bucket.tokens) / max(rate.perSecond, 0.001)).rounded(.up)))
    }
}
