package import Ambient
package import PostgreSQL
package import Recovery

/// What the reconcilers ask each second: one statement while there is nothing to do.
package enum ReconcilerStatements {
    /// Which reconcilers have something to do.
    package struct Due: Sendable {
        package var leases: Bool
        package var timers: Bool
        package var launches: Bool
    }

    package static func due(at now: Instant) -> Query<Due> {
        Query(
            """
            SELECT EXISTS (SELECT FROM command
                            WHERE state = 'LEASED'
                              AND (lease_until < \(now)
                                   OR NOT EXISTS (SELECT FROM agent_session AS session
                                                   WHERE session.session_id = command.session_id
                                                     AND \(alive(at: now))))),
                   EXISTS (SELECT FROM timer WHERE fires_at <= \(now)),
                   EXISTS (SELECT FROM command WHERE state = 'QUEUED' AND not_before <= \(now))
            """
        ) { row in try Due(leases: row.read(), timers: row.read(), launches: row.read()) }
    }

    /// A session counts as lost 30 s after its last heartbeat or 2 s after its stream closed (the agent contract).
    private static func alive(at now: Instant) -> SQL {
        """
        session.last_seen_at > \(now - Spoke.silence)
        AND (session.stream_closed_at IS NULL OR session.stream_closed_at > \(now - Spoke.reopening))
        """
    }

    /// Accounts and Regions with a living spoke whose inventory is to be looked at again.
    ///
    /// Every minute; where DRS is not initialised every ten, for that changes seldom. While a look is under way there is
    /// no second one, unless it has been for ten minutes.
    package static func placesToSync(at now: Instant) -> Query<Place> {
        Query(
            """
            SELECT DISTINCT served.account_id, region.name
              FROM agent_session AS session
              JOIN spoke ON spoke.spoke_id = session.spoke_id AND NOT spoke.is_draining
              JOIN agent_session_account AS served ON served.session_id = session.session_id
             CROSS JOIN LATERAL unnest(served.regions) AS region (name)
              LEFT JOIN inventory_sync AS sync
                     ON sync.account_id = served.account_id AND sync.region = region.name
             WHERE \(alive(at: now))
               AND NOT EXISTS (SELECT FROM command
                                WHERE command.kind = 'SYNC_INVENTORY' AND command.account_id = served.account_id
                                  AND command.region = region.name AND command.key LIKE 'sync/%'
                                  AND (command.created_at >
                                       CASE WHEN sync.is_initialized IS FALSE THEN \(now - .seconds(600))
                                            ELSE \(now - .seconds(60)) END
                                       OR (command.ended_at IS NULL AND command.created_at > \(now - .seconds(600)))))
            """
        ) { row in try Place(accountId: row.read(), region: row.read()) }
    }

    /// Every account and Region that a living spoke serves, of one account or of all.
    package static func placesServed(of account: AccountNumber?, at now: Instant) -> Query<Place> {
        Query(
            """
            SELECT DISTINCT served.account_id, region.name
              FROM agent_session AS session
              JOIN spoke ON spoke.spoke_id = session.spoke_id AND NOT spoke.is_draining
              JOIN agent_session_account AS served ON served.session_id = session.session_id
             CROSS JOIN LATERAL unnest(served.regions) AS region (name)
             WHERE \(alive(at: now)) AND (\(account)::text IS NULL OR served.account_id = \(account))
            """
        ) { row in try Place(accountId: row.read(), region: row.read()) }
    }
}
