package import Ambient
package import JSON
package import Recovery

extension Report {
    /// Section 4: what was in it, and what of the plan was not tested.
    package struct Scope: Codable, Sendable, Hashable {
        package var places: [PlaceCount]
        package var thirdParties: [ReportEntry]
        package var notTested: [NotTested]
    }

    package struct PlaceCount: Codable, Sendable, Hashable {
        package var accountId: String
        package var region: String
        package var servers: Int
        package var launched: Int
    }

    /// A server of the plan of which the run proves nothing.
    package struct NotTested: Codable, Sendable, Hashable {
        package var sourceServerId: String
        package var hostname: String
        package var waveNumber: Int
        package var why: String
    }

    /// Section 5: who was to take part, and who did.
    package struct People: Codable, Sendable, Hashable {
        /// Participants and absences as people entered them.
        package var entries: [ReportEntry]
        /// Everybody whose acts stand in the journal.
        package var actors: [Actor]
    }

    package struct Actor: Codable, Sendable, Hashable {
        package var name: String
        package var acts: Int
        package var firstAt: Instant
        package var lastAt: Instant
    }

    /// Section 6: the plan as it was frozen, and how it differs from the one that ran before.
    package struct PlanAsRun: Codable, Sendable, Hashable {
        package var ordering: String
        package var waves: [Wave]
        /// The earlier run it is compared with; null: there was none.
        @Nullable package var comparedWith: String?
        @Nullable package var comparedRevision: Int?
        /// Null where there is nothing to compare with; empty where nothing differs.
        @Nullable package var differences: [String]?
    }

    package struct Wave: Codable, Sendable, Hashable {
        package var waveNumber: Int
        package var name: String
        package var servers: Int
        package var dependsOnWaves: [Int]
        package var pauseBeforeWave: Bool
        @Nullable package var approvals: Int?
        package var timeoutMinutes: Int
        package var onFailure: String
        package var status: WaveStatus
        @Nullable package var startedAt: Instant?
        @Nullable package var endedAt: Instant?
        package var launched: Int
        package var failed: Int
        /// Since the declaration, or the start, as the plan alone has it.
        ///
        /// DRS's observed time for each wave, and nobody is waited for. Absent in reports made before it was recorded.
        package var plannedStartSeconds: Int?
        package var plannedEndSeconds: Int?
        /// When it had to be done for the objective to be kept; absent where the plan has none.
        package var targetSeconds: Int?
    }

    /// Section 7: what was known about the plan when it started.
    package struct ReadinessAtStart: Codable, Sendable, Hashable {
        package var takenAt: Instant
        package var state: String
        @Nullable package var checkedAt: Instant?
        package var reasons: [Reason]
    }

    /// A reason of the readiness, with how many servers it concerned.
    package struct Reason: Codable, Sendable, Hashable {
        package var code: String
        package var text: String
        package var servers: Int
    }

    /// Section 8: what happened when.
    package struct Timeline: Codable, Sendable, Hashable {
        package var jobs: [Job]
        package var events: [Event]
        /// Waves and servers that were cancelled or skipped.
        package var notExecuted: [NotExecuted]
    }

    package struct Job: Codable, Sendable, Hashable {
        @Nullable package var jobId: String?
        package var waveNumber: Int
        package var accountId: String
        package var region: String
        package var servers: Int
        package var state: String
        @Nullable package var queuedAt: Instant?
        @Nullable package var acceptedAt: Instant?
        @Nullable package var endedAt: Instant?
    }

    /// One line of the journal, as people read it.
    package struct Event: Codable, Sendable, Hashable {
        package var sequence: Int
        package var at: Instant
        package var kind: String
        @Nullable package var by: String?
        @Nullable package var waveNumber: Int?
        package var text: String
    }

    package struct NotExecuted: Codable, Sendable, Hashable {
        package var what: String
        package var result: String
        @Nullable package var by: String?
        @Nullable package var at: Instant?
        @Nullable package var reason: String?
    }
}
