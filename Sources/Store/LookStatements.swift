package import Ambient
package import PostgreSQL
package import Recovery

/// What has to be looked at in AWS for the standing check, where a spoke can.
package enum LookStatements {
    /// After a look that failed, the place is left alone for this long: nothing of it is urgent.
    private static let pause: Duration = .seconds(600)

    /// Whether a command of a kind is under way in a place `y`, or has failed lately.
    private static func isAsked(_ kind: SQL, at now: Instant) -> SQL {
        """
        EXISTS (SELECT FROM command c
                 WHERE c.account_id = y.account_id AND c.region = y.region AND c.kind = \(kind)
                   AND (c.ended_at IS NULL OR c.state = 'FAILED' AND c.created_at > \(now - pause)))
        """
    }

    /// Accounts and Regions of plans where nobody has tried for hours what the role may do.
    package static func placesToTry(at now: Instant) -> Query<Place> {
        Query(
            """
            SELECT y.account_id, y.region FROM inventory_sync y
             WHERE y.is_served
               AND EXISTS (SELECT FROM protection_group g JOIN plan_group n ON n.group_id = g.group_id
                            WHERE g.account_id = y.account_id AND g.region = y.region)
               AND NOT EXISTS (SELECT FROM access_finding f
                                WHERE f.account_id = y.account_id AND f.region = y.region
                                  AND f.checked_at > \(now - PlanCheck.lookInterval))
               AND NOT \(isAsked("'VALIDATE_ACCESS'", at: now))
            """
        ) { row in try Place(accountId: row.read(), region: row.read()) }
    }

    /// A server to look at, with the recovery points that plans pin for it.
    package struct Wanted: Sendable, Hashable {
        package var place: Place
        package var server: SourceServerID
        package var pins: [RecoverySnapshotID]
    }

    /// Servers of plans that nobody has looked at for hours, or not for the recovery points that plans pin; the longest
    /// not looked at first.
    ///
    /// A place is left alone while a look is under way there, and while launches are: a recovery needs its calls.
    ///
    /// - `limit`: How many of one place.
    package static func serversToLookAt(limit: Int, at now: Instant) -> Query<Wanted> {
        Query(
            """
            WITH pin AS MATERIALIZED (
                SELECT c->>'serverId' AS server, array_agg(DISTINCT c->>'recoverySnapshotId') AS ids
                  FROM recovery_plan p CROSS JOIN LATERAL jsonb_path_query(p.waves, '$[*].servers[*]') AS c
                 WHERE c->>'recoverySnapshotId' IS NOT NULL
                 GROUP BY 1)
            SELECT w.account_id, w.region, w.server, w.pins
              FROM (SELECT s.account_id, s.region, s.source_server_id AS server, coalesce(pin.ids, '{}') AS pins,
                           row_number() OVER (PARTITION BY s.account_id, s.region
                                              ORDER BY f.looked_at NULLS FIRST, s.source_server_id) AS rank
                      FROM inventory_sync y
                      JOIN source_server s ON s.account_id = y.account_id AND s.region = y.region
                      LEFT JOIN server_finding f ON f.source_server_id = s.source_server_id
                      LEFT JOIN pin ON pin.server = s.source_server_id
                     WHERE y.is_served
                       AND EXISTS (SELECT FROM group_member m JOIN plan_group n ON n.group_id = m.group_id
                                    WHERE m.source_server_id = s.source_server_id)
                       AND (f.looked_at IS NULL OR f.looked_at < \(now - PlanCheck.lookInterval)
                            OR NOT coalesce(pin.ids, '{}') <@ (f.found_snapshot_ids || f.gone_snapshot_ids))
                       AND NOT \(isAsked("'CHECK_SERVERS'", at: now))
                       AND NOT EXISTS (SELECT FROM command c
                                        WHERE c.account_id = y.account_id AND c.region = y.region
                                          AND c.kind = 'LAUNCH' AND c.state IN ('QUEUED', 'READY', 'LEASED'))) w
             WHERE w.rank <= \(limit)
             ORDER BY w.account_id, w.region, w.rank
            """
        ) { row in
            let place = Place(accountId: try row.read(), region: try row.read())
            return Wanted(place: place, server: try row.read(), pins: try row.readLabels())
        }
    }
}
