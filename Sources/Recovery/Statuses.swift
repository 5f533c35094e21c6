/// What an execution does: try the recovery, or recover.
package enum ExecutionType: String, Sendable, Codable, CaseIterable {
    case drill = "DRILL"
    case recovery = "RECOVERY"
}

/// Where an execution stands.
package enum ExecutionStatus: String, Sendable, Codable, CaseIterable {
    /// Checked and frozen.
    case pending = "PENDING"
    /// The first commands are written.
    case initiated = "INITIATED"
    /// DRS accepted a job.
    case running = "RUNNING"
    /// Nothing is in flight and a wave waits for a person.
    case paused = "PAUSED"
    /// Cancelled, but jobs that cannot be stopped still run.
    case cancelling = "CANCELLING"
    /// Every server launched and nothing was skipped.
    case completed = "COMPLETED"
    /// It ran to its end with gaps.
    case partial = "PARTIAL"
    /// It stopped, or nothing launched.
    case failed = "FAILED"
    case cancelled = "CANCELLED"

    /// Whether it has ended.
    package var isTerminal: Bool {
        switch self {
        case .pending, .initiated, .running, .paused, .cancelling: false
        case .completed, .partial, .failed, .cancelled: true
        }
    }
}

/// Where a wave stands.
package enum WaveStatus: String, Sendable, Codable, CaseIterable {
    case pending = "PENDING"
    /// It waits for a person.
    case paused = "PAUSED"
    /// Its jobs wait for quota or are being sent.
    case started = "STARTED"
    /// DRS accepted jobs.
    case launching = "LAUNCHING"
    /// Servers are converting or launching.
    case polling = "POLLING"
    case completed = "COMPLETED"
    /// Only OPTIONAL servers failed, or some were skipped.
    case partial = "PARTIAL"
    /// A CRITICAL server failed.
    case failed = "FAILED"
    case cancelled = "CANCELLED"
    case skipped = "SKIPPED"

    /// Whether nothing more happens in it.
    package var isSettled: Bool {
        switch self {
        case .pending, .paused, .started, .launching, .polling: false
        case .completed, .partial, .failed, .cancelled, .skipped: true
        }
    }
}

/// Where a server of an execution stands.
package enum ServerStatus: String, Sendable, Codable, CaseIterable {
    case pending = "PENDING"
    /// Its job waits for quota or is being sent.
    case queued = "QUEUED"
    case inProgress = "IN_PROGRESS"
    case launched = "LAUNCHED"
    case failed = "FAILED"
    case skipped = "SKIPPED"
    case cancelled = "CANCELLED"

    /// Whether it never changes again.
    package var isSettled: Bool {
        switch self {
        case .pending, .queued, .inProgress: false
        case .launched, .failed, .skipped, .cancelled: true
        }
    }
}

/// What became of a launched server's instance.
package enum InstanceState: String, Sendable, Codable, CaseIterable {
    case running = "RUNNING"
    case terminating = "TERMINATING"
    case terminated = "TERMINATED"
    case terminationFailed = "TERMINATION_FAILED"
}
