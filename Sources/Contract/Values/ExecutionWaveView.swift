package import Ambient
package import JSON
package import Recovery

/// A wave of an execution as the API shows it.
package struct ExecutionWaveView: Codable, Sendable, Hashable {
    package var waveNumber: Int
    package var name: String
    package var status: WaveStatus
    @Nullable package var waitingFor: WaitingFor?
    @Nullable package var startedAt: Instant?
    @Nullable package var endedAt: Instant?
    package var jobs: [Job]
    package var servers: [Server]
    /// Null where the execution was not looked at as a whole, such as in the answer that starts it.
    @Nullable package var outlook: Outlook?
    /// Servers and jobs of the wave in accounts that the caller may not see; null: none.
    @Nullable package var outsideScope: OutsideScope?

    /// When the wave is done, in seconds since the start or, where the starter said so, the declaration of the disaster.
    package struct Outlook: Codable, Sendable, Hashable {
        /// As the plan alone has it: every wave takes what DRS usually takes, and nobody is waited for.
        package var plannedStartSeconds: Int
        package var plannedEndSeconds: Int
        /// When it must be done for the objective to be kept, the time shared out as planned; null: no objective.
        @Nullable package var targetSeconds: Int?
        /// As it looks now; null once the wave is settled.
        @Nullable package var forecastStartSeconds: Int?
        @Nullable package var forecastEndSeconds: Int?

        package init(
            plannedStartSeconds: Int,
            plannedEndSeconds: Int,
            targetSeconds: Int?,
            forecastStartSeconds: Int?,
            forecastEndSeconds: Int?
        ) {
            self.plannedStartSeconds = plannedStartSeconds
            self.plannedEndSeconds = plannedEndSeconds
            self.targetSeconds = targetSeconds
            self.forecastStartSeconds = forecastStartSeconds
            self.forecastEndSeconds = forecastEndSeconds
        }
    }

    /// A DRS job of the wave.
    package struct Job: Codable, Sendable, Hashable {
        package var jobId: String
        package var accountId: AccountNumber
        package var region: Region
        /// DRS's word, kept as text.
        package var status: String

        package init(
            jobId: String,
            accountId: AccountNumber,
            region: Region,
            status: String
        ) {
            self.jobId = jobId
            self.accountId = accountId
            self.region = region
            self.status = status
        }
    }

    /// A server of the wave.
    package struct Server: Codable, Sendable, Hashable {
        package var sourceServerId: SourceServerID
        @Nullable package var hostname: String?
        package var accountId: AccountNumber
        package var region: Region
        package var impact: Wave.Impact
        package var status: ServerStatus
        /// DRS's word, kept as text.
        @Nullable package var launchStatus: String?
        @Nullable package var jobId: String?
        @Nullable package var recoveryInstanceId: String?
        @Nullable package var instanceState: InstanceState?
        package var attempts: Int
        @Nullable package var startedAt: Instant?
        @Nullable package var endedAt: Instant?
        @Nullable package var error: String?
        /// What it is, or was, launched from: null for its latest data.
        @Nullable package var recoverySnapshotId: RecoverySnapshotID?
        /// Set while its job is queued and waits.
        @Nullable package var waitingFor: WaitingFor?

        package init(
            sourceServerId: SourceServerID,
            hostname: String?,
            accountId: AccountNumber,
            region: Region,
            impact: Wave.Impact,
            status: ServerStatus,
            launchStatus: String?,
            jobId: String?,
            recoveryInstanceId: String?,
            instanceState: InstanceState?,
            attempts: Int,
            startedAt: Instant?,
            endedAt: Instant?,
            error: String?,
            recoverySnapshotId: RecoverySnapshotID?,
            waitingFor: WaitingFor?
        ) {
            self.sourceServerId = sourceServerId
            self.hostname = hostname
            self.accountId = accountId
            self.region = region
            self.impact = impact
            self.status = status
            self.launchStatus = launchStatus
            self.jobId = jobId
            self.recoveryInstanceId = recoveryInstanceId
            self.instanceState = instanceState
            self.attempts = attempts
            self.startedAt = startedAt
            self.endedAt = endedAt
            self.error = error
            self.recoverySnapshotId = recoverySnapshotId
            self.waitingFor = waitingFor
        }
    }

    package init(
        waveNumber: Int,
        name: String,
        status: WaveStatus,
        waitingFor: WaitingFor?,
        startedAt: Instant?,
        endedAt: Instant?,
        jobs: [Job],
        servers: [Server],
        outlook: Outlook? = nil,
        outsideScope: OutsideScope? = nil
    ) {
        self.waveNumber = waveNumber
        self.name = name
        self.status = status
        self.waitingFor = waitingFor
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.jobs = jobs
        self.servers = servers
        self.outlook = outlook
        self.outsideScope = outsideScope
    }
}
