/// One fact of an execution's history, before it gets its time, its number, and its place in the hash chain.
package struct JournalEntry: Sendable, Hashable {
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case executionStarted = "EXECUTION_STARTED"
        case executionStatus = "EXECUTION_STATUS"
        case executionEnded = "EXECUTION_ENDED"
        case waveStarted = "WAVE_STARTED"
        case waveWaiting = "WAVE_WAITING"
        case waveStatus = "WAVE_STATUS"
        case waveSettled = "WAVE_SETTLED"
        case waveApproved = "WAVE_APPROVED"
        case waveDeclined = "WAVE_DECLINED"
        case jobQueued = "JOB_QUEUED"
        case jobAccepted = "JOB_ACCEPTED"
        case jobDeferred = "JOB_DEFERRED"
        /// It begins to wait for room, or for whatever uses its servers.
        case jobWaiting = "JOB_WAITING"
        /// DRS took a job that had waited.
        case jobWaitOver = "JOB_WAIT_OVER"
        case jobRefused = "JOB_REFUSED"
        case jobWithdrawn = "JOB_WITHDRAWN"
        case jobTimedOut = "JOB_TIMED_OUT"
        case jobEnded = "JOB_ENDED"
        case serverLaunched = "SERVER_LAUNCHED"
        case serverFailed = "SERVER_FAILED"
        case serverLateResult = "SERVER_LATE_RESULT"
        case pauseRequested = "PAUSE_REQUESTED"
        case resumed = "RESUMED"
        case pauseExpired = "PAUSE_EXPIRED"
        case cancelRequested = "CANCEL_REQUESTED"
        case retryRequested = "RETRY_REQUESTED"
        case skipRequested = "SKIP_REQUESTED"
        case recoveryPointReplaced = "RECOVERY_POINT_REPLACED"
        case executionReopened = "EXECUTION_REOPENED"
        case note = "NOTE"
        case terminationRequested = "TERMINATION_REQUESTED"
        case instanceTerminated = "INSTANCE_TERMINATED"
        case instanceTerminationFailed = "INSTANCE_TERMINATION_FAILED"
        case terminationEnded = "TERMINATION_ENDED"
    }

    package var kind: Kind
    /// Who did it, where a person did.
    package var by: String?
    package var waveNumber: Int?
    package var place: Place?
    package var jobKey: JobKey?
    package var jobId: String?
    package var sourceServerId: SourceServerID?
    package var recoveryInstanceId: String?
    /// The label of what was reached: a status, a mode, a code.
    package var label: String?
    /// What a person said, or AWS did.
    package var text: String?

    package init(
        _ kind: Kind,
        by: String? = nil,
        waveNumber: Int? = nil,
        place: Place? = nil,
        jobKey: JobKey? = nil,
        jobId: String? = nil,
        sourceServerId: SourceServerID? = nil,
        recoveryInstanceId: String? = nil,
        label: String? = nil,
        text: String? = nil
    ) {
        self.kind = kind
        self.by = by
        self.waveNumber = waveNumber
        self.place = place
        self.jobKey = jobKey
        self.jobId = jobId
        self.sourceServerId = sourceServerId
        self.recoveryInstanceId = recoveryInstanceId
        self.label = label
        self.text = text
    }
}

extension JournalEntry {
    /// A fact about a job.
    static func about(_ job: Execution.JobRun, _ kind: Kind, label: String? = nil, text: String? = nil) -> JournalEntry
    {
        JournalEntry(
            kind,
            waveNumber: job.waveNumber,
            place: job.place,
            jobKey: job.key,
            jobId: job.jobId,
            label: label,
            text: text
        )
    }
}

extension JournalEntry.Kind {
    /// What somebody looks for who asks what went wrong; a status that was reached is one when it is FAILED.
    package static let problems: [Self] = [
        .jobDeferred, .jobRefused, .jobTimedOut, .serverFailed, .serverLateResult, .waveDeclined, .pauseExpired,
        .recoveryPointReplaced, .instanceTerminationFailed,
    ]
}
