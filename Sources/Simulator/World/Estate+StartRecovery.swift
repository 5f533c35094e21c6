package import Ambient
internal import OrderedCollections

/// What a caller asks of StartRecovery.
package struct RecoveryOrder: Sendable {
    /// A server, and the recovery point it shall be launched from; nil: one taken when the launch begins.
    package struct Entry: Sendable {
        package let server: String
        package let recoveryPoint: String?

        package init(server: String, recoveryPoint: String? = nil) {
            self.server = server
            self.recoveryPoint = recoveryPoint
        }
    }

    package let entries: [Entry]
    package let isDrill: Bool
    package let tags: [String: String]

    package init(_ entries: [Entry], isDrill: Bool, tags: [String: String] = [:]) {
        self.entries = entries
        self.isDrill = isDrill
        self.tags = tags
    }
}

extension Estate {
    /// The shape of StartRecovery allows 200 servers (botocore's model), the quota 100.
    static let entriesInShape = 200

    /// Starts a drill or a recovery: all of it or nothing.
    ///
    /// - Parameters:
    ///   - order: what is asked.
    ///   - clock: the world's, to know when recovery points are taken.
    ///   - now: the wall clock.
    ///   - timeline: how long the phases take.
    ///   - chance: makes identifiers and spreads the times.
    /// - Returns: the job, already kept.
    /// - Throws: 400 for an order that cannot be, 404 for a server that is not here, 402 for a quota, 409 for a server
    ///   in a running job.
    package mutating func start(
        _ order: RecoveryOrder,
        by clock: ScaledClock,
        at now: Instant,
        timeline: Timeline,
        chance: any Chance
    ) throws(Refusal) -> Job {
        let (moment, naming) = (clock.simulated(at: now), Naming(chance: chance))
        let points = try recoveryPoints(for: order, at: now)
        try checkCapacity(for: order.entries.map(\.server), at: moment)
        forget(at: moment)
        let outline = Job.Outline(id: naming.name("drsjob"), isDrill: order.isDrill, created: moment)
        var plans: [LaunchPlan] = []
        for (entry, point) in zip(order.entries, points) {
            guard let server = servers[entry.server] else { continue }
            let ask = ask(server, from: point, isPinned: entry.recoveryPoint != nil, of: outline, at: now)
            plans.append(LaunchPlan(ask, by: timeline, naming: naming))
        }
        let settled = plans.map(\.participant.settles).max() ?? moment
        let ended = settled + timeline.closing
        let start = LogItem(.jobStart, at: moment + timeline.jobStart)
        let log = plans.flatMap(\.log).enumerated().sorted {
            ($0.element.moment, $0.offset) < ($1.element.moment, $1.offset)
        }
        let job = Job(
            id: outline.id,
            kind: .launch,
            initiator: order.isDrill ? .drill : .recovery,
            created: moment,
            started: start.moment,
            ended: ended,
            participants: plans.map(\.participant),
            log: [start] + log.map(\.element) + [LogItem(.jobEnd, at: ended)],
            tags: order.tags
        )
        for plan in plans { apply(plan, to: job) }
        keep(job)
        return job
    }

    /// The point that each server is launched from; nil: one that is taken when the launch begins.
    private func recoveryPoints(for order: RecoveryOrder, at now: Instant) throws(Refusal) -> [RecoveryPoint?] {
        guard isInitialized else { throw .uninitialized }
        guard !order.entries.isEmpty, order.entries.count <= Self.entriesInShape else {
            throw .validation("sourceServers must have between 1 and \(Self.entriesInShape) members.")
        }
        guard Set(order.entries.map(\.server)).count == order.entries.count else {
            throw .validation("sourceServers must not name a source server twice.")
        }
        var points: [RecoveryPoint?] = []
        for entry in order.entries {
            guard let server = servers[entry.server] else { throw .notFound(entry.server, "SourceServer") }
            guard server.replication != .disconnected else {
                throw .validation("Source server \(server.id) is disconnected.", reason: "other")
            }
            let kept = server.recoveryPoints(at: now)
            guard let latest = kept.first else {
                throw .validation("Source server \(server.id) has no consistent recovery point.", reason: "other")
            }
            if let id = entry.recoveryPoint {
                guard let point = kept.first(where: { $0.id == id }) else { throw .notFound(id, "RecoverySnapshot") }
                points.append(point)
            } else {
                points.append(server.replication.isBroken ? latest : nil)
            }
        }
        return points
    }

    /// Refuses a job with these servers when there is no room for one more.
    mutating func checkCapacity(for servers: [String], at moment: Duration) throws(Refusal) {
        guard servers.count <= quotas.serversPerJob else {
            throw .quota(
                Quotas.serversPerJobCode,
                "The limit of \(quotas.serversPerJob) source servers in a job is exceeded."
            )
        }
        for id in servers {
            guard let server = self.servers[id], server.isOccupied(at: moment) else { continue }
            throw .conflict(
                "One or more of the Source Servers included in API call are currently being processed by a Job",
                id,
                "SourceServer"
            )
        }
        let running = activeJobs(at: moment)
        guard running.count < quotas.concurrentJobs else {
            throw .quota(
                Quotas.concurrentJobsCode,
                "The limit of \(quotas.concurrentJobs) jobs in progress is exceeded."
            )
        }
        let busy = running.reduce(0) { $0 + $1.participants.count }
        guard busy + servers.count <= quotas.serversInAllJobs else {
            throw .quota(
                Quotas.serversInAllJobsCode,
                "The limit of \(quotas.serversInAllJobs) source servers in all jobs is exceeded."
            )
        }
    }

    private func ask(
        _ server: SourceServer,
        from point: RecoveryPoint?,
        isPinned: Bool,
        of job: Job.Outline,
        at now: Instant
    ) -> LaunchPlan.Ask {
        LaunchPlan.Ask(
            server: server,
            job: job.id,
            isDrill: job.isDrill,
            recoveryPoint: point?.taken ?? now,
            awaitsSnapshot: point != nil && !isPinned,
            hasEarlierInstance: !endless(of: server.id).isEmpty,
            created: job.created
        )
    }

    private mutating func apply(_ plan: LaunchPlan, to job: Job) {
        let id = plan.participant.server
        if let cleanup = plan.cleanup {
            for earlier in endless(of: id) { end(earlier, cleanup) }
        }
        if let instance = plan.instance { keep(instance) }
        servers[id]?.lastLaunch = SourceServer.Launch(
            job: job.id,
            asked: job.created,
            isDrill: job.initiator == .drill,
            participant: plan.participant
        )
        if plan.participant.outcome == .failed, let left = servers[id]?.failure?.launches {
            servers[id]?.failure?.launches = max(0, left - 1)
        }
    }
}
