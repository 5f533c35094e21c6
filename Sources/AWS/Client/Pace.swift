internal import Ambient
internal import Synchronization

/// The token buckets of a program, one for each account, Region and operation: what one caller learns, all obey.
package final class Pace: Sendable {
    private struct Key: Hashable {
        let account: String
        let region: String
        let operation: String
    }

    /// Above this many buckets those at rest are dropped; 100 accounts × 37 Regions × 10 operations would be 37,000.
    private static let restLimit = 10_000

    private let limits: TokenBucket.Limits
    private let buckets = Mutex<[Key: TokenBucket]>([:])

    package init(limits: TokenBucket.Limits = TokenBucket.Limits()) {
        self.limits = limits
    }

    /// How long the call must wait for its turn.
    package func turn(of call: AWSCall, at elapsed: Duration) -> Duration {
        change(call, at: elapsed) { $0.take(at: elapsed) }
    }

    /// AWS refused the call because there were too many.
    package func throttled(_ call: AWSCall, at elapsed: Duration, retryAfter: Duration?) {
        change(call, at: elapsed) { $0.throttled(at: elapsed, retryAfter: retryAfter) }
    }

    /// AWS answered the call.
    package func succeeded(_ call: AWSCall, at elapsed: Duration) {
        change(call, at: elapsed) { $0.succeeded() }
    }

    private func change<Answer>(
        _ call: AWSCall,
        at elapsed: Duration,
        _ change: (inout TokenBucket) -> Answer
    ) -> Answer {
        let key = Key(account: call.account ?? "", region: call.region, operation: call.name)
        return buckets.withLock { buckets in
            if buckets.count >= Self.restLimit { buckets = buckets.filter { !$0.value.isRested(at: elapsed) } }
            return change(&buckets[key, default: TokenBucket(limits, at: elapsed)])
        }
    }
}
