package import Contract
internal import Ambient
internal import JSON
package import PostgreSQL
package import Recovery

extension SourceServer {
    private static let ownColumns: SQL = """
        s.source_server_id, s.account_id, s.region, s.hostname, s.tags, s.replication_state, s.lag_seconds,
        s.recovery_instance_id, s.last_launch_type, s.last_launch_at, s.last_launch_status,
        coalesce(y.synced_at, 'epoch')
        """

    private static let columns: SQL = "\(ownColumns), g.group_id, g.group_name"

    private static let tables: SQL = """
        source_server s
          LEFT JOIN inventory_sync y ON y.account_id = s.account_id AND y.region = s.region
          LEFT JOIN group_member m ON m.source_server_id = s.source_server_id
          LEFT JOIN protection_group g ON g.group_id = m.group_id
        """

    private init(row: inout RowReader) throws {
        self.init(
            sourceServerId: try row.read(),
            place: Place(accountId: try row.read(), region: try row.read()),
            hostname: try row.read(),
            tags: try row.read(JSON.self).texts,
            replicationState: try row.read(),
            lag: try row.read(Int?.self).map { .seconds($0) },
            recoveryInstanceId: try row.read(),
            lastLaunch: try Self.lastLaunch(row: &row),
            syncedAt: try row.read()
        )
    }

    private static func view(row: inout RowReader) throws -> SourceServerView {
        SourceServerView(try SourceServer(row: &row), in: try row.read(), named: try row.read())
    }

    private static func lastLaunch(row: inout RowReader) throws -> LastLaunch? {
        let (type, at, status) = (try row.read(String?.self), try row.read(Instant?.self), try row.read(String?.self))
        return type.map { LastLaunch(type: $0, at: at, status: status) }
    }

    /// How a list of source servers is sorted.
    package enum Sort: String, Sendable, CaseIterable {
        case number = "sourceServerId"
        case numberDescending = "-sourceServerId"
        case hostname
        case hostnameDescending = "-hostname"
    }

    /// What a list of source servers is narrowed to.
    package struct Filter: Sendable {
        package var serverId: SourceServerID?
        package var region: Region?
        package var accountId: AccountNumber?
        /// Whether they belong to a group.
        package var isAssigned: Bool?
        package var replicationState: String?
        /// Part of the identifier, the hostname or a tag's value, without regard to case.
        package var text: String?
        package var groupId: ProtectionGroup.ID?
        /// The accounts that the caller may see; nil: all.
        package var scope: [AccountNumber]?

        package init(
            serverId: SourceServerID? = nil,
            region: Region? = nil,
            accountId: AccountNumber? = nil,
            isAssigned: Bool? = nil,
            replicationState: String? = nil,
            text: String? = nil,
            groupId: ProtectionGroup.ID? = nil,
            scope: [AccountNumber]? = nil
        ) {
            self.serverId = serverId
            self.region = region
            self.accountId = accountId
            self.isAssigned = isAssigned
            self.replicationState = replicationState
            self.text = text
            self.groupId = groupId
            self.scope = scope
        }

        var sql: SQL {
            let scope = scope?.map(\.rawValue)
            let exactly: SQL = if let serverId { "AND s.source_server_id = \(serverId)" } else { "" }
            return """
                (\(scope) IS NULL OR s.account_id = ANY(\(scope))) \(exactly)
                AND (\(region) IS NULL OR s.region = \(region))
                AND (\(accountId) IS NULL OR s.account_id = \(accountId))
                AND (\(isAssigned) IS NULL OR (m.group_id IS NOT NULL) = \(isAssigned))
                AND (\(replicationState) IS NULL OR s.replication_state = \(replicationState))
                AND (\(groupId) IS NULL OR m.group_id = \(groupId))
                AND (\(text) IS NULL
                     OR strpos(lower(s.source_server_id || ' ' || s.hostname), lower(\(text))) > 0
                     -- All tags at once rule most servers out; taking them apart takes three times as long.
                     OR (\(unescaped) IS NULL OR strpos(lower(s.tags::text), lower(\(unescaped))) > 0)
                        AND EXISTS (SELECT FROM jsonb_each_text(s.tags) t
                                     WHERE strpos(lower(t.value), lower(\(text))) > 0))
                """
        }

        /// The text, where it stands in a JSON string as it is.
        private var unescaped: String? {
            text.flatMap { text in
                let isEscaped = text.utf8.contains { $0 < 0x20 || $0 == 0x7F || $0 == 0x22 || $0 == 0x5C }
                return isEscaped ? nil : text
            }
        }
    }

