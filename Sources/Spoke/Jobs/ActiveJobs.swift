package import AWS
package import Ambient

/// Decides how far back DescribeJobs must be asked to see every job in progress, and remembers which those are.
///
/// DescribeJobs has no filter by state. A job that is active was active at the last reading or began since, so asking
/// from the oldest known active one is enough; once an hour everything is read, against what this could have missed.
package struct ActiveJobs: Sendable {
    /// Before the oldest known active job: clocks differ, and a job shows up late.
    package static let slack: Duration = .seconds(600)
    package static let fullEvery: Duration = .seconds(3600)

    private var oldest: Instant?
    private var lastRead: Instant?
    private var lastFull: Duration?

    package init() {}

    /// Since when jobs must be read now; nil: all.
    package func window(at elapsed: Duration) -> Instant? {
        guard let lastFull, let lastRead, elapsed - lastFull < Self.fullEvery else { return nil }
        return min(oldest ?? lastRead, lastRead) - Self.slack
    }

    /// Takes what DescribeJobs answered, asked from `window` on at `now`, and answers the jobs in progress.
    package mutating func read(
        _ jobs: [DRS.Job],
        since window: Instant?,
        at now: Instant,
        elapsed: Duration
    ) -> [DRS.Job] {
        let active = jobs.filter(\.isActive)
        if window == nil { lastFull = elapsed }
        lastRead = now
        oldest = active.compactMap { $0.creationDateTime?.instant }.min()
        return active
    }
}
