package import Ambient
internal import JSON
package import PostgreSQL
package import Recovery

/// A schedule with what a list shows beside it.
package struct ScheduleStanding: Sendable {
    package var schedule: Schedule
    package var planName: String
    /// The accounts of the plan's groups.
    package var accounts: [AccountNumber]
    /// The next time that nothing has been decided about.
    package var dueAt: Instant?
    package var lastRun: ScheduledRun?
}

extension Schedule {
    private static let columns: SQL = """
        s.schedule_id, s.schedule_name, s.plan_id, s.description, s.cron, s.time_zone, s.is_enabled, s.blackouts,
        s.when_busy, s.when_missed, s.patience_minutes, s.clean_up_after_hours, s.notice_minutes, s.created_at,
        s.modified_at, s.created_by, s.revision
        """

    private init(row: inout RowReader) throws {
        self.init(
            scheduleId: try row.read(),
            scheduleName: try row.read(),
            planId: try row.read(),
            description: try row.read(),
            // What was stored was read once before: only a hand in the table makes it unreadable.
            cron: try CronExpression(row.read()),
            timeZone: try row.read(),
            isEnabled: try row.read(),
            blackouts: try row.readDocument(),
            whenBusy: try row.read(),
            whenMissed: try row.read(),
            patienceMinutes: try row.read(),
            cleanUpAfterHours: try row.read(),
            noticeMinutes: try row.read(),
            createdDate: try row.read(),
            lastModifiedDate: try row.read(),
            createdBy: try row.read(),
            revision: try row.read()
        )
    }

    private static let standing: SQL = """
        SELECT \(columns), p.plan_name,
               ARRAY(SELECT DISTINCT g.account_id FROM plan_group n JOIN protection_group g ON g.group_id = n.group_id
                      WHERE n.plan_id = p.plan_id ORDER BY 1),
               s.due_at, r.due_at, r.decided_at, r.outcome, r.execution_id, r.detail
          FROM schedule s JOIN recovery_plan p ON p.plan_id = s.plan_id
          LEFT JOIN LATERAL (SELECT due_at, decided_at, outcome, execution_id, detail FROM schedule_run
                              WHERE schedule_id = s.schedule_id ORDER BY due_at DESC LIMIT 1) r ON true
        """

    private static func read(_ row: inout RowReader) throws -> ScheduleStanding {
        var standing = ScheduleStanding(
            schedule: try Schedule(row: &row),
            planName: try row.read(),
            accounts: try row.readLabels(),
            dueAt: try row.read()
        )
        let (due, decided) = (try row.read(Instant?.self), try row.read(Instant?.self))
        let outcome = try row.read(ScheduledRun.Outcome?.self)
        let (execution, detail) = (try row.read(Execution.ID?.self), try row.read(String?.self))
        if let due, let decided, let outcome {
            standing.lastRun = ScheduledRun(
                dueAt: due,
                decidedAt: decided,
                outcome: outcome,
                executionId: execution,
                detail: detail
            )
        }
        return standing
    }

    /// A page of schedules by name, of plans that the caller may see.
    package static func list(
        of plan: RecoveryPlan.ID?,
        text: String?,
        within scope: [AccountNumber]?,
        after last: (name: String, id: ID)?,
        limit: Int
    ) -> Query<ScheduleStanding> {
        let page: SQL = last.map { "AND (s.schedule_name, s.schedule_id) > (\($0.name), \($0.id))" } ?? ""
        return Query(
            """
            \(standing)
             WHERE \(RecoveryPlan.isVisible(within: scope))
               AND (\(plan)::uuid IS NULL OR s.plan_id = \(plan))
               AND (\(text)::text IS NULL OR strpos(lower(s.schedule_name), lower(\(text))) > 0)
               \(page)
             ORDER BY s.schedule_name, s.schedule_id LIMIT \(limit)
            """
        ) { row in try read(&row) }
    }

    /// One schedule.
    package static func find(_ id: ID) -> Query<ScheduleStanding> {
        Query("\(standing) WHERE s.schedule_id = \(id)") { row in try read(&row) }
    }

    /// One schedule, kept from being changed until the transaction ends.
    package static func lock(_ id: ID) -> Query<(schedule: Schedule, dueAt: Instant?)> {
        Query(
            "SELECT \(columns), s.due_at FROM schedule s WHERE s.schedule_id = \(id) FOR UPDATE"
        ) { row in (try Schedule(row: &row), try row.read()) }
    }

    /// Adds the schedule, with its first time.
    package func insert(due: Instant?) -> Statement {
        Statement(
            """
            INSERT INTO schedule (schedule_id, schedule_name, plan_id, description, cron, time_zone, is_enabled,
                                  blackouts, when_busy, when_missed, patience_minutes, clean_up_after_hours,
                                  notice_minutes, due_at, look_at, created_at, modified_at, created_by)
            VALUES (\(scheduleId), \(scheduleName), \(planId), \(description), \(cron.text), \(timeZone), \(isEnabled),
                    \(JSON(document: blackouts)), \(whenBusy), \(whenMissed), \(patienceMinutes),
                    \(cleanUpAfterHours), \(noticeMinutes), \(due), \(due), \(createdDate), \(lastModifiedDate), \(createdBy))
            """
        )
    }

