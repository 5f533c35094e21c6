internal import Ambient

/// A job of DRS, planned whole when it is created: what it shows later is a question of the time only.
///
/// All times are simulated.
package struct Job: Sendable {
    /// What the job does (`type`).
    package enum Kind: String, Sendable {
        case launch = "LAUNCH"
        case terminate = "TERMINATE"
    }

    /// The call that made it (`initiatedBy`).
    package enum Initiator: String, Sendable {
        case drill = "START_DRILL"
        case recovery = "START_RECOVERY"
        case termination = "TERMINATE_RECOVERY_INSTANCES"
    }

    /// A job never fails and cannot be cancelled: what went wrong stands in its participants.
    package enum Status: String, Sendable {
        case pending = "PENDING"
        case started = "STARTED"
        case completed = "COMPLETED"
    }

    /// What is known of a launch job before its servers are planned.
    struct Outline {
        let id: String
        let isDrill: Bool
        let created: Duration
    }

    package let id: String
    package let kind: Kind
    package let initiator: Initiator
    package let created: Duration
    package let started: Duration
    package let ended: Duration
    package let participants: [Participant]
    /// In the order of their times.
    package let log: [LogItem]
    package var tags: [String: String]

    package func status(at moment: Duration) -> Status {
        moment >= ended ? .completed : moment >= started ? .started : .pending
    }

    /// The log as far as it has been written.
    package func log(at moment: Duration) -> ArraySlice<LogItem> {
        log.prefix { $0.moment <= moment }
    }
}

/// A server in a job, with what will become of it.
package struct Participant: Sendable {
    /// How far it has come (`launchStatus`).
    package enum Status: String, Sendable {
        case pending = "PENDING"
        case inProgress = "IN_PROGRESS"
        case launched = "LAUNCHED"
        case failed = "FAILED"
        case terminated = "TERMINATED"
    }

    package let server: String
    /// The instance that is launched or terminated; nil when the launch fails before it.
    package let instance: String?
    /// When it goes from `PENDING` to `IN_PROGRESS`; never when it settles before.
    package let begins: Duration
    package let settles: Duration
    package let outcome: Status

    package func status(at moment: Duration) -> Status {
        moment >= settles ? outcome : moment >= begins ? .inProgress : .pending
    }
}

/// A line of a job's log.
package struct LogItem: Sendable, Hashable {
    /// What happened, as DRS names it.
    package enum Event: String, Sendable {
        case jobStart = "JOB_START"
        case cleanupStart = "CLEANUP_START"
        case cleanupEnd = "CLEANUP_END"
        case snapshotStart = "SNAPSHOT_START"
        case snapshotEnd = "SNAPSHOT_END"
        case snapshotFail = "SNAPSHOT_FAIL"
        case usingPreviousSnapshot = "USING_PREVIOUS_SNAPSHOT"
        case conversionStart = "CONVERSION_START"
        case conversionEnd = "CONVERSION_END"
        case conversionFail = "CONVERSION_FAIL"
        case launchStart = "LAUNCH_START"
        /// Returned by DRS though its model lacks it.
        case launchEnd = "LAUNCH_END"
        case launchFailed = "LAUNCH_FAILED"
        case jobEnd = "JOB_END"
    }

    package let moment: Duration
    package let event: Event
    package var server: String?
    package var conversionServer: String?
    package var instance: String?
    package var error: String?

    init(
        _ event: Event,
        at moment: Duration,
        server: String? = nil,
        conversionServer: String? = nil,
        instance: String? = nil,
        error: String? = nil
    ) {
        self.moment = moment
        self.event = event
        self.server = server
        self.conversionServer = conversionServer
        self.instance = instance
        self.error = error
    }
}
