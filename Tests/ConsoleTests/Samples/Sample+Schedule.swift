import Ambient
import Contract
import Recovery

extension Sample {
    private static let cron: CronExpression = {
        do {
            return try CronExpression("30 22 * * SAT#1")
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    static func schedule(_ text: String = "First Saturday", isEnabled: Bool = true) -> ScheduleView {
        let schedule = Schedule(
            scheduleId: id(40),
            scheduleName: text,
            planId: id(30),
            description: text,
            cron: cron,
            timeZone: text,
            isEnabled: isEnabled,
            blackouts: isEnabled ? [.init(from: now, until: now + .seconds(86_400), reason: text)] : [],
            whenBusy: .wait,
            whenMissed: .start,
            patienceMinutes: 240,
            cleanUpAfterHours: isEnabled ? 12 : nil,
            createdDate: now,
            lastModifiedDate: now,
            createdBy: text,
            revision: 3
        )
        return ScheduleView(
            schedule,
            planName: text,
            nextRuns: isEnabled ? [now + .seconds(86_400), now + .seconds(172_800)] : [],
            lastRun: isEnabled ? ScheduledRun(dueAt: now, decidedAt: now, outcome: .skippedBusy, detail: text) : nil
        )
    }

    static func run(_ outcome: ScheduledRun.Outcome, _ detail: String) -> ScheduleRunView {
        ScheduleRunView(
            ScheduledRun(
                dueAt: now,
                decidedAt: now,
                outcome: outcome,
                executionId: outcome == .started ? id(10) : nil,
                detail: outcome == .started ? nil : detail
            )
        )
    }
}
