package import Ambient
package import Contract
internal import JSON
package import PostgreSQL
package import Recovery

/// A plan with everything that the database knows about how it stands now.
package struct RecoveryPlanStanding: Sendable, Hashable {
    package var plan: RecoveryPlan
    /// How many servers its groups give it now.
    package var totalServers: Int
    /// The verdict of the last check.
    package var readiness: Readiness
    /// When that was; nil: never yet.
    package var checkedAt: Instant?
    package var conflict: RecoveryPlanView.ConflictSummary?
    package var latestExecution: RecoveryPlanView.ExecutionReference?
    /// When the last drill ended that launched servers.
    package var lastDrillAt: Instant?
}

extension RecoveryPlan {
    /// How a list of plans is sorted.
    package enum Sort: String, Sendable, CaseIterable {
        case newest = "-createdDate"
        case oldest = "createdDate"
        case name = "planName"
        case nameDescending = "-planName"
    }

    /// What a list of plans is narrowed to.
    package struct Filter: Sendable {
        package var accountId: AccountNumber?
        package var groupId: ProtectionGroup.ID?
        /// Part of the name, description, owner or application, without regard to case.
        package var text: String?
        package var readiness: Readiness.State?
        /// The accounts that the caller may see; nil: all.
        package var scope: [AccountNumber]?

        package init(
            accountId: AccountNumber? = nil,
            groupId: ProtectionGroup.ID? = nil,
            text: String? = nil,
            readiness: Readiness.State? = nil,
            scope: [AccountNumber]? = nil
        ) {
            self.accountId = accountId
            self.groupId = groupId
            self.text = text
            self.readiness = readiness
            self.scope = scope
        }

        fileprivate var sql: SQL {
            """
            \(RecoveryPlan.isVisible(within: scope))
            AND (\(accountId) IS NULL
                 OR EXISTS (SELECT FROM plan_group n JOIN protection_group g ON g.group_id = n.group_id
                             WHERE n.plan_id = p.plan_id AND g.account_id = \(accountId)))
            AND (\(groupId) IS NULL
                 OR EXISTS (SELECT FROM plan_group n WHERE n.plan_id = p.plan_id AND n.group_id = \(groupId)))
            AND (\(text) IS NULL
                 OR strpos(lower(p.plan_name || ' ' || p.description || ' ' || coalesce(p.owner, '') || ' '
                                 || coalesce(p.application, '')), lower(\(text))) > 0)
            AND (\(readiness?.rawValue) IS NULL
                 OR EXISTS (SELECT FROM plan_readiness r
                             WHERE r.plan_id = p.plan_id AND r.state = \(readiness?.rawValue)))
            """
        }
    }

    /// The plans that a filter lets through; one page of them.
    ///
    /// - `filter`: What the list is narrowed to.
    /// - `sort`: Its order. Identifiers sort by the time they were made.
    /// - `last`: Name and identifier of the last plan of the page before.
    /// - `limit`: How many at most.
    package static func list(
        _ filter: Filter,
        sort: Sort,
        after last: (name: String, id: ID)?,
        limit: Int
    ) -> Query<RecoveryPlanStanding> {
        let order: SQL =
            switch sort {
            case .newest: "p.plan_id DESC"
            case .oldest: "p.plan_id"
            case .name: "lower(p.plan_name)"
            case .nameDescending: "lower(p.plan_name) DESC"
            }
        let page: SQL =
            switch (sort, last) {
            case (_, nil): ""
            case (.newest, let last?): "AND p.plan_id < \(last.id)"
            case (.oldest, let last?): "AND p.plan_id > \(last.id)"
            case (.name, let last?): "AND lower(p.plan_name) > lower(\(last.name))"
            case (.nameDescending, let last?): "AND lower(p.plan_name) < lower(\(last.name))"
            }
        return Query(
            """
            SELECT \(standingColumns)
              FROM (SELECT \(columns) FROM recovery_plan p
                     WHERE \(filter.sql) \(page) ORDER BY \(order) LIMIT \(limit)) p
              \(standing)
             ORDER BY \(order)
            """,
            reading: RecoveryPlanStanding.init(row:)
        )
    }

    /// One plan, if the caller may see it.
    package static func find(_ id: ID, within scope: [AccountNumber]?) -> Query<RecoveryPlanStanding> {
        Query(
            """
            SELECT \(standingColumns) FROM recovery_plan p \(standing)
             WHERE p.plan_id = \(id) AND \(isVisible(within: scope))
            """,
            reading: RecoveryPlanStanding.init(row:)
        )
    }

    private static let columns: SQL = """
        p.plan_id, p.plan_name, p.description, p.ordering, p.recovery_time_objective_minutes,
        p.recovery_point_objective_seconds, p.owner, p.application, p.waves, p.created_at, p.modified_at,
        p.created_by, p.revision
        """

    private static let standingColumns: SQL = """
        \(columns), cardinality(i.ids)::bigint, r.state, r.reasons, r.checked_at,
        coalesce(c.id, b.id, f.id), coalesce(c.status, b.status, f.status), coalesce(c.servers, b.servers, f.servers),
        l.execution_id, l.status, l.execution_type, l.started_at, l.ended_at, d.ended_at
        """
}

