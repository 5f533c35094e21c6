package import Ambient
package import JSON
package import Recovery

/// A schedule as the API shows it.
package struct ScheduleView: Codable, Sendable, Hashable, Revisioned {
    package var scheduleId: Schedule.ID
    package var scheduleName: String
    package var planId: RecoveryPlan.ID
    package var planName: String
    package var description: String
    package var cron: String
    package var timeZone: String
    package var isEnabled: Bool
    package var blackouts: [Schedule.Blackout]
    package var whenBusy: Schedule.WhenBusy
    package var whenMissed: Schedule.WhenMissed
    package var patienceMinutes: Int
    @Nullable package var cleanUpAfterHours: Int?
    package var noticeMinutes: Int
    /// The next times, blackouts left out; none while it is switched off.
    package var nextRuns: [Instant]
    /// What became of the last time that came.
    @Nullable package var lastRun: ScheduleRunView?
    package var createdDate: Instant
    package var lastModifiedDate: Instant
    package var createdBy: String
    package var revision: Int

    package init(
        _ schedule: Schedule,
        planName: String,
        nextRuns: [Instant],
        lastRun: ScheduledRun?
    ) {
        scheduleId = schedule.scheduleId
        scheduleName = schedule.scheduleName
        planId = schedule.planId
        self.planName = planName
        description = schedule.description
        cron = schedule.cron.text
        timeZone = schedule.timeZone
        isEnabled = schedule.isEnabled
        blackouts = schedule.blackouts
        whenBusy = schedule.whenBusy
        whenMissed = schedule.whenMissed
        patienceMinutes = schedule.patienceMinutes
        cleanUpAfterHours = schedule.cleanUpAfterHours
        noticeMinutes = schedule.noticeMinutes
        self.nextRuns = nextRuns
        self.lastRun = lastRun.map { ScheduleRunView($0) }
        createdDate = schedule.createdDate
        lastModifiedDate = schedule.lastModifiedDate
        createdBy = schedule.createdBy
        revision = schedule.revision
    }
}

/// What became of one time of a schedule.
package struct ScheduleRunView: Codable, Sendable, Hashable {
    package var dueAt: Instant
    package var decidedAt: Instant
    package var outcome: ScheduledRun.Outcome
    /// The drill that was started.
    @Nullable package var executionId: Execution.ID?
    @Nullable package var detail: String?

    package init(_ run: ScheduledRun) {
        dueAt = run.dueAt
        decidedAt = run.decidedAt
        outcome = run.outcome
        executionId = run.executionId
        detail = run.detail
    }
}

/// What a client says of a schedule.
package struct ScheduleBody: Codable, Sendable, Hashable {
    package var scheduleName: String
    package var planId: RecoveryPlan.ID
    package var description: String?
    package var cron: String
    package var timeZone: String?
    package var isEnabled: Bool?
    package var blackouts: [Schedule.Blackout]?
    package var whenBusy: Schedule.WhenBusy?
    package var whenMissed: Schedule.WhenMissed?
    package var patienceMinutes: Int?
    package var cleanUpAfterHours: Int?
    package var noticeMinutes: Int?

    package init(
        scheduleName: String,
        planId: RecoveryPlan.ID,
        description: String? = nil,
        cron: String,
        timeZone: String? = nil,
        isEnabled: Bool? = nil,
        blackouts: [Schedule.Blackout]? = nil,
        whenBusy: Schedule.WhenBusy? = nil,
        whenMissed: Schedule.WhenMissed? = nil,
        patienceMinutes: Int? = nil,
        cleanUpAfterHours: Int? = nil,
        noticeMinutes: Int? = nil
    ) {
        self.scheduleName = scheduleName
        self.planId = planId
        self.description = description
        self.cron = cron
        self.timeZone = timeZone
        self.isEnabled = isEnabled
        self.blackouts = blackouts
        self.whenBusy = whenBusy
        self.whenMissed = whenMissed
        self.patienceMinutes = patienceMinutes
        self.cleanUpAfterHours = cleanUpAfterHours
        self.noticeMinutes = noticeMinutes
    }
}
