package import Ambient
package import PostgreSQL
package import Recovery

extension NotificationDelivery {
    private static let columns: SQL = """
        d.delivery_id, d.target_id, d.state, d.notices, d.subject, d.body, d.document, d.attempts, d.attempts_allowed,
        d.next_at, d.problem, d.created_at, d.ended_at
        """

    private init(row: inout RowReader) throws {
        try self.init(
            deliveryId: row.read(),
            targetId: row.read(),
            state: row.read(),
            notices: row.read(),
            subject: row.read(),
            body: row.read(),
            document: row.read(),
            attempts: row.read(),
            attemptsAllowed: row.read(),
            nextAt: row.read(),
            problem: row.read(),
            createdAt: row.read(),
            endedAt: row.read()
        )
    }

    /// Adds a message that waits to be sent.
    package var insert: Statement {
        Statement(
            """
            INSERT INTO notification_delivery (delivery_id, target_id, state, notices, subject, body, document, attempts,
                                               attempts_allowed, next_at, problem, created_at, ended_at)
            VALUES (\(deliveryId), \(targetId), \(state), \(notices), \(subject), \(body), \(document), \(attempts),
                    \(attemptsAllowed), \(nextAt), \(problem), \(createdAt), \(endedAt))
            """
        )
    }

    /// A page of a target's messages, the newest first.
    package static func list(
        of target: NotificationTarget.ID,
        in state: State?,
        before last: ID?,
        limit: Int
    ) -> Query<NotificationDelivery> {
        Query(
            """
            SELECT \(columns) FROM notification_delivery d
             WHERE d.target_id = \(target) AND (\(state)::text IS NULL OR d.state = \(state))
               AND (\(last)::uuid IS NULL OR d.delivery_id < \(last))
             ORDER BY d.delivery_id DESC LIMIT \(limit)
            """,
            reading: NotificationDelivery.init(row:)
        )
    }

    /// One message of a target.
    package static func find(_ id: ID, of target: NotificationTarget.ID) -> Query<NotificationDelivery> {
        Query(
            "SELECT \(columns) FROM notification_delivery d WHERE d.delivery_id = \(id) AND d.target_id = \(target)",
            reading: NotificationDelivery.init(row:)
        )
    }

    /// A message that was taken to be sent, and where to.
    package struct Taken: Sendable {
        package var delivery: NotificationDelivery
        package var target: NotificationTarget
        package var secret: [UInt8]?
    }

    /// Takes messages whose time has come, for a while: who dies with one leaves it to whoever looks then.
    package static func take(limit: Int, until lease: Instant, at now: Instant) -> Query<Taken> {
        Query(
            """
            UPDATE notification_delivery AS d SET state = 'SENDING', attempts = d.attempts + 1, next_at = \(lease)
              FROM notification_target t
             WHERE d.delivery_id IN (SELECT w.delivery_id FROM notification_delivery w
                                      WHERE w.next_at <= \(now) AND w.state IN ('WAITING', 'SENDING')
                                      ORDER BY w.next_at LIMIT \(limit) FOR UPDATE SKIP LOCKED)
               AND t.target_id = d.target_id
            RETURNING \(columns), \(NotificationTarget.columns), t.secret
            """
        ) { row in
            try Taken(
                delivery: NotificationDelivery(row: &row),
                target: NotificationTarget(row: &row),
                secret: row.read()
            )
        }
    }

    /// Notes that a spoke was given it, unless somebody else has it meanwhile.
    package func handOver(until time: Instant) -> Statement {
        Statement(
            """
            UPDATE notification_delivery SET state = 'WITH_SPOKE', next_at = \(time)
             WHERE delivery_id = \(deliveryId) AND attempts = \(attempts) AND state = 'SENDING'
            """
        )
    }

    /// Notes what became of an attempt, unless another was begun meanwhile.
    package func settle(_ course: DeliveryCourse?, problem: String?, at now: Instant) -> Statement {
        let (state, next, ended): (State, Instant?, Instant?) =
            switch course {
            case nil: (.delivered, nil, now)
            case .again(let time)?: (.waiting, time, nil)
            case .dead?: (.dead, nil, now)
            }
        return Statement(
            """
            UPDATE notification_delivery
               SET state = \(state), next_at = \(next), ended_at = \(ended), problem = \(problem)
             WHERE delivery_id = \(deliveryId) AND attempts = \(attempts) AND state IN ('SENDING', 'WITH_SPOKE')
            """
        )
    }

    /// Sends a dead message again; answers whether it was dead.
    package static func revive(_ id: ID, of target: NotificationTarget.ID, at now: Instant) -> Query<ID> {
        Query(
            """
            UPDATE notification_delivery
               SET state = 'WAITING', next_at = \(now), ended_at = NULL,
                   attempts_allowed = attempts + \(Limits.deliveryAttempts)
             WHERE delivery_id = \(id) AND target_id = \(target) AND state = 'DEAD' RETURNING delivery_id
            """,
            as: ID.self
        )
    }

    /// How the commands stand by which spokes publish messages, of those that have ended or whose time is over.
    package static func published(
        limit: Int,
        at now: Instant
    ) -> Query<(delivery: NotificationDelivery, command: String?, problem: String?)> {
        Query(
            """
            SELECT \(columns), c.state, c.problem_text FROM notification_delivery d
              LEFT JOIN command c ON c.key = 'notification/' || d.delivery_id || '/' || d.attempts
             WHERE d.next_at IS NOT NULL AND d.state = 'WITH_SPOKE' AND (c.ended_at IS NOT NULL OR d.next_at <= \(now))
             ORDER BY d.next_at LIMIT \(limit)
            """
        ) { row in (try NotificationDelivery(row: &row), try row.read(), try row.read()) }
    }

    /// The key of the command by which a spoke publishes it this time.
    package var commandKey: String { "notification/\(deliveryId)/\(attempts)" }

    /// Takes the command back that no spoke took, so that it is not published later.
    package func withdraw(at now: Instant) -> Statement {
        Statement(
            """
            UPDATE command SET state = 'WITHDRAWN', ended_at = \(now) WHERE key = \(commandKey) AND state = 'READY'
            """
        )
    }
}
