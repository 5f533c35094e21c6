package import Ambient
package import PostgreSQL
package import Recovery
package import Reporting

/// What is proven recoverable, over everything that a caller may see.
package enum CoverageStatements {
    /// What is looked at.
    package struct Filter: Sendable {
        package var accountId: AccountNumber?
        package var region: Region?
        package var application: String?
        package var owner: String?
        package var scope: [AccountNumber]?

        package init(
            accountId: AccountNumber? = nil,
            region: Region? = nil,
            application: String? = nil,
            owner: String? = nil,
            scope: [AccountNumber]? = nil
        ) {
            self.accountId = accountId
            self.region = region
            self.application = application
            self.owner = owner
            self.scope = scope
        }
    }

    /// Whether the plan `p` lies in the scope, if only in part, and is of what is asked for.
    private static func isAsked(_ filter: Filter) -> SQL {
        """
        \(RecoveryPlan.isVisible(within: filter.scope))
        AND (\(filter.application)::text IS NULL OR p.application = \(filter.application))
        AND (\(filter.owner)::text IS NULL OR p.owner = \(filter.owner))
        AND (\(filter.accountId)::text IS NULL AND \(filter.region)::text IS NULL
             OR EXISTS (SELECT FROM plan_group n JOIN protection_group g ON g.group_id = n.group_id
                         WHERE n.plan_id = p.plan_id
                           AND (\(filter.accountId)::text IS NULL OR g.account_id = \(filter.accountId))
                           AND (\(filter.region)::text IS NULL OR g.region = \(filter.region))))
        """
    }

    /// Servers by account: how many there are, are in plans that are asked for, and were launched since a moment.
    package static func accounts(_ filter: Filter, provenSince moment: Instant) -> Query<Coverage.AccountRow> {
        let scope = filter.scope?.map(\.rawValue)
        return Query(
            """
            SELECT s.account_id, a.account_name, a.owner, count(*),
                   count(*) FILTER (WHERE i.source_server_id IS NOT NULL),
                   count(*) FILTER (WHERE i.source_server_id IS NOT NULL AND v.source_server_id IS NOT NULL)
              FROM source_server s
              LEFT JOIN account a ON a.account_id = s.account_id
              LEFT JOIN (SELECT DISTINCT m.source_server_id
                           FROM group_member m JOIN plan_group n ON n.group_id = m.group_id
                           JOIN recovery_plan p ON p.plan_id = n.plan_id
                          WHERE \(isAsked(filter))) i ON i.source_server_id = s.source_server_id
              LEFT JOIN (SELECT DISTINCT x.source_server_id
                           FROM execution e JOIN execution_server x ON x.execution_id = e.execution_id
                          WHERE e.ended_at > \(moment) AND x.status = 'LAUNCHED') v
                     ON v.source_server_id = s.source_server_id
             WHERE (\(scope)::text[] IS NULL OR s.account_id = ANY (\(scope)))
               AND (\(filter.accountId)::text IS NULL OR s.account_id = \(filter.accountId))
               AND (\(filter.region)::text IS NULL OR s.region = \(filter.region))
             GROUP BY s.account_id, a.account_name, a.owner ORDER BY s.account_id
            """
        ) { row in
            Coverage.AccountRow(
                accountId: try row.read(),
                accountName: try row.read(),
                owner: try row.read(),
                servers: try row.read(),
                serversInPlans: try row.read(),
                serversProven: try row.read()
            )
        }
    }

    /// Plans by name, each with its last proof and its last run.
    package static func plans(_ filter: Filter) -> Query<Coverage.PlanRow> {
        Query(
            """
            SELECT p.plan_id, p.plan_name, p.application, p.owner, r.state, last.ended_at, proof.ended_at, last.result,
                   proof.taken, p.recovery_time_objective_minutes * 60,
                   (SELECT min(s.due_at) FROM schedule s WHERE s.plan_id = p.plan_id AND s.is_enabled)
              FROM recovery_plan p
              LEFT JOIN plan_readiness r ON r.plan_id = p.plan_id
              LEFT JOIN LATERAL (
                  SELECT e.ended_at,
                         (SELECT ceil(extract(epoch FROM max(x.ended_at) - least(e.declared_at, e.started_at)))::bigint
                            FROM execution_server x
                           WHERE x.execution_id = e.execution_id AND x.status = 'LAUNCHED') AS taken
                    FROM execution e
                   WHERE e.plan_id = p.plan_id AND e.ended_at IS NOT NULL
                     AND e.verdict ->> 'result' IN ('PASS', 'PASS_WITH_DEVIATIONS')
                   ORDER BY e.started_at DESC LIMIT 1) proof ON true
              LEFT JOIN LATERAL (
                  SELECT e.ended_at, e.verdict ->> 'result' AS result FROM execution e
                   WHERE e.plan_id = p.plan_id AND e.ended_at IS NOT NULL
                   ORDER BY e.started_at DESC LIMIT 1) last ON true
             WHERE \(isAsked(filter))
             ORDER BY lower(p.plan_name)
            """
        ) { row in
            Coverage.PlanRow(
                planId: try row.read(),
                planName: try row.read(),
                application: try row.read(),
                owner: try row.read(),
                readiness: try row.read(String?.self).flatMap(Readiness.State.init(rawValue:)),
                lastTestedAt: try row.read(),
                lastProvenAt: try row.read(),
                lastResult: try row.read(String?.self).flatMap(Verdict.Result.init(rawValue:)),
                recoverySeconds: try row.read(),
                objectiveSeconds: try row.read(),
                nextScheduledAt: try row.read()
            )
        }
    }

    /// Runs by quarter since a moment, the oldest first.
    package static func quarters(_ filter: Filter, since moment: Instant) -> Query<Coverage.Quarter> {
        Query(
            """
            SELECT to_char(e.ended_at AT TIME ZONE 'UTC', 'YYYY"Q"Q'), count(DISTINCT e.execution_id),
                   count(DISTINCT e.execution_id)
                       FILTER (WHERE e.verdict ->> 'result' IN ('PASS', 'PASS_WITH_DEVIATIONS')),
                   count(DISTINCT x.source_server_id)
              FROM execution e JOIN recovery_plan p ON p.plan_id = e.plan_id
              LEFT JOIN execution_server x ON x.execution_id = e.execution_id AND x.status = 'LAUNCHED'
             WHERE e.ended_at > \(moment) AND \(isAsked(filter))
             GROUP BY 1 ORDER BY 1
            """
        ) { row in
            Coverage.Quarter(
                quarter: try row.read(),
                runs: try row.read(),
                passes: try row.read(),
                serversLaunched: try row.read()
            )
        }
    }

    private static let newest: SQL = """
        finding f JOIN finding b ON b.finding_id = f.finding_id AND b.revision = 1
                  JOIN execution e ON e.execution_id = f.execution_id JOIN recovery_plan p ON p.plan_id = e.plan_id
        """
    private static let isNewest: SQL = """
        NOT EXISTS (SELECT FROM finding n WHERE n.finding_id = f.finding_id AND n.revision > f.revision)
        """

    /// Findings by age.
    package static func findings(_ filter: Filter, at now: Instant) -> Query<Coverage.FindingAges> {
        let (month, quarter) = (now - .seconds(30 * 86_400), now - .seconds(90 * 86_400))
        return Query(
            """
            SELECT count(*) FILTER (WHERE f.state = 'OPEN' AND b.changed_at > \(month)),
                   count(*) FILTER (WHERE f.state = 'OPEN' AND b.changed_at <= \(month) AND b.changed_at > \(quarter)),
                   count(*) FILTER (WHERE f.state = 'OPEN' AND b.changed_at <= \(quarter)),
                   count(*) FILTER (WHERE f.state = 'OPEN' AND f.due_on < (\(now) AT TIME ZONE 'UTC')::date),
                   count(*) FILTER (WHERE f.state = 'OPEN' AND (f.owner IS NULL OR f.due_on IS NULL)),
                   count(*) FILTER (WHERE f.state = 'ACCEPTED')
              FROM \(newest) WHERE \(isNewest) AND \(isAsked(filter))
            """
        ) { row in
            Coverage.FindingAges(
                under30Days: try row.read(),
                under90Days: try row.read(),
                older: try row.read(),
                overdue: try row.read(),
                unassigned: try row.read(),
                accepted: try row.read()
            )
        }
    }

    /// Causes that findings of more than one run have.
    package static func causes(_ filter: Filter, limit: Int) -> Query<Coverage.Cause> {
        Query(
            """
            SELECT lower(f.cause), count(DISTINCT f.execution_id)
              FROM \(newest) WHERE \(isNewest) AND f.cause IS NOT NULL AND \(isAsked(filter))
             GROUP BY 1 HAVING count(DISTINCT f.execution_id) > 1 ORDER BY 2 DESC, 1 LIMIT \(limit)
            """
        ) { row in Coverage.Cause(cause: try row.read(), executions: try row.read()) }
    }
}
