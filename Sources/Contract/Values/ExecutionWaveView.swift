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

    /// What a wave waits for.
    package struct WaitingFor: Codable, Sendable, Hashable {
        package var kind: WaitKind
        /// Since when, where it is known.
        @Nullable package var since: Instant?
        /// When the wait ends by itself, such as a pause that expires.
        @Nullable package var until: Instant?
        /// What exactly, in words: which quota of which account and Region, how many approvals are left.
        @Nullable package var detail: String?

        package init(
            kind: WaitKind,
            since: Instant?,
            until: Instant?,
            detail: String?
        ) {
            self.kind = kind
            self.since = since
            self.until = until
            self.detail = detail
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
            error: String?
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
        servers: [Server]
    ) {
        self.waveNumber = waveNumber
        self.name = name
        self.status = status
        self.waitingFor = waitingFor
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.jobs = jobs
        self.servers = servers
    }
}

/// What kind of thing a wave waits for.
package enum WaitKind: String, Codable, Sendable, CaseIterable {
    case pause = "PAUSE"
    case approval = "APPROVAL"
    case quota = "QUOTA"
}
