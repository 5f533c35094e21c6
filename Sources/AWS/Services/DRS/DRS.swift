/// The values of AWS Elastic Disaster Recovery as its API writes them (version 2020-02-26, botocore 1.44.5).
///
/// Members have the API's own names. All but identifiers may be missing, because real answers leave out what the model
/// promises.
package enum DRS {}

extension DRS {
    /// How far the launch of one server is.
    ///
    /// A server is recovered when it is `LAUNCHED`; a job that is `COMPLETED` says nothing.
    package struct LaunchStatus: OpenValue {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        package static let pending: Self = "PENDING"
        package static let inProgress: Self = "IN_PROGRESS"
        package static let launched: Self = "LAUNCHED"
        package static let failed: Self = "FAILED"
        package static let terminated: Self = "TERMINATED"
    }

    /// How far a job is; there is no failed one.
    package struct JobStatus: OpenValue {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        package static let pending: Self = "PENDING"
        package static let started: Self = "STARTED"
        package static let completed: Self = "COMPLETED"
    }

    /// What a job does.
    package struct JobType: OpenValue {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        package static let launch: Self = "LAUNCH"
        package static let terminate: Self = "TERMINATE"
        package static let createConvertedSnapshot: Self = "CREATE_CONVERTED_SNAPSHOT"
    }

    /// What started a job.
    package struct Initiator: OpenValue {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        package static let startRecovery: Self = "START_RECOVERY"
        package static let startDrill: Self = "START_DRILL"
        package static let failback: Self = "FAILBACK"
        package static let terminateRecoveryInstances: Self = "TERMINATE_RECOVERY_INSTANCES"
    }
}
