package import Ambient
internal import JSON
package import PostgreSQL
package import Recovery

/// What the standing check found of each plan, and which plans it has to look at again.
///
/// The queue is a time in each plan's row. Whoever changes something that a verdict rests on puts the time forward in
/// the same transaction, and counts one more doubt; a verdict is stored only under the count that it was found with. So
/// it does not matter who checks, how often, or where a process dies.
///
/// These rows are the last that a transaction locks, in the order of their plans.
package enum PlanReadinessStatements {
    /// A plan that somebody has taken to check.
    package struct Taken: Sendable, Hashable {
        package var planId: RecoveryPlan.ID
        package var doubts: Int

        package init(planId: RecoveryPlan.ID, doubts: Int) {
            self.planId = planId
            self.doubts = doubts
        }
    }

    // MARK: - Edits

    /// What a new plan has.
    package static func begin(_ plan: RecoveryPlan.ID, at now: Instant) -> Statement {
        Statement(
            """
            INSERT INTO plan_readiness (plan_id, state, reasons, due_at)
            VALUES (\(plan), 'NEEDS_CHECK', \(JSON(document: PlanCheck.unchecked.reasons)), \(now))
            """
        )
    }

    /// Takes back the verdict over a plan that is being edited.
    package static func reset(_ plan: RecoveryPlan.ID, at now: Instant) -> Statement {
        reset(where: "r.plan_id = \(plan)", at: now)
    }

    /// Takes back the verdicts over the plans that name a group.
    package static func reset(using group: ProtectionGroup.ID, at now: Instant) -> Statement {
        reset(
            where: "r.plan_id IN (SELECT n.plan_id FROM plan_group n WHERE n.group_id = \(group))",
            at: now
        )
    }

    /// Takes back the verdicts over the plans that have a group in an account.
    package static func reset(in account: AccountNumber, at now: Instant) -> Statement {
        reset(
            where: """
                r.plan_id IN (SELECT n.plan_id FROM protection_group g JOIN plan_group n ON n.group_id = g.group_id
                               WHERE g.account_id = \(account))
                """,
            at: now
        )
    }

    private static func reset(where chosen: SQL, at now: Instant) -> Statement {
        Statement(
            """
            WITH chosen AS MATERIALIZED (
                SELECT r.plan_id FROM plan_readiness r WHERE \(chosen) ORDER BY r.plan_id FOR UPDATE)
            UPDATE plan_readiness AS r
               SET state = 'NEEDS_CHECK', reasons = \(JSON(document: PlanCheck.unchecked.reasons)),
                   doubts = r.doubts + 1, due_at = \(now)
              FROM chosen WHERE r.plan_id = chosen.plan_id
            """
        )
    }

    // MARK: - What changes without an edit

    /// Has plans checked soon; their verdicts stand until then.
    package static func recheck(_ plans: [RecoveryPlan.ID], at due: Instant) -> Statement {
        recheck(where: "r.plan_id = ANY(\(plans))", at: due)
    }

    /// Has the plans checked soon that have a group in an account and Region.
    package static func recheck(in place: Place, at due: Instant) -> Statement {
        recheck(
            where: """
                r.plan_id IN (SELECT n.plan_id FROM protection_group g JOIN plan_group n ON n.group_id = g.group_id
                               WHERE g.account_id = \(place.accountId) AND g.region = \(place.region))
                """,
            at: due
        )
    }

    /// Has the plans checked soon that have any of the servers in their groups.
    ///
    /// What another transaction holds is left out, for an execution never waits for a check: the next inventory shows
    /// the execution's jobs, and has its plans checked too.
    package static func recheck(having servers: [SourceServerID], at due: Instant) -> Statement {
        recheck(
            where: """
                r.plan_id IN (SELECT n.plan_id FROM group_member m JOIN plan_group n ON n.group_id = m.group_id
                               WHERE m.source_server_id = ANY(\(servers)))
                """,
            locking: "FOR UPDATE SKIP LOCKED",
            at: due
        )
    }

    private static func recheck(where chosen: SQL, locking: SQL = "FOR UPDATE", at due: Instant) -> Statement {
        Statement(
            """
            WITH chosen AS MATERIALIZED (
                SELECT r.plan_id FROM plan_readiness r WHERE \(chosen) ORDER BY r.plan_id \(locking))
            UPDATE plan_readiness AS r SET doubts = r.doubts + 1, due_at = least(r.due_at, \(due))
              FROM chosen WHERE r.plan_id = chosen.plan_id
            """
        )
    }

    // MARK: - Checks

    /// Takes plans whose time has come, the longest due first; until the lease ends nobody else takes them.
    package static func take(limit: Int, until lease: Instant, at now: Instant) -> Query<Taken> {
        Query(
            """
            UPDATE plan_readiness AS r SET due_at = \(lease)
              FROM (SELECT q.plan_id FROM plan_readiness q WHERE q.due_at <= \(now)
                     ORDER BY q.due_at LIMIT \(limit) FOR UPDATE SKIP LOCKED) AS due
             WHERE r.plan_id = due.plan_id
            RETURNING r.plan_id, r.doubts
            """
        ) { row in try Taken(planId: row.read(), doubts: row.read()) }
    }

    /// How many doubts there are of a plan, for a check that nobody else is kept from.
    package static func doubts(of plan: RecoveryPlan.ID) -> Query<Int> {
        Query("SELECT doubts FROM plan_readiness WHERE plan_id = \(plan)", as: Int.self)
    }

    /// Stores a verdict, unless a doubt came meanwhile, or the lease was lost; answers the state before, if it was stored.
    ///
    /// - `lease`: The lease that the plan was taken under; nil where a person asked.
    package static func store(
        _ readiness: Readiness,
        of taken: Taken,
        under lease: Instant?,
        at now: Instant
    ) -> Query<String> {
        Query(
            """
            UPDATE plan_readiness AS r
               SET state = \(readiness.state.rawValue), reasons = \(JSON(document: readiness.reasons)),
                   checked_at = \(now), due_at = \(now + PlanCheck.interval)
              FROM (SELECT plan_id, state FROM plan_readiness WHERE plan_id = \(taken.planId) FOR UPDATE) AS former
             WHERE r.plan_id = former.plan_id AND r.doubts = \(taken.doubts)
               AND (\(lease)::timestamptz IS NULL OR r.due_at = \(lease))
            RETURNING former.state
            """,
            as: String.self
        )
    }

    /// Notes which accounts and Regions are served now and whose inventory is old; where that has changed, the plans
    /// there are checked.
    package static func notePlaces(at now: Instant) -> Statement {
        let isServed: SQL = """
            EXISTS (SELECT FROM agent_session_account x
                      JOIN agent_session s ON s.session_id = x.session_id
                      JOIN spoke p ON p.spoke_id = s.spoke_id
                     WHERE x.account_id = y.account_id AND y.region = ANY(x.regions) AND NOT p.is_draining
                       AND s.expires_at > \(now) AND s.last_seen_at > \(now - PlanCheck.spokePatience))
            """
        // Where DRS is not initialised it is looked at less often.
        let isOld: SQL = """
            (y.synced_at IS NULL
             OR y.synced_at < \(now - PlanCheck.inventoryAge) - CASE WHEN y.is_initialized THEN interval '0'
                                                                     ELSE interval '20 minutes' END)
            """
        return Statement(
            """
            WITH changed AS (
                UPDATE inventory_sync AS y SET is_served = \(isServed), is_old = \(isOld)
                 WHERE y.is_served <> \(isServed) OR y.is_old <> \(isOld)
                RETURNING y.account_id, y.region),
            chosen AS MATERIALIZED (
                SELECT r.plan_id FROM plan_readiness r
                 WHERE r.plan_id IN (SELECT n.plan_id FROM changed c
                                       JOIN protection_group g ON g.account_id = c.account_id AND g.region = c.region
                                       JOIN plan_group n ON n.group_id = g.group_id)
                 ORDER BY r.plan_id FOR UPDATE)
            UPDATE plan_readiness AS r SET doubts = r.doubts + 1, due_at = least(r.due_at, \(now))
              FROM chosen WHERE r.plan_id = chosen.plan_id
            """
        )
    }
}
