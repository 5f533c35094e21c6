package import Ambient
package import Recovery

extension InventoryPage {
    /// A source server as DRS shows it.
    package struct Server: Sendable, Hashable, Codable {
        package var sourceServerId: SourceServerID
        package var hostname: String
        package var tags: [String: String]
        package var replicationState: String
        package var lagSeconds: Int?
        package var recoveryInstanceId: String?
        package var lastLaunch: SourceServer.LastLaunch?

        package init(
            sourceServerId: SourceServerID,
            hostname: String,
            tags: [String: String],
            replicationState: String,
            lagSeconds: Int?,
            recoveryInstanceId: String?,
            lastLaunch: SourceServer.LastLaunch?
        ) {
            self.sourceServerId = sourceServerId
            self.hostname = hostname
            self.tags = tags
            self.replicationState = replicationState
            self.lagSeconds = lagSeconds
            self.recoveryInstanceId = recoveryInstanceId
            self.lastLaunch = lastLaunch
        }
    }

    /// A recovery instance as DRS shows it.
    package struct RecoveryInstance: Sendable, Hashable, Codable {
        package var recoveryInstanceId: String
        package var sourceServerId: SourceServerID?
        package var jobId: String?
        package var isDrill: Bool
        /// EC2's word, such as `RUNNING` or `STOPPED`.
        package var state: String
        /// When EC2 launched it, where EC2 was asked and said so.
        package var launchedAt: Instant?
        /// Such as `m5.large`, likewise.
        package var instanceType: String?

        package init(
            recoveryInstanceId: String,
            sourceServerId: SourceServerID?,
            jobId: String?,
            isDrill: Bool,
            state: String,
            launchedAt: Instant? = nil,
            instanceType: String? = nil
        ) {
            self.recoveryInstanceId = recoveryInstanceId
            self.sourceServerId = sourceServerId
            self.jobId = jobId
            self.isDrill = isDrill
            self.state = state
            self.launchedAt = launchedAt
            self.instanceType = instanceType
        }
    }

    /// A DRS job in progress.
    package struct Job: Sendable, Hashable, Codable {
        package var jobId: String
        package var type: String
        package var status: String
        package var startedAt: Instant?
        package var sourceServerIds: [SourceServerID]
        /// The tag `muster:command`, where the job carries one.
        package var commandKey: String?

        package init(
            jobId: String,
            type: String,
            status: String,
            startedAt: Instant?,
            sourceServerIds: [SourceServerID],
            commandKey: String?
        ) {
            self.jobId = jobId
            self.type = type
            self.status = status
            self.startedAt = startedAt
            self.sourceServerIds = sourceServerIds
            self.commandKey = commandKey
        }
    }

    /// An execution of one of DRS's own recovery plans that DRS works on now.
    package struct NativeExecution: Sendable, Hashable, Codable {
        package var executionArn: String
        package var planArn: String?
        package var planName: String?
        package var status: String
        package var startedAt: Instant?
        /// Every server of every step.
        package var sourceServerIds: [SourceServerID]

        package init(
            executionArn: String,
            planArn: String?,
            planName: String?,
            status: String,
            startedAt: Instant?,
            sourceServerIds: [SourceServerID]
        ) {
            self.executionArn = executionArn
            self.planArn = planArn
            self.planName = planName
            self.status = status
            self.startedAt = startedAt
            self.sourceServerIds = sourceServerIds
        }
    }
}
