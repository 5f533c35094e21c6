package import Ambient
package import PostgreSQL
internal import Recovery

/// Whether there is anything to do about notifications, asked every second.
package struct NotificationWork: Sendable, Hashable {
    /// A target has something to be told.
    package var folding: Bool
    /// A message's time has come.
    package var sending: Bool
    /// A spoke has a message to publish.
    package var publishing: Bool

    package static func due(at now: Instant) -> Query<NotificationWork> {
        Query(
            """
            SELECT EXISTS (SELECT FROM notification_target t
                            WHERE t.is_enabled AND t.rests_until <= \(now)
                              AND EXISTS (SELECT FROM notification n
                                           WHERE n.target_id = t.target_id AND n.delivery_id IS NULL)),
                   EXISTS (SELECT FROM notification_delivery WHERE next_at <= \(now) AND state IN ('WAITING', 'SENDING')),
                   EXISTS (SELECT FROM notification_delivery WHERE next_at IS NOT NULL AND state = 'WITH_SPOKE')
            """
        ) { row in try NotificationWork(folding: row.read(), sending: row.read(), publishing: row.read()) }
    }
}
