internal import Ambient
internal import JSON
package import PostgreSQL
package import Recovery

extension RecoveryPlan {
    /// Locks a plan that the caller may see until the transaction ends.
    ///
    /// Answers its revision and the accounts of its groups, by which it is decided whether the caller may change it.
    package static func lock(
        _ id: ID,
        within scope: [AccountNumber]?
    ) -> Query<(revision: Int, accounts: [AccountNumber])> {
        Query(
            """
            SELECT p.revision,
                   ARRAY(SELECT DISTINCT g.account_id FROM plan_group n JOIN protection_group g ON g.group_id = n.group_id
                          WHERE n.plan_id = p.plan_id ORDER BY 1)
              FROM recovery_plan p
             WHERE p.plan_id = \(id) AND \(isVisible(within: scope))
               FOR UPDATE
            """
        ) { row in (try row.read(), try row.readLabels()) }
    }

    /// Whether any account of the plan `p` is in the caller's scope.
    static func isVisible(within scope: [AccountNumber]?) -> SQL {
        let scope = scope?.map(\.rawValue)
        return """
            (\(scope) IS NULL
             OR EXISTS (SELECT FROM plan_group n JOIN protection_group g ON g.group_id = n.group_id
                         WHERE n.plan_id = p.plan_id AND g.account_id = ANY(\(scope))))
            """
    }

    /// Adds the plan; the groups it names are added by a statement of their own.
    package func insert() -> Statement {
        Query(
            """
            INSERT INTO recovery_plan (plan_id, plan_name, description, ordering, recovery_time_objective_minutes,
                                       recovery_point_objective_seconds, owner, application, waves, created_at,
                                       modified_at, created_by)
            VALUES (\(planId), \(planName), \(description), \(ordering), \(recoveryTimeObjectiveMinutes),
                    \(recoveryPointObjectiveSeconds), \(owner), \(application), \(JSON(document: waves)),
                    \(createdDate), \(lastModifiedDate), \(createdBy))
            """
        )
    }

    /// Replaces the plan, and answers its new revision.
    package func update() -> Query<Int> {
        Query(
            """
            UPDATE recovery_plan
               SET plan_name = \(planName), description = \(description), ordering = \(ordering),
                   recovery_time_objective_minutes = \(recoveryTimeObjectiveMinutes),
                   recovery_point_objective_seconds = \(recoveryPointObjectiveSeconds), owner = \(owner),
                   application = \(application), waves = \(JSON(document: waves)),
                   modified_at = \(lastModifiedDate), revision = revision + 1
             WHERE plan_id = \(planId)
            RETURNING revision
            """,
            as: Int.self
        )
    }

    /// Deletes the plan; its versions and executions stay.
    package static func delete(_ id: ID) -> Statement {
        Query("DELETE FROM recovery_plan WHERE plan_id = \(id)")
    }

    /// Says which groups the plan's waves name, in place of what was said before; a group that is gone refuses
    /// (`plan_group_group`).
    package func nameGroups() -> [Statement] {
        let groups = Set(waves.flatMap(\.protectionGroupIds)).sorted()
        return [
            Query("DELETE FROM plan_group WHERE plan_id = \(planId)"),
            Query("INSERT INTO plan_group (plan_id, group_id) SELECT \(planId), unnest(\(groups))"),
        ]
    }

    /// Keeps this revision for ever, as it was saved.
    package func keepVersion(_ revision: Int, by principal: String) -> Statement {
        let body: JSON = [
            "planName": .string(planName), "description": .string(description), "ordering": .string(ordering.rawValue),
            "recoveryTimeObjectiveMinutes": JSON(document: recoveryTimeObjectiveMinutes),
            "recoveryPointObjectiveSeconds": JSON(document: recoveryPointObjectiveSeconds),
            "owner": JSON(document: owner), "application": JSON(document: application),
            "waves": JSON(document: waves),
        ]
        return Query(
            """
            INSERT INTO recovery_plan_version (plan_id, revision, body, saved_at, saved_by)
            VALUES (\(planId), \(revision), \(body.canonicalText), \(lastModifiedDate), \(principal))
            """
        )
    }

    /// An execution of the plan that has not ended; the plan should be locked.
    package static func activeExecution(of id: ID) -> Query<Execution.ID> {
        Query(
            """
            SELECT execution_id FROM execution WHERE plan_id = \(id) AND ended_at IS NULL
             ORDER BY execution_id LIMIT 1
            """
        ) { row in try row.read() }
    }

    /// The groups that the caller may see, with their members: what the rules of a plan need to know.
    package static func members(
        of groups: [ProtectionGroup.ID],
        within scope: [AccountNumber]?
    ) -> Query<(group: ProtectionGroup.ID, account: AccountNumber, members: [SourceServerID])> {
        let scope = scope?.map(\.rawValue)
        return Query(
            """
            SELECT g.group_id, g.account_id,
                   ARRAY(SELECT m.source_server_id FROM group_member m WHERE m.group_id = g.group_id ORDER BY 1)
              FROM protection_group g
             WHERE g.group_id = ANY(\(groups)) AND (\(scope) IS NULL OR g.account_id = ANY(\(scope)))
            """
        ) { row in (try row.read(), try row.read(), try row.readLabels()) }
    }
}
