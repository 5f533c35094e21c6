package import Contract
internal import JSON
package import PostgreSQL
package import Recovery

/// Which plans a sync of the inventory concerns.
///
/// Nearly every sync changes the lag of nearly every server. A plan is only concerned when a server of its groups comes,
/// goes, replicates otherwise, crosses the plan's objective, or is in another job than before.
package enum ConcernedPlans {
    /// Asked before the sync is written, in its transaction, with the place's state locked.
    package static func ofSync(_ page: InventoryPage) -> Query<RecoveryPlan.ID> {
        let place = page.place
        return Query(
            """
            WITH seen AS (SELECT x."sourceServerId" AS id, x."replicationState" AS state, x."lagSeconds" AS lag, x.tags
                            FROM jsonb_to_recordset(\(JSON(document: page.sourceServers))) AS x
                                 ("sourceServerId" text, "replicationState" text, "lagSeconds" bigint, tags jsonb)),
            known AS (SELECT s.source_server_id AS id, s.replication_state AS state, s.lag_seconds AS lag, s.tags
                        FROM source_server s
                       WHERE s.account_id = \(place.accountId) AND s.region = \(place.region)
                         AND (\(page.lookedUp == nil) OR s.source_server_id = ANY(\(page.lookedUp ?? [])))),
            differing AS MATERIALIZED (
                SELECT id, known.state IS DISTINCT FROM seen.state AS is_other,
                       known.tags IS DISTINCT FROM seen.tags AS is_picked_anew, known.lag AS was, seen.lag AS is
                  FROM known FULL JOIN seen USING (id)
                 WHERE (known.state, known.tags, known.lag) IS DISTINCT FROM (seen.state, seen.tags, seen.lag))
            SELECT n.plan_id
              FROM differing d
              JOIN group_member m ON m.source_server_id = d.id
              JOIN plan_group n ON n.group_id = m.group_id
              JOIN recovery_plan p ON p.plan_id = n.plan_id
             WHERE d.is_other
                OR (coalesce(d.was, 0) > p.recovery_point_objective_seconds)
                   <> (coalesce(d.is, 0) > p.recovery_point_objective_seconds)
            UNION
            SELECT n.plan_id FROM protection_group g JOIN plan_group n ON n.group_id = g.group_id
             WHERE g.account_id = \(place.accountId) AND g.region = \(place.region) AND g.selection_tags IS NOT NULL
               AND EXISTS (SELECT FROM differing d WHERE d.is_picked_anew)
            \(page.lookedUp == nil ? whole(page) : "")
            """
        ) { row in try row.read() }
    }

    /// What only a sync of the whole place tells: what is under way there, and its quotas.
    private static func whole(_ page: InventoryPage) -> SQL {
        let place = page.place
        let native = page.nativeExecutions
        let jobs = page.jobs.filter { $0.type != "TERMINATE" }
        let busy = Set(jobs.flatMap(\.sourceServerIds) + (native ?? []).flatMap(\.sourceServerIds)).sorted()
        let quotas = page.quotas.map { JSON(document: $0) }
        // Where DRS could not be asked about its own plans, what was seen before stands.
        let stored: SQL = """
            SELECT unnest(o.source_server_ids) FROM observed_job o
             WHERE o.account_id = \(place.accountId) AND o.region = \(place.region) AND o.type <> 'TERMINATE'
            UNION ALL
            SELECT unnest(e.source_server_ids) FROM native_execution e
             WHERE e.account_id = \(place.accountId) AND e.region = \(place.region) AND \(native != nil)
            """
        return """
            UNION
            SELECT n.plan_id
              FROM (((\(stored)) EXCEPT SELECT unnest(\(busy)::text[]))
                    UNION (SELECT unnest(\(busy)::text[]) EXCEPT (\(stored)))) AS d (id)
              JOIN group_member m ON m.source_server_id = d.id
              JOIN plan_group n ON n.group_id = m.group_id
            UNION
            SELECT n.plan_id
              FROM inventory_sync y
              JOIN protection_group g ON g.account_id = y.account_id AND g.region = y.region
              JOIN plan_group n ON n.group_id = g.group_id
             WHERE y.account_id = \(place.accountId) AND y.region = \(place.region)
               AND (y.is_initialized <> \(page.isInitialized)
                    OR (\(quotas)::jsonb IS NOT NULL AND y.quotas IS DISTINCT FROM \(quotas)))
            """
    }
}