extension RecoveryPlan {
    /// What stands beside each plan `p`: its servers now (`i`), its readiness (`r`), what uses the servers (`c`, `b`, `f`),
    /// its latest execution (`l`) and drill (`d`).
    private static let standing: SQL = """
        CROSS JOIN LATERAL (
            SELECT ARRAY(SELECT DISTINCT t.id
                           FROM jsonb_array_elements(p.waves) v
                          CROSS JOIN LATERAL (
                                SELECT s.id FROM jsonb_array_elements_text(v->'serverIds') s (id)
                                UNION ALL
                                -- An array, so that the members are found by the index, group by group.
                                SELECT m.source_server_id FROM group_member m
                                 WHERE jsonb_array_length(v->'serverIds') = 0
                                   AND m.group_id = ANY(ARRAY(
                                       SELECT n.id::uuid
                                         FROM jsonb_array_elements_text(v->'protectionGroupIds') n (id)))) t) AS ids
            -- Kept from being pulled up, so that it is worked out once and not wherever it is used.
            OFFSET 0) i
        JOIN plan_readiness r ON r.plan_id = p.plan_id
        LEFT JOIN LATERAL (
            SELECT e.execution_id::text AS id, e.status, array_agg(k.source_server_id ORDER BY k.source_server_id) AS servers
              -- First the claims on these servers: by executions, every claim of a large one would be read for each plan.
              FROM (SELECT a.source_server_id, a.execution_id FROM server_claim a
                     WHERE a.source_server_id = ANY(i.ids) OFFSET 0) k
              JOIN execution e ON e.execution_id = k.execution_id
             GROUP BY e.execution_id, e.status ORDER BY e.execution_id LIMIT 1) c ON true
        LEFT JOIN LATERAL (
            SELECT o.execution_arn AS id, o.status,
                   ARRAY(SELECT unnest(o.source_server_ids) INTERSECT SELECT unnest(i.ids) ORDER BY 1) AS servers
              FROM plan_group n
              JOIN protection_group g ON g.group_id = n.group_id
              JOIN native_execution o ON o.account_id = g.account_id AND o.region = g.region
             WHERE n.plan_id = p.plan_id AND o.source_server_ids && i.ids
             ORDER BY o.started_at, o.execution_arn LIMIT 1) b ON true
        LEFT JOIN LATERAL (
            SELECT o.job_id AS id, o.status,
                   ARRAY(SELECT unnest(o.source_server_ids) INTERSECT SELECT unnest(i.ids) ORDER BY 1) AS servers
              FROM plan_group n
              JOIN protection_group g ON g.group_id = n.group_id
              JOIN observed_job o ON o.account_id = g.account_id AND o.region = g.region
             WHERE n.plan_id = p.plan_id AND o.type <> 'TERMINATE' AND o.status <> 'COMPLETED'
               AND NOT EXISTS (SELECT FROM command k WHERE k.key = o.command_key)
               AND o.source_server_ids && i.ids
             ORDER BY o.job_id LIMIT 1) f ON true
        LEFT JOIN LATERAL (
            SELECT e.execution_id, e.status, e.execution_type, e.started_at, e.ended_at FROM execution e
             WHERE e.plan_id = p.plan_id AND e.hidden_at IS NULL
             ORDER BY e.started_at DESC LIMIT 1) l ON true
        LEFT JOIN LATERAL (
            SELECT max(e.ended_at) AS ended_at FROM execution e
             WHERE e.plan_id = p.plan_id AND e.execution_type = 'DRILL' AND e.status IN ('COMPLETED', 'PARTIAL')) d ON true
        """
}

extension RecoveryPlan {
    /// One plan as it was saved, if the caller may see it.
    package static func saved(_ id: ID, within scope: [AccountNumber]?) -> Query<RecoveryPlan> {
        Query(
            "SELECT \(columns) FROM recovery_plan p WHERE p.plan_id = \(id) AND \(isVisible(within: scope))",
            reading: RecoveryPlan.init(row:)
        )
    }

    fileprivate init(row: inout RowReader) throws {
        self.init(
            planId: try row.read(),
            planName: try row.read(),
            description: try row.read(),
            ordering: try row.read(),
            recoveryTimeObjectiveMinutes: try row.read(),
            recoveryPointObjectiveSeconds: try row.read(),
            owner: try row.read(),
            application: try row.read(),
            waves: try row.readDocument(),
            createdDate: try row.read(),
            lastModifiedDate: try row.read(),
            createdBy: try row.read(),
            revision: try row.read()
        )
    }
}

extension RecoveryPlanStanding {
    fileprivate init(row: inout RowReader) throws {
        plan = try RecoveryPlan(row: &row)
        totalServers = try row.read()
        readiness = Readiness(state: try row.read(), reasons: try row.readDocument())
        checkedAt = try row.read()
        let (id, status) = (try row.read(String?.self), try row.read(String?.self))
        let servers = (try row.read([String]?.self) ?? []).compactMap(SourceServerID.init(rawValue:))
        conflict = id.map {
            .init(conflictingExecutionId: $0, conflictingStatus: status ?? "", conflictingServers: servers)
        }
        let (execution, state) = (try row.read(Execution.ID?.self), try row.read(ExecutionStatus?.self))
        let (type, start, end) = (
            try row.read(ExecutionType?.self), try row.read(Instant?.self), try row.read(Instant?.self)
        )
        if let execution, let state, let type, let start {
            latestExecution = .init(
                executionId: execution,
                status: state,
                executionType: type,
                startedAt: start,
                endedAt: end
            )
        }
        lastDrillAt = try row.read()
    }
}
