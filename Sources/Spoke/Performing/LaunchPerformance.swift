internal import AWS
internal import Ambient
internal import Contract
internal import Foundation
internal import Logging
internal import Recovery

/// Starts one DRS job, or finds the one that was started before, and follows it to its end.
///
/// What it does next is decided by `LaunchCourse`; here it is done.
struct LaunchPerformance: Sendable {
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

    /// How far it is, and what came of its last steps.
    private struct Progress {
        var course: LaunchCourse
        var job: DRS.Job?
        var failedStart: AWSFailure?
        var failedLook: AWSFailure?
    }

    /// The command's job, found or started; nil where it was reported that there is none yet.
    private func job() async throws -> DRS.Job? {
        var progress = Progress(
            course: LaunchCourse(
                settle: .seconds(launch.settleSeconds),
                mayStart: launch.mayStart ?? true,
                at: time.elapsed()
            )
        )
        var step = progress.course.first
        while true {
            switch step {
            case .look: step = try await look(&progress)
            case .pause(let pause):
                try await time.sleep(for: pause)
                step = .look
            case .send: step = try await start(&progress)
            case .follow: return progress.job
            case .giveBack(let reason):
                try await reporter.report(.startDeferred(Self.problem(reason, progress)))
                return nil
            case .refuse:
                if let failure = progress.failedStart { try await reporter.report(.failed(.init(failure))) }
                return nil
            case .fail:
                if let failure = progress.failedLook { throw failure }
                return nil
            }
        }
    }

    /// Looks for the job by its tag.
    private func look(_ progress: inout Progress) async throws -> LaunchCourse.Step {
        do {
            progress.job = try await place.tagged.job(
                key: launch.key,
                since: launch.executionId.moment.map { $0 - Self.slack }
            )
            if let job = progress.job { say("job found by its tag", job) }
            return progress.course.looked(isFound: progress.job != nil, at: time.elapsed())
        } catch let failure as AWSFailure {
            progress.failedLook = failure
            return progress.course.lookFailed(isTransient: failure.isTransient)
        }
    }

    private func start(_ progress: inout Progress) async throws -> LaunchCourse.Step {
        do {
            let job = try await send()
            say("job started", job)
            progress.job = job
            return .follow
        } catch let failure as AWSFailure {
            logger.warning(
                "start had no job for an answer",
                metadata: ["key": "\(launch.key)", "reason": "\(failure)"]
            )
            progress.failedStart = failure
            return progress.course.startFailed(LaunchCourse.Failure(failure), at: time.elapsed())
        } catch is LeaseCheck.Lost {
            return .giveBack(.leaseLost)
        }
    }

    /// What is said of a job that is not there yet.
    private static func problem(_ reason: LaunchCourse.Reason, _ progress: Progress) -> ProgressEvent.Problem {
        switch (reason, progress.failedStart, progress.failedLook) {
        case (.stillUnclear, _, let look?):
            var problem = ProgressEvent.Problem(look)
            problem.isUnclear = true
            return problem
        case (.start, let start?, _): return .init(start)
        case (.startAndLook, let start?, let look?):
            return .init(.unclear, "\(start); \(look)", isUnclear: start.isUnclear)
        case (.notStarted, _, _): return .init(.notStarted, "it must not be started any more, and was not")
        case (.leaseLost, _, _), (.stillUnclear, _, nil), (.start, nil, _), (.startAndLook, _, _):
            return .init(.leaseLost, "the lease may have gone to another spoke, nothing was sent")
        }
    }

    private func send() async throws -> DRS.Job {
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

extension LaunchCourse.Failure {
    init(_ failure: AWSFailure) {
        self = []
        if failure.isUnclear { insert(.unclear) }
        if failure.isConflict { insert(.conflict) }
        if failure.isQuota || failure.isThrottle || failure.isTransient { insert(.passing) }
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
