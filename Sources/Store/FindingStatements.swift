package import Ambient
package import Contract
internal import JSON
package import PostgreSQL
package import Recovery

/// What looks at single servers found, and what spokes may do: both asked by commands of their own, a few at a time.
package enum FindingStatements {
    // MARK: - What was found

    /// Keeps what a look found, and has the plans of those servers checked of which it is news.
    ///
    /// A server that left the inventory meanwhile is left out.
    package static func keep(_ findings: [ServerFinding], in place: Place, at now: Instant) -> Statement {
        let looked: SQL = """
            jsonb_to_recordset(\(JSON(document: findings))) AS x
                ("sourceServerId" text, "hasLaunchConfiguration" boolean, "hasRecoveryPoint" boolean,
                 "foundSnapshotIds" jsonb, "goneSnapshotIds" jsonb)
            """
        return Statement(
            """
            WITH looked AS MATERIALIZED (
                SELECT x."sourceServerId" AS id, x."hasLaunchConfiguration" AS has_launch_configuration,
                       x."hasRecoveryPoint" AS has_recovery_point,
                       ARRAY(SELECT jsonb_array_elements_text(x."foundSnapshotIds")) AS found,
                       ARRAY(SELECT jsonb_array_elements_text(x."goneSnapshotIds")) AS gone
                  FROM \(looked)),
            news AS MATERIALIZED (
                SELECT l.id FROM looked l LEFT JOIN server_finding f ON f.source_server_id = l.id
                 WHERE f.looked_at IS NULL OR f.looked_at < \(now - PlanCheck.lookAge)
                    OR (f.has_launch_configuration, f.has_recovery_point, f.found_snapshot_ids, f.gone_snapshot_ids)
                       IS DISTINCT FROM (l.has_launch_configuration, l.has_recovery_point, l.found, l.gone)),
            kept AS (
                INSERT INTO server_finding AS f (source_server_id, looked_at, has_launch_configuration, has_recovery_point,
                                                 found_snapshot_ids, gone_snapshot_ids)
                SELECT l.id, \(now), l.has_launch_configuration, l.has_recovery_point, l.found, l.gone
                  FROM looked l
                  JOIN source_server s ON s.source_server_id = l.id AND s.account_id = \(place.accountId)
                                      AND s.region = \(place.region)
                 ORDER BY l.id
                    ON CONFLICT (source_server_id) DO UPDATE
                   SET looked_at = excluded.looked_at, has_launch_configuration = excluded.has_launch_configuration,
                       has_recovery_point = excluded.has_recovery_point,
                       found_snapshot_ids = excluded.found_snapshot_ids,
                       gone_snapshot_ids = excluded.gone_snapshot_ids),
            chosen AS MATERIALIZED (
                SELECT r.plan_id FROM plan_readiness r
                 WHERE r.plan_id IN (SELECT n.plan_id FROM news
                                       JOIN group_member m ON m.source_server_id = news.id
                                       JOIN plan_group n ON n.group_id = m.group_id)
                 ORDER BY r.plan_id FOR UPDATE)
            UPDATE plan_readiness AS r
               SET doubts = r.doubts + 1, due_at = least(r.due_at, \(now + PlanCheck.settling))
              FROM chosen WHERE r.plan_id = chosen.plan_id
            """
        )
    }

    /// Keeps what a spoke may do in an account and Region; what the check of its plans rests on has changed.
    package static func keep(_ checks: [AccessCheck], in place: Place, at now: Instant) -> [Statement] {
        [
            Statement(
                """
                INSERT INTO access_finding (account_id, region, checks, checked_at)
                SELECT a.account_id, \(place.region), \(JSON(document: checks)), \(now)
                  FROM account a WHERE a.account_id = \(place.accountId)
                    ON CONFLICT (account_id, region) DO UPDATE
                   SET checks = excluded.checks, checked_at = excluded.checked_at
                """
            ),
            PlanReadinessStatements.recheck(in: place, at: now + PlanCheck.settling),
        ]
    }

    /// Forgets what spokes may do in an account that is being edited: it is tried again.
    package static func forgetAccess(to account: AccountNumber) -> Statement {
        Statement("DELETE FROM access_finding WHERE account_id = \(account)")
    }

    // MARK: - What is known, for a check

    /// What looks found of servers, where it is not too old.
    package static func find(_ servers: [SourceServerID], at now: Instant) -> Query<ServerFinding> {
        Query(
            """
            SELECT f.source_server_id, f.has_launch_configuration, f.has_recovery_point, f.found_snapshot_ids,
                   f.gone_snapshot_ids
              FROM server_finding f
             WHERE f.source_server_id = ANY(\(servers)) AND f.looked_at > \(now - PlanCheck.lookAge)
            """
        ) { row in
            ServerFinding(
                sourceServerId: try row.read(),
                hasLaunchConfiguration: try row.read(),
                hasRecoveryPoint: try row.read(),
                foundSnapshotIds: try row.readLabels(),
                goneSnapshotIds: try row.readLabels()
            )
        }
    }

    /// How accounts and Regions stand.
    package static func standing(of places: [Place], at now: Instant) -> Query<(place: Place, standing: PlaceStanding)>
    {
        Query(
            """
            SELECT q.account_id, q.region, coalesce(y.is_served, false), coalesce(y.is_old, true), y.problem_code,
                   y.problem_text, y.quotas, c.checks
              FROM unnest(\(places.map(\.accountId)), \(places.map(\.region))) q (account_id, region)
              LEFT JOIN inventory_sync y ON y.account_id = q.account_id AND y.region = q.region
              LEFT JOIN access_finding c ON c.account_id = q.account_id AND c.region = q.region
                                        AND c.checked_at > \(now - PlanCheck.lookAge)
            """
        ) { row in
            let place = Place(accountId: try row.read(), region: try row.read())
            let (isServed, isOld) = (try row.read(Bool.self), try row.read(Bool.self))
            let (code, text) = (try row.read(String?.self), try row.read(String?.self))
            let quotas = try row.readDocument(Quotas?.self) ?? Quotas()
            let checks = try row.readDocument([AccessCheck]?.self)
            return (
                place,
                PlaceStanding(
                    isServed: isServed,
                    isInventoryOld: isOld,
                    problem: code.map { "\($0): \(text ?? "")" },
                    quotas: quotas,
                    access: checks.map(PlaceStanding.Access.init)
                )
            )
        }
    }
}

extension PlaceStanding.Access {
    /// What checks amount to: actions that are missing, and a trust that asks for too little.
    fileprivate init(_ checks: [AccessCheck]) {
        self.init(
            denied: checks.filter { $0.isAction && $0.result == .denied }.map(\.action),
            isTrustTooWide: checks.contains { !$0.isAction && $0.result == .allowed }
        )
    }
}
