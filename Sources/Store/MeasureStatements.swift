package import Ambient
package import PostgreSQL
internal import Recovery

/// What the database knows of how everything stands, for metrics: over all accounts, asked every few seconds.
package enum MeasureStatements {
    /// How many there are of one kind.
    package struct Count: Sendable, Hashable {
        /// The values of the metric's labels.
        package let labels: [String]
        package let count: Int
    }

    package static let executions = pairs("SELECT execution_type, status, count(*) FROM execution GROUP BY 1, 2")

    /// Executions beyond their recovery time objective; a recovery's time runs from the declared event.
    package static func beyondObjective(at now: Instant) -> Query<Count> {
        pairs(
            """
            SELECT execution_type, CASE WHEN ended_at IS NULL THEN 'no' ELSE 'yes' END, count(*) FROM execution
             WHERE recovery_time_objective_minutes IS NOT NULL
               AND coalesce(ended_at, \(now)) - coalesce(declared_at, started_at)
                   > make_interval(mins => recovery_time_objective_minutes::integer)
             GROUP BY 1, 2
            """
        )
    }

    package static let launchesWaiting = singles(
        "SELECT coalesce(wait_kind, 'CAPACITY'), count(*) FROM execution_job WHERE state = 'QUEUED' GROUP BY 1"
    )

    package static let commands = pairs(
        "SELECT kind, state, count(*) FROM command WHERE ended_at IS NULL GROUP BY 1, 2"
    )

    package static let spokes = singles(
        """
        SELECT CASE WHEN lost_at IS NOT NULL THEN 'LOST' WHEN is_draining THEN 'DRAINING' ELSE 'CONNECTED' END, count(*)
          FROM spoke GROUP BY 1
        """
    )

    package static let plans = singles("SELECT state, count(*) FROM plan_readiness GROUP BY 1")

    package static func drillsOverdue(at now: Instant) -> Query<Count> {
        one(
            """
            SELECT count(*) FROM recovery_plan p
             WHERE NOT EXISTS (SELECT FROM execution e
                                WHERE e.plan_id = p.plan_id AND e.execution_type = 'DRILL'
                                  AND e.status IN ('COMPLETED', 'PARTIAL')
                                  AND e.ended_at >= \(now - RecoveryPlan.drillInterval))
            """
        )
    }

    package static let serversStalled = one(
        "SELECT count(*) FROM source_server WHERE replication_state IN ('STALLED', 'DISCONNECTED')"
    )

    /// Drill instances whose execution has ended, or that nobody here has launched.
    package static let drillInstances = one(
        """
        SELECT count(*) FROM recovery_instance r
         WHERE r.is_drill AND r.state NOT IN ('TERMINATED', 'SHUTTING-DOWN', 'NOT_FOUND')
           AND NOT EXISTS (SELECT FROM execution_job j JOIN execution e ON e.execution_id = j.execution_id
                            WHERE j.job_id = r.job_id AND e.ended_at IS NULL)
        """
    )

    /// When each spoke was last heard of.
    package static let heartbeats = Query<(name: String, lastSeenAt: Instant)>(
        """
        SELECT p.name, greatest(p.last_seen_at,
                                (SELECT max(s.last_seen_at) FROM agent_session s WHERE s.spoke_id = p.spoke_id))
          FROM spoke p ORDER BY p.name
        """
    ) { row in (name: try row.read(), lastSeenAt: try row.read()) }

    private static func pairs(_ sql: SQL) -> Query<Count> {
        Query(sql) { row in Count(labels: [try row.read(), try row.read()], count: try row.read()) }
    }

    private static func singles(_ sql: SQL) -> Query<Count> {
        Query(sql) { row in Count(labels: [try row.read()], count: try row.read()) }
    }

    private static func one(_ sql: SQL) -> Query<Count> {
        Query(sql) { row in Count(labels: [], count: try row.read()) }
    }
}
