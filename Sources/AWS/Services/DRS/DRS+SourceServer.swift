extension DRS {
    /// A server that is replicated.
    package struct SourceServer: Sendable, Hashable, Codable {
        package var sourceServerID: String
        package var arn: String?
        package var tags: [String: String]?
        package var recoveryInstanceId: String?
        package var lastLaunchResult: String?
        package var dataReplicationInfo: DataReplication?
        package var lifeCycle: LifeCycle?
        package var sourceProperties: SourceProperties?
        package var stagingArea: StagingArea?
        package var sourceCloudProperties: SourceCloudProperties?
        package var replicationDirection: String?
        package var reversedDirectionSourceServerArn: String?
        package var sourceNetworkID: String?
        package var agentVersion: String?
    }

    /// How replication stands.
    package struct DataReplicationState: OpenValue {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        package static let stopped: Self = "STOPPED"
        package static let initiating: Self = "INITIATING"
        package static let initialSync: Self = "INITIAL_SYNC"
        package static let backlog: Self = "BACKLOG"
        package static let creatingSnapshot: Self = "CREATING_SNAPSHOT"
        package static let continuous: Self = "CONTINUOUS"
        package static let paused: Self = "PAUSED"
        package static let rescan: Self = "RESCAN"
        package static let stalled: Self = "STALLED"
        package static let disconnected: Self = "DISCONNECTED"
    }

    /// Replication of a source server or of a recovery instance.
    package struct DataReplication: Sendable, Hashable, Codable {
        /// Why replication is stalled.
        package struct Failure: Sendable, Hashable, Codable {
            package var error: String?
            package var rawError: String?
        }

        /// One disk.
        package struct Disk: Sendable, Hashable, Codable {
            package var deviceName: String?
            package var totalStorageBytes: Int64?
            package var replicatedStorageBytes: Int64?
            package var rescannedStorageBytes: Int64?
            package var backloggedStorageBytes: Int64?
            package var volumeStatus: String?
        }

        package var dataReplicationState: DataReplicationState?

        /// An ISO 8601 duration (`P0D`, `PT2M3.5S`); of a recovery instance the model calls it a time, so it is text here.
        package var lagDuration: String?
        package var etaDateTime: String?
        package var replicatedDisks: [Disk]?
        package var dataReplicationError: Failure?
        package var stagingAvailabilityZone: String?
        package var stagingOutpostArn: String?
    }

    /// What a source server went through.
    ///
    /// There is no state in it; readiness is derived.
    package struct LifeCycle: Sendable, Hashable, Codable {
        /// The last launch, with an empty `initiated` where there was none.
        package struct LastLaunch: Sendable, Hashable, Codable {
            /// Who launched it.
            package struct Initiated: Sendable, Hashable, Codable {
                package var apiCallDateTime: WireTime?
                package var jobID: String?
                package var type: String?
            }

            package var initiated: Initiated?
            package var status: LaunchStatus?
        }

        package var addedToServiceDateTime: WireTime?
        package var firstByteDateTime: WireTime?
        package var lastSeenByServiceDateTime: WireTime?
        package var elapsedReplicationDuration: String?
        package var lastLaunch: LastLaunch?
    }

    /// What the agent told about a server.
    package struct SourceProperties: Sendable, Hashable, Codable {
        /// The server's names.
        package struct IdentificationHints: Sendable, Hashable, Codable {
            package var fqdn: String?
            package var hostname: String?
            package var vmWareUuid: String?
            package var awsInstanceID: String?
        }

        /// A disk's size.
        package struct Disk: Sendable, Hashable, Codable {
            package var deviceName: String?
            package var bytes: Int64?
        }

        /// A processor.
        package struct CPU: Sendable, Hashable, Codable {
            package var cores: Int64?
            package var modelName: String?
        }

        /// A network card.
        package struct NetworkInterface: Sendable, Hashable, Codable {
            package var macAddress: String?
            package var ips: [String]?
            package var isPrimary: Bool?
        }

        /// The operating system.
        package struct OS: Sendable, Hashable, Codable {
            package var fullString: String?
        }

        package var lastUpdatedDateTime: WireTime?
        package var recommendedInstanceType: String?
        package var identificationHints: IdentificationHints?
        package var networkInterfaces: [NetworkInterface]?
        package var disks: [Disk]?
        package var cpus: [CPU]?
        package var ramBytes: Int64?
        package var os: OS?
        package var supportsNitroInstances: Bool?
    }

    /// Where a server is staged: another account's where it is extended.
    package struct StagingArea: Sendable, Hashable, Codable {
        package var status: String?
        package var stagingAccountID: String?
        package var stagingSourceServerArn: String?
        package var errorMessage: String?
    }

    /// Where a server runs, if that is AWS.
    package struct SourceCloudProperties: Sendable, Hashable, Codable {
        package var originAccountID: String?
        package var originRegion: String?
        package var originAvailabilityZone: String?
        package var sourceOutpostArn: String?
    }
}
