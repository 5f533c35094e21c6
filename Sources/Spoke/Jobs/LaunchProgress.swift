package import AWS
package import Ambient
package import Contract
package import Recovery

/// What is known of one launch job, and what of it has been told: observations go in, the events that are new come out.
///
/// A value that is told the time (`elapsed`, from `CLOCK_BOOTTIME`). A server counts as LAUNCHED only with the instance
/// that DRS shows for this job; after `Cadence.instanceSight` without one, with the note INSTANCE_NOT_SEEN.
package struct LaunchProgress: Sendable {
    package let jobId: String
    private let cadence: Cadence
    private var servers: [SourceServerID: Server] = [:]
    private var log = LogReading()
    private var completedAt: Duration?
    private var endedAt: Instant?
    private var missingSince: Duration?
    private var hasToldEnd = false
    private var isGone = false

    /// One server of the job.
    private struct Server: Sendable {
        var status: String
        /// As the job itself names it, which proves nothing.
        var claimedInstance: String?
        var instance: String?
        var launchedAt: Duration?
        var failedAt: Duration?
        /// The log has been read since the failure was seen, or could not be for too long.
        var isExplained = false
        var told: ServerReport?

        var isFailed: Bool { status == DRS.LaunchStatus.failed.rawValue }
        var isSettled: Bool { isFailed || status == DRS.LaunchStatus.launched.rawValue }
        var isTold: Bool { told?.launchStatus == status }
    }

    package init(jobId: String, cadence: Cadence) {
        self.jobId = jobId
        self.cadence = cadence
    }

    /// Nothing more will come of it.
    package var hasEnded: Bool {
        isGone || (hasToldEnd && servers.values.allSatisfy(\.isTold))
    }

    /// Servers that DRS calls launched and whose instance has not been seen.
    package var serversWithoutInstance: [SourceServerID] {
        servers.filter { $0.value.launchedAt != nil && $0.value.instance == nil && $0.value.told?.note == nil }
            .map(\.key).sorted()
    }

    /// Whether the log should be read now: at its pace, at the job's end, and when a server has failed.
    package func isLogDue(at elapsed: Duration) -> Bool {
        if hasToldEnd || isGone { return false }
        if completedAt != nil && !log.hasEnd { return true }
        if servers.values.contains(where: { $0.isFailed && !$0.isExplained }) { return true }
        return log.isDue(at: elapsed, every: cadence.log)
    }

    /// Takes what DescribeJobs shows of the job.
    package mutating func observe(_ job: DRS.Job, at elapsed: Duration) {
        missingSince = nil
        for participant in job.participatingServers ?? [] {
            guard let id = participant.sourceServerID.flatMap(SourceServerID.init) else { continue }
            let status = participant.launchStatus?.rawValue ?? DRS.LaunchStatus.pending.rawValue
            var server = servers[id] ?? Server(status: status)
            server.status = status
            server.claimedInstance = participant.recoveryInstanceID ?? server.claimedInstance
            if participant.launchStatus == .launched, server.launchedAt == nil { server.launchedAt = elapsed }
            if server.isFailed, server.failedAt == nil { server.failedAt = elapsed }
            servers[id] = server
        }
        if !job.isActive, completedAt == nil { completedAt = elapsed }
        endedAt = job.endDateTime?.instant ?? endedAt
    }

    /// DescribeJobs did not show the job, which it may take a moment to do.
    package mutating func missed(at elapsed: Duration) {
        missingSince = missingSince ?? elapsed
    }

    /// Takes what DescribeRecoveryInstances shows; instances of other jobs are none of this one.
    package mutating func observe(_ instances: [DRS.RecoveryInstance]) {
        for instance in instances {
            guard let id = instance.sourceServerID.flatMap(SourceServerID.init), var server = servers[id] else {
                continue
            }
            let isOurs =
                instance.jobID == jobId
                || (instance.jobID == nil && instance.recoveryInstanceID == server.claimedInstance)
            guard isOurs else { continue }
            server.instance = instance.recoveryInstanceID
            servers[id] = server
        }
    }

    /// Takes the whole log as DescribeJobLogItems shows it.
    package mutating func observe(_ items: [DRS.JobLogItem], at elapsed: Duration, now: Instant) {
        log.read(items, at: elapsed, now: now)
        for id in servers.keys where servers[id]?.isFailed == true { servers[id]?.isExplained = true }
    }

    /// The log could not be read.
    ///
    /// It is read again at the next look; after `Cadence.logEnd` a failure is told without its reason rather than not at
    /// all.
    package mutating func missedLog(at elapsed: Duration) {
        log.missed(at: elapsed)
        for (id, server) in servers {
            guard let failedAt = server.failedAt, elapsed - failedAt >= cadence.logEnd else { continue }
            servers[id]?.isExplained = true
        }
    }

    /// What is new since the last time, in the order in which it is to be told.
    package mutating func events(at elapsed: Duration) -> [ProgressEvent] {
        guard !isGone else { return [] }
        if let since = missingSince, elapsed - since >= cadence.jobSight {
            isGone = true
            return [.failed(.init(.jobGone, "DRS no longer shows the job \(jobId)"))]
        }
        var events: [ProgressEvent] = []
        let reports = changedServers(at: elapsed)
        if !reports.isEmpty { events.append(.servers(reports)) }
        events += log.takeNew().map(ProgressEvent.logItems)
        if let completedAt, !hasToldEnd, log.hasEnd || elapsed - completedAt >= cadence.logEnd,
            // With the job's end whoever is not settled has failed: first what became of each must be certain.
            servers.values.allSatisfy({ !$0.isSettled || $0.isTold })
        {
            hasToldEnd = true
            events.append(.jobEnded(.init(jobId: jobId, endedAt: endedAt)))
        }
        return events
    }

    private mutating func changedServers(at elapsed: Duration) -> [ServerReport] {
        var reports: [ServerReport] = []
        for (id, server) in servers.sorted(by: { $0.key < $1.key }) {
            guard let report = report(of: id, server, at: elapsed), report != server.told else { continue }
            servers[id]?.told = report
            reports.append(report)
        }
        return reports
    }

    /// What is to be told of a server now; nil while it is not certain yet, or has been said for good.
    private func report(of id: SourceServerID, _ server: Server, at elapsed: Duration) -> ServerReport? {
        if let launchedAt = server.launchedAt, server.status == DRS.LaunchStatus.launched.rawValue {
            if let instance = server.instance {
                return server.told?.note == nil
                    ? ServerReport(sourceServerId: id, launchStatus: server.status, recoveryInstanceId: instance) : nil
            }
            guard elapsed - launchedAt >= cadence.instanceSight else { return nil }
            return ServerReport(
                sourceServerId: id,
                launchStatus: server.status,
                recoveryInstanceId: log.targets[id] ?? server.claimedInstance,
                note: "INSTANCE_NOT_SEEN"
            )
        }
        if server.isFailed {
            guard server.isExplained else { return nil }
            return ServerReport(sourceServerId: id, launchStatus: server.status, error: log.errors[id])
        }
        return ServerReport(sourceServerId: id, launchStatus: server.status)
    }
}
