internal import Ambient
package import Contract
internal import JSON
package import PostgreSQL
package import Recovery

extension ProtectionGroup {
    private static let columns: SQL = """
        g.group_id, g.group_name, g.description, g.account_id, g.region,
        ARRAY(SELECT m.source_server_id FROM group_member m WHERE m.group_id = g.group_id ORDER BY 1),
        g.selection_tags,
        (SELECT jsonb_agg(jsonb_build_object('serverId', c.source_server_id, 'groupId', h.group_id,
                                             'groupName', h.group_name) ORDER BY c.source_server_id)
           FROM group_conflict c JOIN protection_group h ON h.group_id = c.holder_group_id
          WHERE c.group_id = g.group_id),
        (SELECT jsonb_agg(jsonb_build_object('planId', p.plan_id, 'planName', p.plan_name) ORDER BY lower(p.plan_name))
           FROM plan_group u JOIN recovery_plan p ON p.plan_id = u.plan_id
          WHERE u.group_id = g.group_id),
        g.created_at, g.modified_at, g.created_by, g.revision
        """

    private static func view(row: inout RowReader) throws -> ProtectionGroupView {
        let group = ProtectionGroup(
            groupId: try row.read(),
            groupName: try row.read(),
            description: try row.read(),
            place: Place(accountId: try row.read(), region: try row.read()),
            sourceServerIds: try row.readLabels(),
            serverSelectionTags: try row.read(JSON?.self)?.texts ?? [:],
            createdDate: Instant(milliseconds: 0),
            lastModifiedDate: Instant(milliseconds: 0),
            createdBy: "",
            revision: 0
        )
        return ProtectionGroupView(
            groupId: group.groupId,
            groupName: group.groupName,
            description: group.description,
            accountId: group.place.accountId,
            region: group.place.region,
            sourceServerIds: group.sourceServerIds,
            serverSelectionTags: group.serverSelectionTags,
            serverCount: group.sourceServerIds.count,
            servers: nil,
            conflicts: try row.readDocument([ServerHolder]?.self) ?? [],
            usedByPlans: try row.readDocument([PlanReference]?.self) ?? [],
            createdDate: try row.read(),
            lastModifiedDate: try row.read(),
            createdBy: try row.read(),
            revision: try row.read()
        )
    }

    /// How a list of protection groups is sorted.
    package enum Sort: String, Sendable, CaseIterable {
        case newest = "-createdDate"
        case oldest = "createdDate"
        case name = "groupName"
        case nameDescending = "-groupName"
    }

    /// What a list of protection groups is narrowed to.
    package struct Filter: Sendable {
        package var accountId: AccountNumber?
        package var region: Region?
        /// A plan that names them.
        package var planId: RecoveryPlan.ID?
        /// Part of the name or description, without regard to case.
        package var text: String?
        /// The accounts that the caller may see; nil: all.
        package var scope: [AccountNumber]?

        package init(
            accountId: AccountNumber? = nil,
            region: Region? = nil,
            planId: RecoveryPlan.ID? = nil,
            text: String? = nil,
            scope: [AccountNumber]? = nil
        ) {
            self.accountId = accountId
            self.region = region
            self.planId = planId
            self.text = text
            self.scope = scope
        }
    }

    /// The groups that a filter lets through; one page of them.
    ///
    /// - `filter`: What the list is narrowed to.
    /// - `sort`: Its order. Identifiers sort by the time they were made.
    /// - `last`: Name and identifier of the last group of the page before.
    /// - `limit`: How many at most.
    package static func list(
        _ filter: Filter,
        sort: Sort,
        after last: (name: String, id: ID)?,
        limit: Int
    ) -> Query<ProtectionGroupView> {
        let scope = filter.scope?.map(\.rawValue)
        let page: SQL =
            switch (sort, last) {
            case (.newest, nil): "ORDER BY g.group_id DESC"
            case (.newest, let last?): "AND g.group_id < \(last.id) ORDER BY g.group_id DESC"
            case (.oldest, nil): "ORDER BY g.group_id"
            case (.oldest, let last?): "AND g.group_id > \(last.id) ORDER BY g.group_id"
            case (.name, nil): "ORDER BY lower(g.group_name)"
            case (.name, let last?): "AND lower(g.group_name) > lower(\(last.name)) ORDER BY lower(g.group_name)"
            case (.nameDescending, nil): "ORDER BY lower(g.group_name) DESC"
            case (.nameDescending, let last?):
                "AND lower(g.group_name) < lower(\(last.name)) ORDER BY lower(g.group_name) DESC"
            }
        let named: SQL =
            if let planId = filter.planId {
                "AND g.group_id IN (SELECT u.group_id FROM plan_group u WHERE u.plan_id = \(planId))"
            } else { "" }
        return Query(
            """
            SELECT \(columns) FROM protection_group g
             WHERE (\(scope) IS NULL OR g.account_id = ANY(\(scope)))
               AND (\(filter.accountId) IS NULL OR g.account_id = \(filter.accountId))
               AND (\(filter.region) IS NULL OR g.region = \(filter.region))
               AND (\(filter.text) IS NULL
                    OR strpos(lower(g.group_name || ' ' || g.description), lower(\(filter.text))) > 0)
               \(named) \(page) LIMIT \(limit)
            """,
            reading: view(row:)
        )
    }

