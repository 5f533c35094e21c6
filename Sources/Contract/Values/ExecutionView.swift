package import Ambient
package import JSON
package import Recovery

/// An execution as the API shows it.
package struct ExecutionView: Codable, Sendable, Hashable, Revisioned {
    package var executionId: Execution.ID
    package var planId: RecoveryPlan.ID
    package var planName: String
    package var planRevision: Int
    package var executionType: ExecutionType
    package var status: ExecutionStatus
    @Nullable package var reason: String?
    package var startedBy: String
    package var startedAt: Instant
    /// When the disaster was declared, where the starter said so.
    @Nullable package var declaredAt: Instant?
    @Nullable package var endedAt: Instant?
    /// The lowest wave that is not settled; null when all are.
    @Nullable package var currentWave: Int?
    package var totalWaves: Int
    /// What a wave of it waits for of a person, an approval before a pause; null: nobody is needed now.
    @Nullable package var waitingForPerson: PersonWait?
    package var counts: Counts
    /// Null in lists: ask for the execution itself.
    @Nullable package var waves: [ExecutionWaveView]?
    @Nullable package var verdict: Verdict?
    /// Whether DRS shows every instance that the execution launched as gone.
    package var instancesTerminated: Bool
    @Nullable package var cleanup: CleanUp?
    /// When a drill's instances are terminated by themselves; null: a person does it.
    @Nullable package var cleanUpAt: Instant?
    package var recoveryTime: RecoveryTime
    package var revision: Int

    /// What a person is asked for.
    package enum PersonWait: String, Codable, Sendable, CaseIterable {
        case approval = "APPROVAL"
        case pause = "PAUSE"
    }

    /// How many servers stand where.
    package struct Counts: Codable, Sendable, Hashable {
        package var total: Int
        package var pending: Int
        package var queued: Int
        package var inProgress: Int
        package var launched: Int
        package var failed: Int
        package var skipped: Int
        package var cancelled: Int

        package init(
            total: Int,
            pending: Int,
            queued: Int,
            inProgress: Int,
            launched: Int,
            failed: Int,
            skipped: Int,
            cancelled: Int
        ) {
            self.total = total
            self.pending = pending
            self.queued = queued
            self.inProgress = inProgress
            self.launched = launched
            self.failed = failed
            self.skipped = skipped
            self.cancelled = cancelled
        }
    }

    /// How far the termination of the instances is.
    package struct CleanUp: Codable, Sendable, Hashable {
        package var state: Execution.CleanUp.State
        package var total: Int
        package var terminated: Int
        package var failed: Int

        package init(
            state: Execution.CleanUp.State,
            total: Int,
            terminated: Int,
            failed: Int
        ) {
            self.state = state
            self.total = total
            self.terminated = terminated
            self.failed = failed
        }
    }

    /// The recovery time so far and as forecast, against its objective.
    package struct RecoveryTime: Codable, Sendable, Hashable {
        @Nullable package var objectiveSeconds: Int?
        package var elapsedSeconds: Int
        @Nullable package var forecastSeconds: Int?

        package init(
            objectiveSeconds: Int?,
            elapsedSeconds: Int,
            forecastSeconds: Int?
        ) {
            self.objectiveSeconds = objectiveSeconds
            self.elapsedSeconds = elapsedSeconds
            self.forecastSeconds = forecastSeconds
        }
    }

    package init(
        executionId: Execution.ID,
        planId: RecoveryPlan.ID,
        planName: String,
        planRevision: Int,
        executionType: ExecutionType,
        status: ExecutionStatus,
        reason: String?,
        startedBy: String,
        startedAt: Instant,
        declaredAt: Instant?,
        endedAt: Instant?,
        currentWave: Int?,
        totalWaves: Int,
        waitingForPerson: PersonWait? = nil,
        counts: Counts,
        waves: [ExecutionWaveView]?,
        verdict: Verdict?,
        instancesTerminated: Bool,
        cleanup: CleanUp?,
        cleanUpAt: Instant? = nil,
        recoveryTime: RecoveryTime,
        revision: Int
    ) {
        self.executionId = executionId
        self.planId = planId
        self.planName = planName
        self.planRevision = planRevision
        self.executionType = executionType
        self.status = status
        self.reason = reason
        self.startedBy = startedBy
        self.startedAt = startedAt
        self.declaredAt = declaredAt
        self.endedAt = endedAt
        self.currentWave = currentWave
        self.totalWaves = totalWaves
        self.waitingForPerson = waitingForPerson
        self.counts = counts
        self.waves = waves
        self.verdict = verdict
        self.instancesTerminated = instancesTerminated
        self.cleanup = cleanup
        self.cleanUpAt = cleanUpAt
        self.recoveryTime = recoveryTime
        self.revision = revision
    }
}
