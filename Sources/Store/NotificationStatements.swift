package import Ambient
package import PostgreSQL
package import Recovery

/// The outbox: what is to be told, written where it happens.
extension Notice {
    /// Writes the notice down for every target that wants it, in the transaction of what it tells of.
    ///
    /// The same rule in Swift is `NotificationTarget.wants`. No row of a target is locked, so that this waits for nobody.
    package var tell: Statement {
        let accounts = accounts.map(\.rawValue)
        return Statement(
            """
            INSERT INTO notification (notice_id, target_id, at, kind, account_ids, plan_id, execution_id, title, text)
            SELECT \(noticeId), t.target_id, \(at), \(kind), \(accounts), \(planId), \(executionId), \(title), \(text)
              FROM notification_target t
             WHERE t.is_enabled AND \(kind) = ANY(t.event_kinds)
               AND (t.account_ids IS NULL OR t.account_ids && \(accounts))
               AND (t.plan_ids IS NULL OR \(planId) = ANY(t.plan_ids))
            """
        )
    }

    /// Writes the notice down for one target, whatever it asks for.
    package func tell(only target: NotificationTarget.ID) -> Statement {
        Statement(
            """
            INSERT INTO notification (notice_id, target_id, at, kind, account_ids, plan_id, execution_id, title, text)
            VALUES (\(noticeId), \(target), \(at), \(kind), \(accounts.map(\.rawValue)), \(planId), \(executionId),
                    \(title), \(text))
            """
        )
    }
}

/// What becomes of the outbox.
package enum NotificationStatements {
    /// Targets that have something to be told and are not to be left alone, kept from other replicas.
    package static func ready(
        limit: Int,
        at now: Instant
    ) -> Query<(targetId: NotificationTarget.ID, pace: NotificationPace)> {
        Query(
            """
            SELECT t.target_id, t.rest_seconds FROM notification_target t
             WHERE t.is_enabled AND t.rests_until <= \(now)
               AND EXISTS (SELECT FROM notification n WHERE n.target_id = t.target_id AND n.delivery_id IS NULL)
             ORDER BY t.rests_until LIMIT \(limit) FOR UPDATE SKIP LOCKED
            """
        ) { row in (try row.read(), NotificationPace(restSeconds: try row.read())) }
    }

    /// What waits for a target, the oldest first.
    package static func waiting(for target: NotificationTarget.ID, limit: Int) -> Query<Notice> {
        Query(
            """
            SELECT notice_id, kind, at, account_ids, plan_id, execution_id, title, text FROM notification
             WHERE target_id = \(target) AND delivery_id IS NULL ORDER BY notice_id LIMIT \(limit)
            """
        ) { row in
            try Notice(
                noticeId: row.read(),
                kind: row.read(),
                at: row.read(),
                accounts: row.readLabels(),
                planId: row.read(),
                executionId: row.read(),
                title: row.read(),
                text: row.read()
            )
        }
    }

    /// Notes which message tells of notices.
    package static func fold(
        _ notices: [Notice.ID],
        for target: NotificationTarget.ID,
        into delivery: NotificationDelivery.ID
    ) -> Statement {
        Statement(
            """
            UPDATE notification SET delivery_id = \(delivery)
             WHERE target_id = \(target) AND notice_id = ANY(\(notices))
            """
        )
    }

    /// Leaves a target alone for a while after a message.
    package static func rest(_ target: NotificationTarget.ID, _ pace: NotificationPace, until: Instant) -> Statement {
        Statement(
            """
            UPDATE notification_target SET rest_seconds = \(pace.restSeconds), rests_until = \(until)
             WHERE target_id = \(target)
            """
        )
    }

    /// Forgets what was told long ago, and what waits for nobody any more.
    package static func forget(before time: Instant) -> [Statement] {
        [
            Statement("DELETE FROM notification WHERE at < \(time)"),
            Statement("DELETE FROM notification_delivery WHERE ended_at < \(time)"),
        ]
    }
}
