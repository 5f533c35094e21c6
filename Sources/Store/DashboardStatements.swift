package import Ambient
package import Contract
package import PostgreSQL
package import Recovery

/// How everything stands, in numbers, within the accounts that a caller may see (nil: all).
package enum DashboardStatements {
    /// Recovery plans by readiness, and those whose drill is due.
    package static func plans(within scope: [AccountNumber]?, at now: Instant) -> Query<DashboardView.Plans> {
        Query(
            """
            SELECT count(*) FILTER (WHERE r.state = 'VERIFIED'), count(*) FILTER (WHERE r.state = 'NEEDS_CHECK'),
                   count(*) FILTER (WHERE r.state = 'NOT_READY'),
                   count(*) FILTER (WHERE NOT EXISTS (
                       SELECT FROM execution e
                        WHERE e.plan_id = p.plan_id AND e.execution_type = 'DRILL'
                          AND e.status IN ('COMPLETED', 'PARTIAL') AND e.ended_at >= \(now - RecoveryPlan.drillInterval)))
              FROM recovery_plan p JOIN plan_readiness r ON r.plan_id = p.plan_id
             WHERE \(RecoveryPlan.isVisible(within: scope))
            """
        ) { row in
            DashboardView.Plans(
                verified: try row.read(),
                needsCheck: try row.read(),
                notReady: try row.read(),
                drillDue: try row.read()
            )
        }
    }

    /// Executions that have not ended.
    package static func executions(within scope: [AccountNumber]?) -> Query<DashboardView.Executions> {
        let scope = scope?.map(\.rawValue)
        return Query(
            """
            SELECT count(*),
                   count(*) FILTER (WHERE EXISTS (SELECT FROM execution_wave w
                                                   WHERE w.execution_id = e.execution_id AND w.waiting_for IS NOT NULL))
              FROM execution e
             WHERE e.ended_at IS NULL
               AND (\(scope)::text[] IS NULL
                    OR EXISTS (SELECT FROM execution_place q
                                WHERE q.execution_id = e.execution_id AND q.account_id = ANY(\(scope))))
            """
        ) { row in DashboardView.Executions(active: try row.read(), waitingForPerson: try row.read()) }
    }
}
