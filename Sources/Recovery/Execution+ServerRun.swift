package import Ambient

extension Execution {
    /// One server of the execution.
    ///
    /// `status` never changes once settled; what becomes of its instance is its own field.
    package struct ServerRun: Sendable, Hashable {
        package let sourceServerId: SourceServerID
        package let waveNumber: Int
        package internal(set) var status: ServerStatus
        /// DRS's word for it.
        package internal(set) var launchStatus: String?
        package internal(set) var jobId: String?
        package internal(set) var recoveryInstanceId: String?
        package internal(set) var instanceState: InstanceState?
        package internal(set) var attempts: Int
        package internal(set) var startedAt: Instant?
        package internal(set) var endedAt: Instant?
        package internal(set) var error: String?
        /// What is odd about a success, such as INSTANCE_NOT_SEEN.
        package internal(set) var note: String?
        /// What a person chose to launch it from, instead of what the plan says; it stays through retries.
        package internal(set) var recoveryPoint: RecoveryPoint?

        package init(
            sourceServerId: SourceServerID,
            waveNumber: Int,
            status: ServerStatus = .pending,
            launchStatus: String? = nil,
            jobId: String? = nil,
            recoveryInstanceId: String? = nil,
            instanceState: InstanceState? = nil,
            attempts: Int = 0,
            startedAt: Instant? = nil,
            endedAt: Instant? = nil,
            error: String? = nil,
            note: String? = nil,
            recoveryPoint: RecoveryPoint? = nil
        ) {
            self.sourceServerId = sourceServerId
            self.waveNumber = waveNumber
            self.status = status
            self.launchStatus = launchStatus
            self.jobId = jobId
            self.recoveryInstanceId = recoveryInstanceId
            self.instanceState = instanceState
            self.attempts = attempts
            self.startedAt = startedAt
            self.endedAt = endedAt
            self.error = error
            self.note = note
            self.recoveryPoint = recoveryPoint
        }
    }
}