    /// Replaces what is said of the schedule, and its next time.
    package func update(due: Instant?) -> Statement {
        Statement(
            """
            UPDATE schedule
               SET schedule_name = \(scheduleName), plan_id = \(planId), description = \(description),
                   cron = \(cron.text), time_zone = \(timeZone), is_enabled = \(isEnabled),
                   blackouts = \(JSON(document: blackouts)), when_busy = \(whenBusy), when_missed = \(whenMissed),
                   patience_minutes = \(patienceMinutes), clean_up_after_hours = \(cleanUpAfterHours),
                   notice_minutes = \(noticeMinutes), due_at = \(due), look_at = \(due), modified_at = \(lastModifiedDate), revision = revision + 1
             WHERE schedule_id = \(scheduleId)
            """
        )
    }

    /// Removes the schedule.
    package static func delete(_ id: ID) -> Statement {
        Statement("DELETE FROM schedule WHERE schedule_id = \(id)")
    }

    /// Schedules that are to be looked at now, with the time that has come.
    package static func due(at now: Instant, limit: Int) -> Query<(schedule: Schedule, dueAt: Instant)> {
        Query(
            """
            SELECT \(columns), s.due_at FROM schedule s
             WHERE s.look_at <= \(now) AND s.due_at IS NOT NULL ORDER BY s.look_at LIMIT \(limit)
            """
        ) { row in (try Schedule(row: &row), try row.read()) }
    }

    /// Goes on to the next time, if nobody has decided about this one; answers the schedule's identifier then.
    package static func moveOn(_ id: ID, from due: Instant, to next: Instant?) -> Query<ID> {
        Query(
            """
            UPDATE schedule SET due_at = \(next), look_at = \(next)
             WHERE schedule_id = \(id) AND due_at = \(due) RETURNING schedule_id
            """
        ) { row in try row.read() }
    }

    /// Schedules whose next time is so near that people are to be told of it, and were not yet.
    package static func coming(at now: Instant, limit: Int) -> Query<(schedule: Schedule, dueAt: Instant)> {
        let horizon = now + .seconds(60 * Limits.noticeMinutes.upperBound)
        return Query(
            """
            SELECT \(columns), s.due_at FROM schedule s
             WHERE s.due_at > \(now) AND s.due_at <= \(horizon)
               AND s.due_at <= \(now) + s.notice_minutes * interval '1 minute'
               AND s.noticed_at IS DISTINCT FROM s.due_at
             ORDER BY s.due_at LIMIT \(limit)
            """
        ) { row in (try Schedule(row: &row), try row.read()) }
    }

    /// Notes that people are told of a time, if nobody noted it before; answers the schedule's identifier then.
    package static func noteTold(_ id: ID, of due: Instant) -> Query<ID> {
        Query(
            """
            UPDATE schedule SET noticed_at = \(due)
             WHERE schedule_id = \(id) AND due_at = \(due) AND noticed_at IS DISTINCT FROM \(due)
            RETURNING schedule_id
            """,
            as: ID.self
        )
    }

    /// Has a time that waits looked at later.
    package static func lookLater(_ id: ID, at due: Instant, until later: Instant) -> Statement {
        Statement("UPDATE schedule SET look_at = \(later) WHERE schedule_id = \(id) AND due_at = \(due)")
    }
}

extension ScheduledRun {
    /// Keeps what became of a time; what was WAITING is replaced.
    package func keep(of id: Schedule.ID) -> Statement {
        Statement(
            """
            INSERT INTO schedule_run (schedule_id, due_at, decided_at, outcome, execution_id, detail)
            VALUES (\(id), \(dueAt), \(decidedAt), \(outcome), \(executionId), \(detail))
                ON CONFLICT (schedule_id, due_at) DO UPDATE
               SET decided_at = excluded.decided_at, outcome = excluded.outcome,
                   execution_id = excluded.execution_id, detail = excluded.detail
             WHERE schedule_run.outcome = 'WAITING'
            """
        )
    }

    /// Ends the waiting of a schedule's time, because nobody looks at it any more.
    package static func endWaiting(of id: Schedule.ID, because why: String, at now: Instant) -> Statement {
        Statement(
            """
            UPDATE schedule_run SET outcome = 'SKIPPED_BUSY', decided_at = \(now), detail = \(why)
             WHERE schedule_id = \(id) AND outcome = 'WAITING'
            """
        )
    }

    /// Forgets what became of times long ago.
    package static func forget(dueBefore time: Instant) -> Statement {
        Statement("DELETE FROM schedule_run WHERE due_at < \(time)")
    }

    /// Whether a time was tried already, and waits.
    package static func waits(_ id: Schedule.ID, at due: Instant) -> Query<Bool> {
        Query(
            """
            SELECT EXISTS (SELECT FROM schedule_run
                            WHERE schedule_id = \(id) AND due_at = \(due) AND outcome = 'WAITING')
            """,
            as: Bool.self
        )
    }

    /// What became of a schedule's times, the newest first.
    package static func list(of id: Schedule.ID, before last: Instant?, limit: Int) -> Query<ScheduledRun> {
        Query(
            """
            SELECT due_at, decided_at, outcome, execution_id, detail FROM schedule_run
             WHERE schedule_id = \(id) AND (\(last)::timestamptz IS NULL OR due_at < \(last))
             ORDER BY due_at DESC LIMIT \(limit)
            """
        ) { row in
            ScheduledRun(
                dueAt: try row.read(),
                decidedAt: try row.read(),
                outcome: try row.read(),
                executionId: try row.read(),
                detail: try row.read()
            )
        }
    }
}
