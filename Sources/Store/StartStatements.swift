internal import Ambient
package import PostgreSQL
package import Recovery

/// What the planner needs to freeze a plan, read so that nothing of it changes before the start is committed.
package enum StartStatements {
    /// Holds a plan as it is until the transaction ends; other starts may do the same.
    package static func hold(_ id: RecoveryPlan.ID) -> Query<Int> {
        Query("SELECT revision FROM recovery_plan WHERE plan_id = \(id) FOR SHARE") { row in try row.read() }
    }

    /// The same for the groups that the plan names, which are then frozen into the execution.
    package static func holdGroups(_ ids: [ProtectionGroup.ID]) -> Query<Int> {
        Query(
            "SELECT revision FROM protection_group WHERE group_id = ANY (\(ids)) ORDER BY group_id FOR SHARE"
        ) { row in try row.read() }
    }

    /// Members of groups, and the servers that a group's tags pick but another group holds.
    package static func memberships(_ ids: [ProtectionGroup.ID]) -> Query<GroupMembership> {
        Query(
            """
            SELECT g.group_id, g.group_name, g.account_id, g.region,
                   ARRAY(SELECT m.source_server_id FROM group_member m WHERE m.group_id = g.group_id ORDER BY 1),
                   ARRAY(SELECT c.source_server_id FROM group_conflict c WHERE c.group_id = g.group_id ORDER BY 1),
                   ARRAY(SELECT c.holder_group_id FROM group_conflict c WHERE c.group_id = g.group_id
                          ORDER BY c.source_server_id),
                   ARRAY(SELECT h.group_name FROM group_conflict c
                           JOIN protection_group h ON h.group_id = c.holder_group_id
                          WHERE c.group_id = g.group_id ORDER BY c.source_server_id)
              FROM protection_group g WHERE g.group_id = ANY (\(ids))
            """
        ) { row in
            let (id, name) = (try row.read(ProtectionGroup.ID.self), try row.read(String.self))
            let place = Place(accountId: try row.read(), region: try row.read())
            let members = try row.readLabels(SourceServerID.self)
            let servers = try row.readLabels(SourceServerID.self)
            let (holders, names) = (try row.read([ProtectionGroup.ID].self), try row.read([String].self))
            let conflicts = zip(servers, zip(holders, names)).map { server, holder in
                Refusal.Assignment(serverId: server, groupId: holder.0, groupName: holder.1)
            }
            return GroupMembership(
                groupId: id,
                groupName: name,
                place: place,
                members: members,
                conflicts: conflicts
            )
        }
    }

    /// What the inventory says of servers.
    package static func inventory(_ ids: [SourceServerID]) -> Query<SourceServer> {
        Query(
            """
            SELECT s.source_server_id, s.account_id, s.region, s.hostname, s.replication_state, s.recovery_instance_id,
                   coalesce(y.synced_at, to_timestamp(0))
              FROM source_server s
              LEFT JOIN inventory_sync y ON y.account_id = s.account_id AND y.region = s.region
             WHERE s.source_server_id = ANY (\(ids.map(\.rawValue)))
            """
        ) { row in
            try SourceServer(
                sourceServerId: row.read(),
                place: Place(accountId: row.read(), region: row.read()),
                hostname: row.read(),
                tags: [:],
                replicationState: row.read(),
                lag: nil,
                recoveryInstanceId: row.read(),
                lastLaunch: nil,
                syncedAt: row.read()
            )
        }
    }

    /// Places whose quotas are known to differ from DRS's defaults.
    package static func quotas(of accounts: [AccountNumber]) -> Query<(place: Place, quotas: Quotas)> {
        Query(
            """
            SELECT account_id, region, quotas FROM inventory_sync
             WHERE account_id = ANY (\(accounts.map(\.rawValue))) AND quotas IS NOT NULL
            """
        ) { row in (Place(accountId: try row.read(), region: try row.read()), try row.readDocument()) }
    }
}
