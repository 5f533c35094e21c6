internal import Ambient
internal import Contract
internal import JSON
package import PostgreSQL
package import Recovery

/// A plan with everything that a start of it looks at: its groups as they are now, and what the inventory says of their
/// members.
package struct GatheredPlan: Sendable {
    package var plan: RecoveryPlan
    package var groups: [ProtectionGroup.ID: GroupMembership]
    package var inventory: [SourceServerID: SourceServer]
    /// Servers that one job may hold, where an account and Region differs from DRS's ordinary quota.
    package var serversPerJob: [Place: Int]

    /// The accounts of the plan's groups.
    package var accounts: [AccountNumber] { Set(groups.values.map(\.place.accountId)).sorted() }

    /// Every server of every wave, as the groups are now.
    package var servers: [SourceServerID] { Set(plan.waves.flatMap { $0.members(of: groups) }).sorted() }

    /// The plan's rules, by the groups as they are now: tags may have moved servers since it was saved.
    package var rules: PlanRules {
        PlanRules(ordering: plan.ordering, waves: plan.waves, members: groups.mapValues { Set($0.members) })
    }

    /// The plan with every choice made, for a start.
    ///
    /// - Throws: `Refusal`, where the plan's rules do not hold any more or a server cannot be had.
    package func frozen() throws -> FrozenPlan {
        let frozen = try plan.frozen(groups: groups, inventory: inventory, serversPerJob: serversPerJob)
        // A server in two waves would be launched twice.
        if let refusal = rules.refusal { throw refusal }
        return frozen
    }
}

extension RecoveryPlan {
    /// Looks at everything that a start of the plan depends on.
    ///
    /// - Parameters:
    ///   - id: The plan.
    ///   - scope: The accounts that the caller may see; nil: all.
    ///   - runner: For a start a transaction, in which `locks` holds the plan until it ends.
    ///   - locks: Whether nobody may change the plan or its groups until the transaction ends.
    /// - Returns: nil when there is no such plan for the caller.
    /// - Throws: `PostgresFailure`.
    package static func gather(
        _ id: ID,
        within scope: [AccountNumber]?,
        in runner: some Runner,
        locking locks: Bool
    ) async throws -> GatheredPlan? {
        if locks { try await runner.execute(hold(id)) }
        guard let plan = try await runner.first(saved(id, within: scope)) else { return nil }
        let named = Set(plan.waves.flatMap(\.protectionGroupIds)).sorted()
        let memberships = try await runner.run(memberships(of: named))
        let groups = Dictionary(memberships.map { ($0.groupId, $0) }) { first, _ in first }
        let servers = Set(memberships.flatMap(\.members) + plan.waves.flatMap(\.serverIds)).sorted()
        let inventory = try await runner.run(SourceServer.find(servers))
        let quotas = try await runner.run(quotas(of: Set(memberships.map(\.place)).sorted()))
        return GatheredPlan(
            plan: plan,
            groups: groups,
            inventory: Dictionary(inventory.map { ($0.sourceServerId, $0) }) { first, _ in first },
            serversPerJob: Dictionary(quotas.map { ($0.place, $0.quotas.serversPerJob) }) { first, _ in first }
        )
    }

    /// Keeps a plan, and by `ProtectionGroup.lockPlans` its groups, from being changed until the transaction ends.
    package static func hold(_ id: ID) -> Query<Int> {
        Query("SELECT revision FROM recovery_plan WHERE plan_id = \(id) FOR SHARE", as: Int.self)
    }

    /// Groups with their members and what their tags pick in vain.
    package static func memberships(of groups: [ProtectionGroup.ID]) -> Query<GroupMembership> {
        Query(
            """
            SELECT g.group_id, g.group_name, g.account_id, g.region,
                   ARRAY(SELECT m.source_server_id FROM group_member m WHERE m.group_id = g.group_id ORDER BY 1),
                   (SELECT jsonb_agg(jsonb_build_object('serverId', c.source_server_id, 'groupId', h.group_id,
                                                        'groupName', h.group_name) ORDER BY c.source_server_id)
                      FROM group_conflict c JOIN protection_group h ON h.group_id = c.holder_group_id
                     WHERE c.group_id = g.group_id)
              FROM protection_group g WHERE g.group_id = ANY(\(groups)) ORDER BY g.group_id
            """
        ) { row in
            GroupMembership(
                groupId: try row.read(),
                groupName: try row.read(),
                place: Place(accountId: try row.read(), region: try row.read()),
                members: try row.readLabels(),
                conflicts: try (row.readDocument([ServerHolder]?.self) ?? []).map {
                    Refusal.Assignment(serverId: $0.serverId, groupId: $0.groupId, groupName: $0.groupName)
                }
            )
        }
    }

    /// The quotas of places that have told theirs.
    package static func quotas(of places: [Place]) -> Query<(place: Place, quotas: Quotas)> {
        Query(
            """
            SELECT y.account_id, y.region, y.quotas
              FROM unnest(\(places.map(\.accountId)), \(places.map(\.region))) q (account_id, region)
              JOIN inventory_sync y ON y.account_id = q.account_id AND y.region = q.region
             WHERE y.quotas IS NOT NULL
            """
        ) { row in
            (Place(accountId: try row.read(), region: try row.read()), try row.readDocument(Quotas.self))
        }
    }

    /// Those of the groups that lie in the scope, with their members.
    package static func groups(
        among groups: [ProtectionGroup.ID],
        within scope: [AccountNumber]
    ) -> Query<(group: ProtectionGroup.ID, members: [SourceServerID])> {
        Query(
            """
            SELECT g.group_id,
                   ARRAY(SELECT m.source_server_id FROM group_member m WHERE m.group_id = g.group_id ORDER BY 1)
              FROM protection_group g
             WHERE g.group_id = ANY(\(groups)) AND g.account_id = ANY(\(scope)) ORDER BY g.group_id
            """
        ) { row in (try row.read(), try row.readLabels()) }
    }

    /// The accounts of the plan's groups; nothing when there is no such plan.
    package static func accounts(of id: ID) -> Query<[AccountNumber]> {
        Query(
            """
            SELECT ARRAY(SELECT DISTINCT g.account_id FROM plan_group n JOIN protection_group g ON g.group_id = n.group_id
                          WHERE n.plan_id = p.plan_id ORDER BY 1)
              FROM recovery_plan p WHERE p.plan_id = \(id)
            """
        ) { row in try row.readLabels() }
    }
}
