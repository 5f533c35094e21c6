/// The way of a LAUNCH to its job: what the spoke does next, decided from what came of the step before.
///
/// StartRecovery has no token that would make it idempotent. So a job is always looked for first, by its tag with the
/// command's deterministic key; it is started only where there is none; and where an answer is unclear it is looked for
/// again (design: exactly once).
///
///     look ─► (found) follow
///       ├──► (none, and it may not start one) giveBack
///       └──► (none) send ─► (accepted) follow
///                     ├──► (unclear, conflict) look … ─► (found) follow │ (none) giveBack
///                     ├──► (for now) giveBack
///                     └──► (for ever) refuse
///
/// A value that is told the time (`elapsed`, on a clock that goes on while the machine sleeps).
package struct LaunchCourse: Sendable, Hashable {
    /// How long a job is looked for whose start had no clear answer: DescribeJobs shows a new job within a few seconds.
    package static let settling: Duration = .seconds(5)
    /// Between two looks for a job.
    package static let look: Duration = .seconds(1)

    package enum Step: Sendable, Hashable {
        /// Look for the job by its tag.
        case look
        /// Wait so long, then look.
        case pause(Duration)
        /// Ask the lease, then StartRecovery.
        case send
        /// The job is there: say so, and follow it.
        case follow
        /// Say that there is no job yet; the hub gives the command out again.
        case giveBack(Reason)
        /// Say that there will never be one.
        case refuse
        /// The look failed in a way that this command does not understand: what it was tells what to say.
        case fail
    }

    package enum Reason: Sendable, Hashable {
        /// An earlier attempt may have started the job, and it could not be looked for.
        case stillUnclear
        /// What came of the start.
        case start
        /// Neither the start nor the look after it had a clear answer.
        case startAndLook
        /// The lease may have gone to another spoke; nothing was sent.
        case leaseLost
        /// It must not be started, and was not.
        case notStarted
    }

    /// What is wrong with an answer to StartRecovery.
    package struct Failure: OptionSet, Sendable, Hashable {
        package let rawValue: Int

        package init(rawValue: Int) {
            self.rawValue = rawValue
        }

        /// It may have been performed.
        package static let unclear = Failure(rawValue: 1)
        /// A server is in another job; which may be our own, whose answer an earlier attempt did not live to see.
        package static let conflict = Failure(rawValue: 2)
        /// Quota, throttling, an AWS that cannot be reached: later it may be taken.
        package static let passing = Failure(rawValue: 4)
    }

    private enum Phase: Sendable, Hashable {
        case before(until: Duration)
        case sending
        case after(Failure, until: Duration)
    }

    private let settles: Bool
    private let mayStart: Bool
    private var phase: Phase

    /// Begins with looking, for as long as told: so long a job is looked for that an earlier attempt may have started.
    ///
    /// Where it may not start one itself, because people paused or cancelled meanwhile, it only looks.
    package init(settle: Duration, mayStart: Bool = true, at elapsed: Duration) {
        settles = settle > .zero
        self.mayStart = mayStart
        phase = .before(until: elapsed + settle)
    }

    /// The first step.
    package var first: Step { .look }

    /// A look came back.
    package mutating func looked(isFound: Bool, at elapsed: Duration) -> Step {
        if isFound { return .follow }
        switch phase {
        case .before(let end), .after(_, let end):
            if end > elapsed { return .pause(min(end - elapsed, Self.look)) }
        case .sending: break
        }
        guard case .after(let failure, _) = phase else {
            guard mayStart else { return .giveBack(.notStarted) }
            phase = .sending
            return .send
        }
        return Self.step(without: failure)
    }

    /// A look failed.
    package mutating func lookFailed(isTransient: Bool) -> Step {
        if case .after = phase { return .giveBack(.startAndLook) }
        // What was unclear before is not made clear by a look that failed.
        return isTransient && settles ? .giveBack(.stillUnclear) : .fail
    }

    /// StartRecovery answered without a job.
    package mutating func startFailed(_ failure: Failure, at elapsed: Duration) -> Step {
        guard !failure.isDisjoint(with: [.unclear, .conflict]) else { return Self.step(without: failure) }
        phase = .after(failure, until: elapsed + (failure.contains(.unclear) ? Self.settling : .zero))
        return .look
    }

    private static func step(without failure: Failure) -> Step {
        failure.isEmpty ? .refuse : .giveBack(.start)
    }
}
