package import Ambient
package import Recovery

/// One thing that happened while a spoke performed a command.
package struct ProgressReport: Sendable, Hashable, Codable {
    package var commandId: AgentCommand.ID
    package var attempt: Int
    package var term: Int
    /// Counts the reports of one command and term, from 1 without gaps.
    package var sequence: Int
    package var at: Instant
    package var event: ProgressEvent

    package init(
        commandId: AgentCommand.ID,
        attempt: Int,
        term: Int,
        sequence: Int,
        at: Instant,
        event: ProgressEvent
    ) {
        self.commandId = commandId
        self.attempt = attempt
        self.term = term
        self.sequence = sequence
        self.at = at
        self.event = event
    }
}

/// What happened; on the wire an object whose member `kind` says which.
package enum ProgressEvent: Sendable, Hashable {
    /// DRS has the job: started now, or found by its tag.
    case jobAccepted(JobAccepted)
    /// DRS said no for now (quota 402, conflict 409, throttled to the end, not sent): the hub queues the command again.
    case startDeferred(Problem)
    /// What is new of servers of the job; only those that changed.
    case servers([ServerReport])
    /// New items of the job's log, oldest first.
    case logItems([JobLogItem])
    /// DRS shows the job COMPLETED and its log is read up to JOB_END (or 30 s have passed since).
    case jobEnded(JobEnded)
    /// What is new of instances that are being terminated.
    case instances([InstanceReport])
    /// The answers of VALIDATE_ACCESS.
    case access([AccessCheck])
    /// What CHECK_SERVERS found of some of its servers.
    case findings([ServerFinding])
    /// The command is done; nothing more comes.
    case done
    /// The command cannot be done, and trying again would not help; nothing more comes.
    case failed(Problem)

    package struct JobAccepted: Sendable, Hashable, Codable {
        package var jobId: String
        package var status: String
        /// Servers that DRS took into the job.
        package var sourceServerIds: [SourceServerID]

        package init(jobId: String, status: String, sourceServerIds: [SourceServerID]) {
            self.jobId = jobId
            self.status = status
            self.sourceServerIds = sourceServerIds
        }
    }

    package struct JobEnded: Sendable, Hashable, Codable {
        package var jobId: String
        package var endedAt: Instant?

        package init(jobId: String, endedAt: Instant?) {
            self.jobId = jobId
            self.endedAt = endedAt
        }
    }

    package struct Problem: Sendable, Hashable, Codable {
        /// AWS's error code, or one of ours.
        package var code: String
        package var message: String
        package var retryAfterSeconds: Int?
        /// Whether an earlier send may have reached DRS: the next attempt then settles first.
        package var isUnclear: Bool

        package init(code: String, message: String, retryAfterSeconds: Int? = nil, isUnclear: Bool = false) {
            self.code = code
            self.message = message
            self.retryAfterSeconds = retryAfterSeconds
            self.isUnclear = isUnclear
        }
    }
}

/// One item of a DRS job's log.
package struct JobLogItem: Sendable, Hashable, Codable {
    package var at: Instant
    package var event: String
    package var sourceServerId: SourceServerID?
    /// What else DRS said, as one line: conversion server, target instance, raw error.
    package var detail: String?

    package init(at: Instant, event: String, sourceServerId: SourceServerID?, detail: String?) {
        self.at = at
        self.event = event
        self.sourceServerId = sourceServerId
        self.detail = detail
    }
}

/// Whether one IAM action, or one property of the trust, holds.
package struct AccessCheck: Sendable, Hashable, Codable {
    package enum Result: String, Sendable, Codable, CaseIterable {
        case allowed = "ALLOWED"
        case denied = "DENIED"
        case notChecked = "NOT_CHECKED"
    }

    /// An IAM action (`drs:StartRecovery`) or a name of ours (`AssumeRoleWithoutExternalId`).
    package var action: String
    package var result: Result
    package var detail: String?

    /// Whether it is about an IAM action, which should be allowed; the rest are ways in that should be denied.
    package var isAction: Bool { action.contains(":") }

    package init(action: String, result: Result, detail: String? = nil) {
        self.action = action
        self.result = result
        self.detail = detail
    }
}
