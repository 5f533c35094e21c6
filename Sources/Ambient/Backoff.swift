/// How long to wait before trying again: exponential with full jitter, so that many clients do not return at once.
///
/// The wait after failure *n* is a random part of `min(limit, base × 2ⁿ)` (AWS Architecture Blog, "Exponential Backoff
/// And Jitter").
package struct Backoff: Sendable, Hashable {
    package let base: Duration
    package let limit: Duration

    package init(base: Duration, limit: Duration) {
        self.base = base
        self.limit = limit
    }

    /// The wait after the given number of failures in a row, counted from 1.
    package func delay(after failures: Int, by chance: some Chance) -> Duration {
        let ceiling = min(limit, base * (1 << min(max(failures, 1) - 1, 30)))
        return ceiling * chance.fraction()
    }
}
