package import Ambient

/// How long and how often a call is tried.
package struct CallPolicy: Sendable, Hashable {
    /// The time for one attempt, from connecting to the last byte of the answer.
    package var attemptTime: Duration

    /// The time for the call, waits and all attempts together.
    package var callTime: Duration

    /// The most attempts; with the backoff's own limits the time ends first under throttling.
    package var attempts: Int

    /// The wait between attempts, besides what AWS asks for.
    package var backoff: Backoff

    /// The most bytes of an answer; a page of 1,000 source servers with every member has about 5 MB.
    package var answerLimit: Int

    package init(
        attemptTime: Duration = .seconds(20),
        callTime: Duration = .seconds(90),
        attempts: Int = 8,
        backoff: Backoff = Backoff(base: .milliseconds(200), limit: .seconds(20)),
        answerLimit: Int = 16 << 20
    ) {
        self.attemptTime = attemptTime
        self.callTime = callTime
        self.attempts = attempts
        self.backoff = backoff
        self.answerLimit = answerLimit
    }

    /// How long to wait before the next attempt, or nil to give up.
    ///
    /// - Parameters:
    ///   - failure: What the last attempt ended with.
    ///   - attempts: How many there have been, the last one included.
    ///   - remaining: What is left of the call's time.
    ///   - chance: What the jitter is drawn from.
    /// - Returns: The wait, which ends before the call's time does, or nil.
    package func delay(
        after failure: AWSFailure,
        attempts: Int,
        remaining: Duration,
        by chance: some Chance
    ) -> Duration? {
        guard failure.isTransient, !failure.isExpiredToken, attempts < self.attempts else { return nil }
        // Jitter comes on top of what AWS asks for, else everyone who was told the same returns at the same moment.
        let delay = backoff.delay(after: attempts, by: chance) + (failure.retryAfter ?? .zero)
        return delay < remaining ? delay : nil
    }
}
