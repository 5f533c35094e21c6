package import Ambient
package import PostgreSQL
package import Recovery

/// Executions as lists show them.
package enum ExecutionListStatements {
    /// One execution with the numbers of its servers, but not the servers themselves.
    package struct Row: Sendable {
        package var executionId: Execution.ID
        package var planId: RecoveryPlan.ID
        package var planName: String
        package var planRevision: Int
        package var type: ExecutionType
        package var status: ExecutionStatus
        package var reason: String?
        package var startedBy: String
        package var startedAt: Instant
        package var declaredAt: Instant?
        package var endedAt: Instant?
        package var version: Int
        package var control: Execution.Control
        package var verdict: Verdict?
        package var objectiveMinutes: Int?
        package var totalWaves: Int
        package var currentWave: Int?
        /// What a wave waits for, an approval before a pause.
        package var waitingFor: Execution.WaveRun.Waiting?
        package var servers: [ServerStatus: Int]
        package var instances: [InstanceState: Int]
        package var lastLaunch: Instant?
    }

    /// What a list is narrowed to.
    package struct Filter: Sendable {
        package var status: ExecutionStatus?
        package var planId: RecoveryPlan.ID?
        package var type: ExecutionType?
        package var accountId: AccountNumber?
        package var isActive: Bool?
        package var from: Instant?
        package var to: Instant?
        /// The accounts that the caller may see; nil: all.
        package var scope: [AccountNumber]?

        package init(
            status: ExecutionStatus? = nil,
            planId: RecoveryPlan.ID? = nil,
            type: ExecutionType? = nil,
            accountId: AccountNumber? = nil,
            isActive: Bool? = nil,
            from: Instant? = nil,
            to: Instant? = nil,
            scope: [AccountNumber]? = nil
        ) {
            self.status = status
            self.planId = planId
            self.type = type
            self.accountId = accountId
            self.isActive = isActive
            self.from = from
            self.to = to
            self.scope = scope
        }

        /// A text of its own each, so that the few that run are found by their partial index.
        private var activity: SQL {
            switch isActive {
            case true: "AND e.ended_at IS NULL"
            case false: "AND e.ended_at IS NOT NULL"
            case nil: ""
            }
        }

        fileprivate var sql: SQL {
            """
            e.hidden_at IS NULL
            AND (\(status)::text IS NULL OR e.status = \(status))
            AND (\(planId)::uuid IS NULL OR e.plan_id = \(planId))
            AND (\(type)::text IS NULL OR e.execution_type = \(type))
            \(activity)
            AND (\(from)::timestamptz IS NULL OR e.started_at >= \(from))
            AND (\(to)::timestamptz IS NULL OR e.started_at < \(to))
            AND (\(accountId)::text IS NULL
                 OR EXISTS (SELECT FROM execution_place w
                             WHERE w.execution_id = e.execution_id AND w.account_id = \(accountId)))
            AND (\(scope?.map(\.rawValue))::text[] IS NULL
                 OR EXISTS (SELECT FROM execution_place w
                             WHERE w.execution_id = e.execution_id AND w.account_id = ANY (\(scope?.map(\.rawValue)))))
            """
        }
    }

    /// A page of executions by their start.
    package static func list(
        _ filter: Filter,
        newestFirst: Bool,
        after last: (at: Instant, id: Execution.ID)?,
        limit: Int
    ) -> Query<Row> {
        let order: SQL =
            newestFirst ? "e.started_at DESC, e.execution_id DESC" : "e.started_at, e.execution_id"
        let page: SQL =
            switch (last, newestFirst) {
            case (nil, _): ""
            case (let last?, true): "AND (e.started_at, e.execution_id) < (\(last.at), \(last.id))"
            case (let last?, false): "AND (e.started_at, e.execution_id) > (\(last.at), \(last.id))"
            }
        return Query(
            """
            SELECT e.execution_id, e.plan_id, e.plan_name, e.plan_revision, e.execution_type, e.status, e.reason,
                   e.started_by, e.started_at, e.declared_at, e.ended_at, e.version, e.control, e.verdict,
                   e.recovery_time_objective_minutes, w.total, w.current, w.waiting, s.statuses,
                   s.instances, s.last_launch
              FROM (SELECT execution_id, plan_id, plan_name, plan_revision, execution_type, status, reason, started_by,
                           started_at, declared_at, ended_at, version, control, verdict,
                           recovery_time_objective_minutes
                      FROM execution e WHERE \(filter.sql) \(page) ORDER BY \(order) LIMIT \(limit)) e
             CROSS JOIN LATERAL (
                   SELECT count(*) AS total, min(wave_number) FILTER (WHERE ended_at IS NULL) AS current,
                          -- By the alphabet APPROVAL comes before PAUSE.
                          min(waiting_for) FILTER (WHERE ended_at IS NULL) AS waiting
                     FROM execution_wave WHERE execution_id = e.execution_id) w
             CROSS JOIN LATERAL (
                   SELECT jsonb_object_agg(status, servers) AS statuses, max(last_launch) AS last_launch,
                          (SELECT jsonb_object_agg(instance_state, instances)
                             FROM (SELECT instance_state, count(*) AS instances FROM execution_server
                                    WHERE execution_id = e.execution_id AND instance_state IS NOT NULL
                                    GROUP BY instance_state) i) AS instances
                     FROM (SELECT status, count(*) AS servers,
                                  max(ended_at) FILTER (WHERE status = 'LAUNCHED') AS last_launch
                             FROM execution_server WHERE execution_id = e.execution_id GROUP BY status) g) s
             ORDER BY \(order)
            """
        ) { row in
            try Row(
                executionId: row.read(),
                planId: row.read(),
                planName: row.read(),
                planRevision: row.read(),
                type: row.read(),
                status: row.read(),
                reason: row.read(),
                startedBy: row.read(),
                startedAt: row.read(),
                declaredAt: row.read(),
                endedAt: row.read(),
                version: row.read(),
                control: row.readDocument(),
                verdict: row.readDocument(),
                objectiveMinutes: row.read(),
                totalWaves: row.read(),
                currentWave: row.read(),
                waitingFor: row.read(),
                servers: labelled(row.readDocument([String: Int]?.self)),
                instances: labelled(row.readDocument([String: Int]?.self)),
                lastLaunch: row.read()
            )
        }
    }

    private static func labelled<Label: RawRepresentable<String> & Hashable>(_ counts: [String: Int]?) -> [Label: Int] {
        (counts ?? [:]).reduce(into: [:]) { labelled, count in
            if let label = Label(rawValue: count.key) { labelled[label] = count.value }
        }
    }

    /// The accounts of an execution and its version, unless it is hidden: what a caller may see is decided by them.
    package static func standing(_ id: Execution.ID) -> Query<(accounts: [AccountNumber], version: Int)> {
        Query(
            """
            SELECT ARRAY(SELECT DISTINCT account_id FROM execution_place WHERE execution_id = \(id) ORDER BY 1), version
              FROM execution WHERE execution_id = \(id) AND hidden_at IS NULL
            """
        ) { row in (try row.readLabels(), try row.read()) }
    }

    /// Hides what ended before a time and lies wholly in the scope; journal and audit stay.
    package static func hide(
        endedBefore time: Instant,
        within scope: [AccountNumber]? = nil,
        at now: Instant
    ) -> Statement {
        let scope = scope?.map(\.rawValue)
        return Statement(
            """
            UPDATE execution e SET hidden_at = \(now)
             WHERE e.ended_at < \(time) AND e.hidden_at IS NULL
               AND (\(scope)::text[] IS NULL
                    OR NOT EXISTS (SELECT FROM execution_place w
                                    WHERE w.execution_id = e.execution_id AND w.account_id <> ALL (\(scope))))
            """
        )
    }
}
