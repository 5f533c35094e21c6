internal import Ambient

/// A pace that slows for everyone when AWS throttles and recovers by itself: additive increase, multiplicative decrease.
///
/// A value: it is told the time and answers how long to wait.
package struct TokenBucket: Sendable, Hashable {
    /// The limits that a bucket moves in.
    ///
    /// AWS publishes no rates for DRS (user guide, "DRS at scale").
    package struct Limits: Sendable, Hashable {
        /// Calls a second at full pace, and the slowest.
        package var fastest: Double
        package var slowest: Double

        /// How many calls may be made at once after a rest.
        package var burst: Double

        /// What a success adds to the calls a second.
        package var increase: Double

        package init(fastest: Double = 20, slowest: Double = 0.2, burst: Double = 20, increase: Double = 0.2) {
            self.fastest = fastest
            self.slowest = slowest
            self.burst = burst
            self.increase = increase
        }
    }

    /// Throttles that come together are one sign: the rate is halved at most once in this time.
    package static let cutInterval: Duration = .seconds(1)

    package let limits: Limits

    /// Calls a second now.
    package private(set) var rate: Double
    private var tokens: Double
    private var updated: Duration
    private var cut: Duration?

    package init(_ limits: Limits = Limits(), at elapsed: Duration) {
        self.limits = limits
        rate = limits.fastest
        tokens = limits.burst
        updated = elapsed
    }

    /// Takes a token and answers how long to wait until it is there.
    package mutating func take(at elapsed: Duration) -> Duration {
        refill(at: elapsed)
        tokens -= 1
        let pause = max(updated - elapsed, .zero)
        return tokens >= 0 ? pause : pause + .seconds(-tokens / rate)
    }

    /// Slows down; nobody starts before what AWS asked for is over.
    package mutating func throttled(at elapsed: Duration, retryAfter: Duration?) {
        refill(at: elapsed)
        if cut.map({ elapsed - $0 >= Self.cutInterval }) ?? true {
            rate = max(limits.slowest, rate / 2)
            cut = elapsed
        }
        tokens = min(tokens, 0)
        updated = max(updated, elapsed + (retryAfter ?? .zero))
    }

    /// Speeds up a little.
    package mutating func succeeded() {
        rate = min(limits.fastest, rate + limits.increase)
    }

    /// Whether the bucket is as a new one would be, so that it need not be kept.
    package func isRested(at elapsed: Duration) -> Bool {
        rate == limits.fastest && tokens + (elapsed - updated).seconds * rate >= limits.burst
    }

    private mutating func refill(at elapsed: Duration) {
        guard elapsed > updated else { return }
        tokens = min(limits.burst, tokens + (elapsed - updated).seconds * rate)
        updated = elapsed
    }
}
