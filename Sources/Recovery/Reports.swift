/// What DRS says of one server of a job.
package struct ServerReport: Sendable, Hashable, Codable {
    package var sourceServerId: SourceServerID
    /// DRS's word: `PENDING`, `IN_PROGRESS`, `LAUNCHED`, `FAILED`, or one not known yet.
    package var launchStatus: String
    /// Set once the instance is known; LAUNCHED counts only with it (or with `note` INSTANCE_NOT_SEEN).
    package var recoveryInstanceId: String?
    package var error: String?
    /// `INSTANCE_NOT_SEEN`: DRS says LAUNCHED but for 5 minutes no recovery instance was to be seen.
    package var note: String?

    package init(
        sourceServerId: SourceServerID,
        launchStatus: String,
        recoveryInstanceId: String? = nil,
        error: String? = nil,
        note: String? = nil
    ) {
        self.sourceServerId = sourceServerId
        self.launchStatus = launchStatus
        self.recoveryInstanceId = recoveryInstanceId
        self.error = error
        self.note = note
    }
}

/// How far the termination of one server's instance is.
package struct InstanceReport: Sendable, Hashable, Codable {
    package enum State: String, Sendable, Codable, CaseIterable {
        case terminating = "TERMINATING"
        /// DRS no longer shows it.
        case terminated = "TERMINATED"
        case failed = "FAILED"
    }

    package var sourceServerId: SourceServerID
    package var recoveryInstanceId: String?
    package var state: State
    package var error: String?

    package init(sourceServerId: SourceServerID, recoveryInstanceId: String?, state: State, error: String? = nil) {
        self.sourceServerId = sourceServerId
        self.recoveryInstanceId = recoveryInstanceId
        self.state = state
        self.error = error
    }
}
