package import Ambient
internal import JSON
package import PostgreSQL
package import Recovery

/// Memberships are rows under one unique index, over all users and accounts: none of these statements looks first.
extension ProtectionGroup {
    /// Adds the listed servers that the inventory knows in the group's place.
    ///
    /// A server that another group holds refuses them all (`group_member_server_unique`).
    package static func addMembers(
        _ servers: [SourceServerID],
        to group: ID,
        in place: Place,
        at now: Instant
    ) -> Statement {
        Query(
            """
            INSERT INTO group_member (source_server_id, group_id, added_at)
            SELECT s.source_server_id, \(group), \(now) FROM source_server s
             WHERE s.source_server_id = ANY(\(servers)) AND s.account_id = \(place.accountId)
               AND s.region = \(place.region)
               AND NOT EXISTS (SELECT FROM group_member m
                                WHERE m.source_server_id = s.source_server_id AND m.group_id = \(group))
             ORDER BY s.source_server_id
            """
        )
    }

    /// Takes every member out that is not in the list, and forgets the conflicts of the group's tags.
    package static func removeMembers(of group: ID, except servers: [SourceServerID]) -> [Statement] {
        [
            Query("DELETE FROM group_member WHERE group_id = \(group) AND NOT source_server_id = ANY(\(servers))"),
            Query("DELETE FROM group_conflict WHERE group_id = \(group)"),
        ]
    }

    /// Who holds these servers, other than the group itself.
    package static func holders(of servers: [SourceServerID], except group: ID) -> Query<Refusal.Assignment> {
        Query(
            """
            SELECT m.source_server_id, g.group_id, g.group_name
              FROM group_member m JOIN protection_group g ON g.group_id = m.group_id
             WHERE m.source_server_id = ANY(\(servers)) AND m.group_id <> \(group)
             ORDER BY m.source_server_id
            """
        ) { row in
            Refusal.Assignment(serverId: try row.read(), groupId: try row.read(), groupName: try row.read())
        }
    }

    /// Makes the members of tag groups what their tags pick now, in this order, within one transaction.
    ///
    /// The first holder keeps a server; a group that picks it too lists it under its conflicts. The same statements serve
    /// a group that was just changed and a place whose inventory was just synced.
    ///
    /// - `place`: The account and Region.
    /// - `group`: Only this group; nil: every tag group of the place.
    /// - `now`: When new members were added.
    package static func reselect(in place: Place, only group: ID? = nil, at now: Instant) -> [Statement] {
        let chosen: SQL = """
            g.account_id = \(place.accountId) AND g.region = \(place.region) AND g.selection_tags IS NOT NULL
            AND (\(group) IS NULL OR g.group_id = \(group))
            """
        let picked: SQL = """
            protection_group g
              JOIN source_server s ON s.account_id = g.account_id AND s.region = g.region AND s.tags @> g.selection_tags
            """
        return [
            Query(
                """
                DELETE FROM group_member m USING protection_group g
                 WHERE g.group_id = m.group_id AND \(chosen)
                   AND NOT EXISTS (SELECT FROM source_server s
                                    WHERE s.source_server_id = m.source_server_id AND s.account_id = g.account_id
                                      AND s.region = g.region AND s.tags @> g.selection_tags)
                """
            ),
            // The oldest group first, where several pick a server that nobody holds.
            Query(
                """
                INSERT INTO group_member (source_server_id, group_id, added_at)
                SELECT DISTINCT ON (s.source_server_id) s.source_server_id, g.group_id, \(now)
                  FROM \(picked) WHERE \(chosen)
                   AND NOT EXISTS (SELECT FROM group_member m WHERE m.source_server_id = s.source_server_id)
                 ORDER BY s.source_server_id, g.group_id
                ON CONFLICT (source_server_id) DO NOTHING
                """
            ),
            Query("DELETE FROM group_conflict c USING protection_group g WHERE g.group_id = c.group_id AND \(chosen)"),
            Query(
                """
                INSERT INTO group_conflict (group_id, source_server_id, holder_group_id)
                SELECT g.group_id, s.source_server_id, m.group_id
                  FROM \(picked) JOIN group_member m ON m.source_server_id = s.source_server_id
                 WHERE \(chosen) AND m.group_id <> g.group_id
                ON CONFLICT (group_id, source_server_id) DO UPDATE SET holder_group_id = excluded.holder_group_id
                """
            ),
        ]
    }
}
