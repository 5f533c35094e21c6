package import Ambient
internal import JSON
package import PostgreSQL
package import Recovery
package import Reporting

/// What was known of a plan and its servers in the moment when an execution began.
package enum BaselineStatements {
    /// Notes it, in the transaction of the start.
    package static func take(_ execution: Execution, at now: Instant) -> Statement {
        Statement(
            """
            INSERT INTO execution_baseline (execution_id, taken_at, readiness, checked_at, servers)
            SELECT \(execution.id), \(now), jsonb_build_object('state', p.state, 'reasons', p.reasons), p.checked_at,
                   coalesce(
                       (SELECT jsonb_object_agg(
                                   s.source_server_id,
                                   jsonb_strip_nulls(jsonb_build_object(
                                       'state', s.replication_state, 'lagSeconds', s.lag_seconds,
                                       'asOf', to_char(y.synced_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))))
                          FROM source_server s
                          LEFT JOIN inventory_sync y ON y.account_id = s.account_id AND y.region = s.region
                         WHERE s.source_server_id = ANY (\(execution.servers.map(\.sourceServerId)))), '{}')
              FROM (SELECT 1) one LEFT JOIN plan_readiness p ON p.plan_id = \(execution.plan.planId)
            """
        )
    }

    /// What was noted; of executions that began before it was, nothing.
    package static func find(_ id: Execution.ID) -> Query<ReportMaterial.Baseline> {
        Query(
            """
            SELECT taken_at, CASE WHEN readiness ->> 'state' IS NULL THEN NULL ELSE readiness END, checked_at, servers
              FROM execution_baseline WHERE execution_id = \(id)
            """
        ) { row in
            let takenAt = try row.read(Instant.self)
            let readiness = try row.readDocument(Readiness?.self)
            let checkedAt = try row.read(Instant?.self)
            let servers = try row.readDocument([String: ReportMaterial.Replication].self)
            return ReportMaterial.Baseline(
                takenAt: takenAt,
                readiness: readiness,
                checkedAt: checkedAt,
                servers: servers.reduce(into: [:]) { known, server in
                    if let id = SourceServerID(rawValue: server.key) { known[id] = server.value }
                }
            )
        }
    }

    /// Ended executions of the plan that began before this one, the newest first, with the newest one's plan.
    package static func earlier(than execution: Execution, limit: Int) -> Query<EarlierRun> {
        Query(
            """
            SELECT e.execution_id, e.execution_type, e.started_at, e.ended_at, e.verdict ->> 'result',
                   (SELECT ceil(extract(epoch FROM max(s.ended_at) - least(e.declared_at, e.started_at)))::bigint
                      FROM execution_server s WHERE s.execution_id = e.execution_id AND s.status = 'LAUNCHED'),
                   (SELECT count(*) FROM execution_server s WHERE s.execution_id = e.execution_id),
                   (SELECT count(*) FROM execution_server s
                     WHERE s.execution_id = e.execution_id AND s.status = 'LAUNCHED')
              FROM execution e
             WHERE e.plan_id = \(execution.plan.planId) AND e.ended_at IS NOT NULL
               AND e.started_at < \(execution.startedAt)
             ORDER BY e.started_at DESC LIMIT \(limit)
            """
        ) { row in
            EarlierRun(
                executionId: try row.read(),
                executionType: try row.read(),
                startedAt: try row.read(),
                endedAt: try row.read(),
                result: try row.read(String?.self).flatMap(Verdict.Result.init(rawValue:)),
                recoverySeconds: try row.read(),
                servers: try row.read(),
                launched: try row.read()
            )
        }
    }

    /// The plan of an execution as it was frozen.
    package static func plan(of id: Execution.ID) -> Query<FrozenPlan> {
        Query("SELECT frozen_plan FROM execution_plan WHERE execution_id = \(id)") { row in try row.readDocument() }
    }

    /// Application and owner of a plan as of a revision, as far as they are kept.
    package static func labels(of plan: FrozenPlan) -> Query<(application: String?, owner: String?)> {
        Query(
            """
            SELECT body::jsonb ->> 'application', body::jsonb ->> 'owner' FROM recovery_plan_version
             WHERE plan_id = \(plan.planId) AND revision = \(plan.planRevision)
            """
        ) { row in (try row.read(), try row.read()) }
    }
}
