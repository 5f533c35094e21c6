extension DRS {
    /// A server to recover, from its newest data where no recovery point is named.
    package struct ServerToRecover: Sendable, Hashable, Codable {
        package var sourceServerID: String

        /// `pit-…`; without it DRS takes a new recovery point and waits up to 10 minutes for it.
        package var recoverySnapshotID: String?

        package init(sourceServerID: String, recoverySnapshotID: String? = nil) {
            self.sourceServerID = sourceServerID
            self.recoverySnapshotID = recoverySnapshotID
        }
    }

    /// A recovery point.
    package struct RecoverySnapshot: Sendable, Hashable, Codable {
        package var snapshotID: String
        package var sourceServerID: String?
        package var expectedTimestamp: WireTime?
        package var timestamp: WireTime?
        package var ebsSnapshots: [String]?
    }

    /// An instance that a recovery or drill made.
    package struct RecoveryInstance: Sendable, Hashable, Codable {
        /// The state of failing back.
        package struct Failback: Sendable, Hashable, Codable {
            package var state: String?
            package var failbackJobID: String?
            package var failbackLaunchType: String?
            package var failbackInitiationTime: WireTime?
            package var elapsedReplicationDuration: String?
        }

        package var recoveryInstanceID: String
        package var ec2InstanceID: String?
        package var ec2InstanceState: InstanceState?
        package var jobID: String?
        package var sourceServerID: String?
        package var isDrill: Bool?
        package var arn: String?
        package var pointInTimeSnapshotDateTime: WireTime?
        package var originEnvironment: String?
        package var originAvailabilityZone: String?
        package var tags: [String: String]?
        package var failback: Failback?
        package var dataReplicationInfo: DataReplication?
        package var recoveryInstanceProperties: SourceProperties?
        package var sourceOutpostArn: String?
    }

    /// An EC2 instance's state as DRS writes it.
    package struct InstanceState: OpenValue {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        package static let pending: Self = "PENDING"
        package static let running: Self = "RUNNING"
        package static let stopping: Self = "STOPPING"
        package static let stopped: Self = "STOPPED"
        package static let shuttingDown: Self = "SHUTTING-DOWN"
        package static let terminated: Self = "TERMINATED"
        package static let notFound: Self = "NOT_FOUND"
    }

    /// How a server will be launched.
    package struct LaunchConfiguration: Sendable, Hashable, Codable {
        /// Who licenses the operating system.
        package struct Licensing: Sendable, Hashable, Codable {
            package var osByol: Bool?
        }

        package var sourceServerID: String?
        package var name: String?
        package var ec2LaunchTemplateID: String?
        package var launchDisposition: String?
        package var targetInstanceTypeRightSizingMethod: String?
        package var copyPrivateIp: Bool?
        package var copyTags: Bool?
        package var licensing: Licensing?
        package var postLaunchEnabled: Bool?
        package var recoveryMode: String?
    }
}