    /// One group, if the caller may see it.
    package static func find(_ id: ID, within scope: [AccountNumber]?) -> Query<ProtectionGroupView> {
        let scope = scope?.map(\.rawValue)
        return Query(
            """
            SELECT \(columns) FROM protection_group g
             WHERE g.group_id = \(id) AND (\(scope) IS NULL OR g.account_id = ANY(\(scope)))
            """,
            reading: view(row:)
        )
    }

    /// Locks a group that the caller may see until the transaction ends, and answers its revision and account.
    package static func lock(_ id: ID, within scope: [AccountNumber]?) -> Query<(Int, Place)> {
        let scope = scope?.map(\.rawValue)
        return Query(
            """
            SELECT g.revision, g.account_id, g.region FROM protection_group g
             WHERE g.group_id = \(id) AND (\(scope) IS NULL OR g.account_id = ANY(\(scope)))
               FOR UPDATE
            """
        ) { row in (try row.read(), Place(accountId: try row.read(), region: try row.read())) }
    }

    /// SQL's NULL for a group of listed servers; a bare `nil` would be JSON's.
    private var selection: JSON? {
        serverSelectionTags.isEmpty ? Optional.none : JSON(serverSelectionTags)
    }

    /// Adds the group; its members are added by statements of their own.
    package func insert() -> Statement {
        Query(
            """
            INSERT INTO protection_group (group_id, group_name, description, account_id, region, selection_tags,
                                          created_at, modified_at, created_by)
            VALUES (\(groupId), \(groupName), \(description), \(place.accountId), \(place.region),
                    \(selection), \(createdDate),
                    \(lastModifiedDate), \(createdBy))
            """
        )
    }

    /// Replaces what is said of the group.
    package func update() -> Query<Int> {
        Query(
            """
            UPDATE protection_group
               SET group_name = \(groupName), description = \(description), account_id = \(place.accountId),
                   region = \(place.region),
                   selection_tags = \(selection),
                   modified_at = \(lastModifiedDate), revision = revision + 1
             WHERE group_id = \(groupId)
            RETURNING revision
            """,
            as: Int.self
        )
    }

    /// Deletes the group with its memberships; plans that name it stand in the way (`plan_group_group`).
    package static func delete(_ id: ID) -> Statement {
        Query("DELETE FROM protection_group WHERE group_id = \(id)")
    }

    /// The plans that name the group.
    package static func plans(using id: ID) -> Query<Refusal.PlanReference> {
        Query(
            """
            SELECT p.plan_id, p.plan_name FROM plan_group u JOIN recovery_plan p ON p.plan_id = u.plan_id
             WHERE u.group_id = \(id) ORDER BY lower(p.plan_name)
            """
        ) { row in Refusal.PlanReference(planId: try row.read(), planName: try row.read()) }
    }

    /// Locks the plans that name the group until the transaction ends, so that none of them is started meanwhile.
    package static func lockPlans(using id: ID) -> Query<RecoveryPlan.ID> {
        Query(
            """
            SELECT p.plan_id FROM recovery_plan p
             WHERE p.plan_id IN (SELECT u.plan_id FROM plan_group u WHERE u.group_id = \(id))
             ORDER BY p.plan_id FOR UPDATE
            """
        ) { row in try row.read() }
    }

    /// An execution that has not ended of a plan that names the group; the plans should be locked.
    package static func activeExecution(of id: ID) -> Query<Execution.ID> {
        Query(
            """
            SELECT e.execution_id FROM plan_group u JOIN execution e ON e.plan_id = u.plan_id
             WHERE u.group_id = \(id) AND e.ended_at IS NULL
             ORDER BY e.execution_id LIMIT 1
            """
        ) { row in try row.read() }
    }
}
