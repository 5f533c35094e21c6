package import Ambient

/// A point in time that a server can be launched from.
package struct RecoveryPoint: Sendable, Hashable {
    package let id: String
    package let taken: Instant
}

extension SourceServer {
    /// The recovery points that exist at a time of the wall clock, newest first.
    ///
    /// One for each 10 minutes of the last hour, each hour of the last day, each day of the last week (DRS user guide,
    /// "Point in time policy"). A replica that stopped following its source keeps those from before. A server before
    /// the end of its initial synchronisation, or whose replication was stopped, has none.
    package func recoveryPoints(at now: Instant) -> [RecoveryPoint] {
        guard !replication.isBeforeFirstSnapshot, replication != .stopped else { return [] }
        let latest = min(now, stoppedFollowing ?? now).milliseconds
        var points: [RecoveryPoint] = []
        var oldest = Int64.max
        func add(every minutes: Int64, _ count: Int64) {
            let step = minutes * 60_000
            let first = latest - latest % step
            for index in 0..<count where first - index * step < oldest {
                oldest = first - index * step
                points.append(
                    RecoveryPoint(id: Naming.name("pit", of: "\(id)/\(oldest)"), taken: Instant(milliseconds: oldest))
                )
            }
        }
        add(every: 10, 6)
        add(every: 60, 24)
        add(every: 1440, 7)
        return points
    }
}
