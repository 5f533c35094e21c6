package import Ambient
package import Contract
internal import JSON
package import PostgreSQL
package import Recovery

/// What spokes saw of executions of DRS's own recovery plans: only what is active is kept.
package enum NativeExecutionStatements {
    /// How long an execution counts that could not be asked about again.
    ///
    /// Longer than any throttling lasts; then a conflict that may be over is worse than one that DRS itself refuses.
    private static let trust: Duration = .seconds(600)

    /// Makes these the active executions of the place; nil: nobody could ask this time.
    package static func observe(
        _ executions: [InventoryPage.NativeExecution]?,
        in place: Place,
        at now: Instant
    ) -> [Statement] {
        guard let executions else {
            return [
                Statement(
                    """
                    DELETE FROM native_execution
                     WHERE account_id = \(place.accountId) AND region = \(place.region) AND seen_at < \(now - trust)
                    """
                )
            ]
        }
        let gone = Statement(
            """
            DELETE FROM native_execution
             WHERE account_id = \(place.accountId) AND region = \(place.region)
               AND NOT execution_arn = ANY (\(executions.map(\.executionArn)))
            """
        )
        return executions.isEmpty ? [gone] : [gone, keep(executions, in: place, at: now)]
    }

    private static func keep(
        _ executions: [InventoryPage.NativeExecution],
        in place: Place,
        at now: Instant
    ) -> Statement {
        Statement(
            """
            INSERT INTO native_execution (execution_arn, account_id, region, plan_arn, plan_name, status, started_at,
                                          source_server_ids, seen_at)
            SELECT x."executionArn", \(place.accountId), \(place.region), x."planArn", x."planName", x.status,
                   x."startedAt", ARRAY(SELECT jsonb_array_elements_text(x."sourceServerIds")), \(now)
              FROM jsonb_to_recordset(\(JSON(document: executions))) AS x
                   ("executionArn" text, "planArn" text, "planName" text, status text, "startedAt" timestamptz,
                    "sourceServerIds" jsonb)
             ORDER BY x."executionArn"
                ON CONFLICT (account_id, region, execution_arn) DO UPDATE
               SET plan_arn = excluded.plan_arn, plan_name = excluded.plan_name, status = excluded.status,
                   started_at = excluded.started_at, source_server_ids = excluded.source_server_ids,
                   seen_at = excluded.seen_at
            """
        )
    }

    /// Active executions that have any of the servers, and which.
    package static func conflicts(with servers: [SourceServerID]) -> Query<Conflict> {
        Query(
            """
            SELECT execution_arn, status, plan_name,
                   ARRAY(SELECT unnest(source_server_ids)
                         INTERSECT SELECT unnest(\(servers.map(\.rawValue))) ORDER BY 1)
              FROM native_execution
             WHERE source_server_ids && \(servers.map(\.rawValue))
             ORDER BY started_at, execution_arn
            """
        ) { row in
            let (arn, status): (String, String) = (try row.read(), try row.read())
            return Conflict(
                kind: .nativePlan,
                id: arn,
                status: status,
                planName: try row.read(),
                serverIds: try row.readLabels()
            )
        }
    }
}