    /// The servers that a filter lets through; one page of them.
    ///
    /// - `filter`: What the list is narrowed to.
    /// - `sort`: Its order; servers of the same hostname follow each other by identifier.
    /// - `last`: Hostname and identifier of the last server of the page before.
    /// - `limit`: How many at most.
    package static func list(
        _ filter: Filter,
        sort: Sort,
        after last: (hostname: String, id: SourceServerID)?,
        limit: Int
    ) -> Query<SourceServerView> {
        let page: SQL =
            switch (sort, last) {
            case (.number, nil): "ORDER BY s.source_server_id"
            case (.number, let last?): "AND s.source_server_id > \(last.id) ORDER BY s.source_server_id"
            case (.numberDescending, nil): "ORDER BY s.source_server_id DESC"
            case (.numberDescending, let last?): "AND s.source_server_id < \(last.id) ORDER BY s.source_server_id DESC"
            case (.hostname, nil): "ORDER BY s.hostname, s.source_server_id"
            case (.hostname, let last?):
                """
                AND (s.hostname, s.source_server_id) > (\(last.hostname), \(last.id))
                ORDER BY s.hostname, s.source_server_id
                """
            case (.hostnameDescending, nil): "ORDER BY s.hostname DESC, s.source_server_id DESC"
            case (.hostnameDescending, let last?):
                """
                AND (s.hostname, s.source_server_id) < (\(last.hostname), \(last.id))
                ORDER BY s.hostname DESC, s.source_server_id DESC
                """
            }
        return Query("SELECT \(columns) FROM \(tables) WHERE \(filter.sql) \(page) LIMIT \(limit)", reading: view(row:))
    }

    /// The members of groups, by identifier.
    package static func members(of groups: [ProtectionGroup.ID]) -> Query<SourceServerView> {
        Query(
            "SELECT \(columns) FROM \(tables) WHERE m.group_id = ANY(\(groups)) ORDER BY s.source_server_id",
            reading: view(row:)
        )
    }

    /// The servers of a place that have every one of these tags now.
    package static func picked(by tags: [String: String], in place: Place) -> Query<SourceServerView> {
        Query(
            """
            SELECT \(columns) FROM \(tables)
             WHERE s.account_id = \(place.accountId) AND s.region = \(place.region) AND s.tags @> \(JSON(tags))
             ORDER BY s.source_server_id
            """,
            reading: view(row:)
        )
    }

    /// What the inventory says of these servers.
    package static func find(_ servers: [SourceServerID]) -> Query<SourceServer> {
        Query(
            """
            SELECT \(ownColumns) FROM source_server s
              LEFT JOIN inventory_sync y ON y.account_id = s.account_id AND y.region = s.region
             WHERE s.source_server_id = ANY(\(servers))
            """,
            reading: SourceServer.init(row:)
        )
    }

    /// Those of the servers that the inventory knows in the place.
    package static func known(_ servers: [SourceServerID], in place: Place) -> Query<SourceServerID> {
        Query(
            """
            SELECT source_server_id FROM source_server
             WHERE source_server_id = ANY(\(servers)) AND account_id = \(place.accountId) AND region = \(place.region)
             ORDER BY source_server_id
            """
        ) { row in try row.read() }
    }
}

extension SourceServerView {
    /// A server with the group that holds it.
    package init(_ server: SourceServer, in group: ProtectionGroup.ID?, named groupName: String?) {
        self.init(
            sourceServerId: server.sourceServerId,
            accountId: server.place.accountId,
            region: server.place.region,
            hostname: server.hostname,
            tags: server.tags,
            replicationState: server.replicationState,
            lagSeconds: server.lag.map { Int($0.milliseconds / 1000) },
            assignment: group == nil ? .available : .assigned,
            groupId: group,
            groupName: groupName,
            readiness: server.readiness,
            lastLaunch: server.lastLaunch.map { LastLaunch(type: $0.type, at: $0.at, status: $0.status) },
            recoveryInstanceId: server.recoveryInstanceId,
            syncedAt: server.syncedAt
        )
    }
}
