/// How fast a spoke looks at jobs: one number, to which the times of job following keep their relation.
///
/// A simulator whose clock runs 20 times as fast is followed 20 times as fast. What bounds a wait for answers does not
/// follow it: throttled calls, retries and pages take as long whatever AWS's clock says.
package struct Cadence: Sendable, Hashable {
    /// Between two looks at the jobs of one account and Region while something moves.
    package var poll: Duration

    /// 3 s: DRS's launches take minutes, and AWS publishes no rates but asks for restraint.
    package static let ordinary = Cadence(poll: .seconds(3))

    package init(poll: Duration) {
        self.poll = poll
    }

    /// Between two readings of one job's log.
    package var log: Duration { scaled(.seconds(15)) }

    /// How long an ended job's log is read on for its JOB_END.
    package let logEnd: Duration = .seconds(30)

    /// How long a launched server's instance is looked for before its absence is said.
    package var instanceSight: Duration { scaled(.seconds(300)) }

    /// How long DRS may not show a job that it accepted, before the job counts as gone.
    package var jobSight: Duration { scaled(.seconds(300)) }

    /// How long an instance may stay after its termination was asked for, before that counts as failed.
    package var termination: Duration { scaled(.seconds(3600)) }

    private func scaled(_ duration: Duration) -> Duration {
        duration * (poll / .seconds(3))
    }
}
