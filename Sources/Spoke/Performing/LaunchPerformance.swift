internal import AWS
internal import Ambient
internal import Contract
internal import Foundation
internal import Logging
internal import Recovery

/// Starts one DRS job, or finds the one that was started before, and follows it to its end.
///
/// StartRecovery has no token that would make it idempotent. So a job is always looked for first, by its tag with the
/// command's deterministic key; it is started only where there is none; and where an answer is unclear it is looked for
/// again (design: exactly once).
struct LaunchPerformance: Sendable {
    /// How long a job is looked for whose start had no clear answer: DescribeJobs shows a new job within a few seconds.
    static let settling: Duration = .seconds(5)
    /// Between two looks for a job.
    static let look: Duration = .seconds(1)
    /// Clocks differ; a job is not older than its execution by more than this.
    static let slack: Duration = .seconds(600)

    let launch: Launch
    let place: ServedPlace
    let lease: LeaseCheck
    let reporter: Reporter
    let cadence: Cadence
    let time: any TimeSource
    let logger: Logger

    func perform() async throws {
        guard let job = try await job() else { return }
        try await reporter.report(.jobAccepted(Self.accepted(job)))
        let hasFailed = Watched(false)
        try await place.poller.follow(job.jobID) { event in
            if event.kind == .failed { hasFailed.change { $0 = true } }
            try await reporter.report(event)
        }
        if !hasFailed.value { try await reporter.report(.done) }
    }

    /// The command's job, found or started; nil where it was reported that there is none yet.
    private func job() async throws -> DRS.Job? {
        do {
            if let job = try await find(for: .seconds(launch.settleSeconds)) {
                say("job found by its tag", job)
                return job
            }
        } catch let failure as AWSFailure where failure.isTransient && launch.settleSeconds > 0 {
            // What was unclear before is not made clear by a look that failed.
            var problem = ProgressEvent.Problem(failure)
            problem.isUnclear = true
            try await reporter.report(.startDeferred(problem))
            return nil
        }
        do {
            let job = try await start()
            say("job started", job)
            return job
        } catch let failure as AWSFailure {
            return try await job(after: failure)
        } catch is LeaseCheck.Lost {
            let message = "the lease may have gone to another spoke, nothing was sent"
            try await reporter.report(.startDeferred(.init(.leaseLost, message)))
            return nil
        }
    }

    private func start() async throws -> DRS.Job {
        try await place.drs.startRecovery(
            of: launch.servers.map {
                .init(sourceServerID: $0.sourceServerId.rawValue, recoverySnapshotID: $0.recoverySnapshotId?.rawValue)
            },
            isDrill: launch.isDrill,
            tags: [
                TaggedJobs.executionTag: launch.executionId.description,
                TaggedJobs.waveTag: String(launch.waveNumber),
                TaggedJobs.commandTag: launch.key,
            ],
            beforeSending: { [lease] in try lease.confirm() }
        )
    }

    /// What a start means that did not answer with a job.
    private func job(after failure: AWSFailure) async throws -> DRS.Job? {
        logger.warning("start had no job for an answer", metadata: ["key": "\(launch.key)", "reason": "\(failure)"])
        // A conflict may be with our own job, whose answer an earlier attempt did not live to see.
        if failure.isUnclear || failure.isConflict {
            let patience = failure.isUnclear ? Self.settling : .zero
            do {
                if let job = try await find(for: patience) {
                    say("job found by its tag", job)
                    return job
                }
            } catch let other as AWSFailure {
                let problem = ProgressEvent.Problem(.unclear, "\(failure); \(other)", isUnclear: failure.isUnclear)
                try await reporter.report(.startDeferred(problem))
                return nil
            }
        }
        let isDeferred =
            failure.isUnclear || failure.isConflict || failure.isQuota || failure.isThrottle || failure.isTransient
        try await reporter.report(isDeferred ? .startDeferred(.init(failure)) : .failed(.init(failure)))
        return nil
    }

    /// Looks for the job by its tag, again and again for as long as asked; at least once.
    private func find(for patience: Duration) async throws -> DRS.Job? {
        let end = time.elapsed() + patience
        while true {
            if let job = try await place.tagged.job(
                key: launch.key,
                since: launch.executionId.moment.map { $0 - Self.slack }
            ) {
                return job
            }
            let left = end - time.elapsed()
            guard left > .zero else { return nil }
            try await time.sleep(for: min(left, Self.look))
        }
    }

    private func say(_ message: Logger.Message, _ job: DRS.Job) {
        logger.info(
            message,
            metadata: ["job": "\(job.jobID)", "key": "\(launch.key)", "servers": "\(launch.servers.count)"]
        )
    }

    private static func accepted(_ job: DRS.Job) -> ProgressEvent.JobAccepted {
        ProgressEvent.JobAccepted(
            jobId: job.jobID,
            status: job.status?.rawValue ?? DRS.JobStatus.pending.rawValue,
            sourceServerIds: (job.participatingServers ?? []).compactMap {
                $0.sourceServerID.flatMap(SourceServerID.init)
            }
        )
    }
}

extension Identifier {
    /// The moment that an identifier of version 7 was made (RFC 9562 section 5.7); nil for other versions.
    var moment: Instant? {
        let bytes = uuid.uuid
        guard bytes.6 >> 4 == 7 else { return nil }
        let milliseconds = [bytes.0, bytes.1, bytes.2, bytes.3, bytes.4, bytes.5].reduce(Int64(0)) {
            $0 << 8 | Int64($1)
        }
        return Instant(milliseconds: milliseconds)
    }
}
