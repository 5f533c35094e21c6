extension DRS {
    /// Work of DRS on some servers.
    package struct Job: Sendable, Hashable, Codable {
        package var jobID: String
        package var arn: String?
        package var type: JobType?
        package var initiatedBy: Initiator?
        package var status: JobStatus?
        package var creationDateTime: WireTime?
        package var endDateTime: WireTime?
        package var participatingServers: [ParticipatingServer]?
        package var tags: [String: String]?

        /// Whether DRS still works on it; a status that is not known counts as active.
        package var isActive: Bool {
            status != .completed
        }
    }

    /// One server of a job: the truth about a launch is here.
    package struct ParticipatingServer: Sendable, Hashable, Codable {
        package var sourceServerID: String?

        /// The EC2 instance; may be missing even when the job is completed.
        package var recoveryInstanceID: String?
        package var launchStatus: LaunchStatus?
        package var launchActionsStatus: LaunchActionsStatus?
    }

    /// The runs of post-launch actions.
    package struct LaunchActionsStatus: Sendable, Hashable, Codable {
        package var ssmAgentDiscoveryDatetime: WireTime?
        package var runs: [LaunchActionRun]?
    }

    /// One run of a post-launch action.
    package struct LaunchActionRun: Sendable, Hashable, Codable {
        /// The action itself, of which the name is what a person wants to see.
        package struct Action: Sendable, Hashable, Codable {
            package var actionId: String?
            package var actionCode: String?
            package var name: String?
            package var optional: Bool?
        }

        package var action: Action?
        package var runId: String?
        package var status: String?
        package var failureReason: String?
    }

    /// One event of a job's log.
    package struct JobLogItem: Sendable, Hashable, Codable {
        package var logDateTime: WireTime?
        package var event: JobLogEvent?
        package var eventData: JobLogEventData?
    }

    /// What happened in a job.
    package struct JobLogEvent: OpenValue {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        package static let jobStart: Self = "JOB_START"
        package static let jobEnd: Self = "JOB_END"
        package static let jobCancel: Self = "JOB_CANCEL"
        package static let snapshotStart: Self = "SNAPSHOT_START"
        package static let snapshotEnd: Self = "SNAPSHOT_END"
        package static let snapshotFail: Self = "SNAPSHOT_FAIL"
        package static let conversionStart: Self = "CONVERSION_START"
        package static let conversionEnd: Self = "CONVERSION_END"
        package static let conversionFail: Self = "CONVERSION_FAIL"
        package static let launchStart: Self = "LAUNCH_START"

        /// Returned by DRS though its model lacks it.
        package static let launchEnd: Self = "LAUNCH_END"
        package static let launchFailed: Self = "LAUNCH_FAILED"
    }

    /// What a job's event is about.
    package struct JobLogEventData: Sendable, Hashable, Codable {
        package var sourceServerID: String?
        package var conversionServerID: String?
        package var targetInstanceID: String?
        package var rawError: String?
        package var attemptCount: Int?
        package var maxAttemptsCount: Int?
    }
}
