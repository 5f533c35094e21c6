internal import Ambient
internal import PostgreSQL
internal import Recovery
internal import Store
internal import TestKit

/// What schedules ask of the database.
extension Examined {
    private static func sample() throws -> Schedule {
        Schedule(
            scheduleId: .sample(1),
            scheduleName: "First Saturday",
            planId: .sample(2),
            description: "",
            cron: try CronExpression("30 22 * * SAT#1"),
            timeZone: "UTC",
            isEnabled: true,
            blackouts: [],
            whenBusy: .wait,
            whenMissed: .start,
            patienceMinutes: 60,
            cleanUpAfterHours: 12,
            createdDate: .sample,
            lastModifiedDate: .sample,
            createdBy: "ada",
            revision: 1
        )
    }

    private static let run = ScheduledRun(dueAt: .sample, decidedAt: .sample, outcome: .started)

    static func schedules() throws -> [Examined] {
        let scope: [AccountNumber]? = [Place.sample().accountId]
        return [
            Examined(
                "schedules",
                Schedule.list(of: nil, text: nil, within: scope, after: nil, limit: 1),
                scans: true
            ),
            Examined(
                "schedules of a plan",
                Schedule.list(of: .sample(2), text: "a", within: nil, after: ("a", .sample(1)), limit: 1)
            ),
            Examined("schedule", Schedule.find(.sample(1))),
            Examined("schedule lock", Schedule.lock(.sample(1))),
            Examined("schedule insert", try sample().insert(due: .sample)),
            Examined("schedule update", try sample().update(due: nil)),
            Examined("schedule delete", Schedule.delete(.sample(1))),
            Examined("schedules due", Schedule.due(at: .sample, limit: 1)),
            Examined("schedule goes on", Schedule.moveOn(.sample(1), from: .sample, to: nil)),
            Examined("schedule waits", Schedule.lookLater(.sample(1), at: .sample, until: .sample)),
            Examined("run keep", run.keep(of: .sample(1))),
            Examined("run waits no longer", ScheduledRun.endWaiting(of: .sample(1), because: "x", at: .sample)),
            Examined("runs of long ago", ScheduledRun.forget(dueBefore: .sample), scans: true),
            Examined("run waits", ScheduledRun.waits(.sample(1), at: .sample)),
            Examined("runs", ScheduledRun.list(of: .sample(1), before: .sample, limit: 1)),
        ]
    }
}
