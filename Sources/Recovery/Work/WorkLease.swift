package import Ambient

/// The times of a lease on work.
package enum WorkLease {
    /// How long a lease holds without a heartbeat: the 30 s after which a spoke counts as lost, and a little.
    package static let time: Duration = .seconds(35)
    /// Commands handed out in one go.
    package static let limit = 32

    /// How long a spoke looks for a job that an earlier attempt may have started before it starts one.
    ///
    /// A job shows in DescribeJobs at once; the rest is for a request still under way.
    package static func settleSeconds(isUnclear: Bool) -> Int {
        isUnclear ? 5 : 0
    }

    /// Whether a spoke's work stays its own, by when it was heard of and by its stream.
    package static func isAlive(lastSeen: Instant, streamClosed: Instant?, at now: Instant) -> Bool {
        lastSeen > now - Spoke.silence && streamClosed.map { $0 > now - Spoke.reopening } ?? true
    }
}

extension Spoke {
    /// The time without a heartbeat after which a spoke counts as lost.
    package static let silence = Duration.seconds(30)
    /// How long a spoke's stream may be closed before it counts as lost.
    package static let reopening = Duration.seconds(2)
}
