package import Ambient
package import PostgreSQL
package import Recovery

extension Campaign {
    private static let columns: SQL = """
        k.campaign_id, k.campaign_name, k.reason, k.most_at_once, k.most_per_account, k.stop_after_failures,
        k.patience_minutes, k.clean_up_after_hours, k.started_by, k.started_at, k.status, k.ended_at
        """

    private init(row: inout RowReader) throws {
        self.init(
            campaignId: try row.read(),
            campaignName: try row.read(),
            reason: try row.read(),
            rules: Rules(
                mostAtOnce: try row.read(),
                mostPerAccount: try row.read(),
                stopAfterFailures: try row.read(),
                patienceMinutes: try row.read()
            ),
            cleanUpAfterHours: try row.read(),
            startedBy: try row.read(),
            startedAt: try row.read(),
            status: try row.read(),
            endedAt: try row.read(),
            items: []
        )
    }

    /// The same with its items.
    package func with(_ items: [Item]) -> Campaign {
        Campaign(
            campaignId: campaignId,
            campaignName: campaignName,
            reason: reason,
            rules: rules,
            cleanUpAfterHours: cleanUpAfterHours,
            startedBy: startedBy,
            startedAt: startedAt,
            status: status,
            endedAt: endedAt,
            items: items
        )
    }

    /// Whether an account of the campaign `k` is in the scope.
    private static func isVisible(within scope: [AccountNumber]?) -> SQL {
        let scope = scope?.map(\.rawValue)
        return """
            (\(scope)::text[] IS NULL OR EXISTS (SELECT FROM campaign_item v
                                                  WHERE v.campaign_id = k.campaign_id AND v.account_ids && \(scope)))
            """
    }

    /// A page of campaigns without their items, the newest first.
    package static func list(
        isActive: Bool?,
        within scope: [AccountNumber]?,
        before last: (at: Instant, id: ID)?,
        limit: Int
    ) -> Query<Campaign> {
        let page: SQL = last.map { "AND (k.started_at, k.campaign_id) < (\($0.at), \($0.id))" } ?? ""
        return Query(
            """
            SELECT \(columns) FROM campaign k
             WHERE \(isVisible(within: scope))
               AND (\(isActive)::boolean IS NULL OR (k.ended_at IS NULL) = \(isActive)) \(page)
             ORDER BY k.started_at DESC, k.campaign_id DESC LIMIT \(limit)
            """,
            reading: Campaign.init(row:)
        )
    }

    /// One campaign without its items.
    package static func find(_ id: ID) -> Query<Campaign> {
        Query("SELECT \(columns) FROM campaign k WHERE k.campaign_id = \(id)", reading: Campaign.init(row:))
    }

    /// The same, kept from being changed until the transaction ends.
    package static func lock(_ id: ID) -> Query<Campaign> {
        Query("SELECT \(columns) FROM campaign k WHERE k.campaign_id = \(id) FOR UPDATE", reading: Campaign.init(row:))
    }

    /// The items of some campaigns, in their order.
    package static func items(of ids: [ID]) -> Query<(campaign: ID, item: Item)> {
        Query(
            """
            SELECT campaign_id, position, plan_id, plan_name, account_ids, state, execution_id, look_at, detail, begun_at,
                   ended_at
              FROM campaign_item WHERE campaign_id = ANY(\(ids)) ORDER BY campaign_id, position
            """
        ) { row in
            let id = try row.read(ID.self)
            return (
                id,
                try Item(
                    position: row.read(),
                    planId: row.read(),
                    planName: row.read(),
                    accounts: row.readLabels(),
                    state: row.read(),
                    executionId: row.read(),
                    lookAt: row.read(),
                    detail: row.read(),
                    begunAt: row.read(),
                    endedAt: row.read()
                )
            )
        }
    }

    /// The campaigns that have not ended, the oldest first.
    package static let active = Query(
        "SELECT campaign_id FROM campaign WHERE ended_at IS NULL ORDER BY started_at",
        as: ID.self
    )

    /// The campaign's executions that have ended.
    package static func endings(of id: ID) -> Query<(execution: Execution.ID, status: ExecutionStatus)> {
        Query(
            """
            SELECT e.execution_id, e.status FROM campaign_item i JOIN execution e ON e.execution_id = i.execution_id
             WHERE i.campaign_id = \(id) AND i.state = 'RUNNING' AND e.ended_at IS NOT NULL
            """
        ) { row in (try row.read(), try row.read()) }
    }

    /// How many servers the campaign's executions have, by their status.
    package static func servers(of id: ID) -> Query<(status: ServerStatus, count: Int)> {
        Query(
            """
            SELECT s.status, count(*) FROM campaign_item i JOIN execution_server s ON s.execution_id = i.execution_id
             WHERE i.campaign_id = \(id) GROUP BY s.status
            """
        ) { row in (try row.read(), try row.read()) }
    }

    /// Adds the campaign and its items.
    package var insert: [Statement] {
        [
            Statement(
                """
                INSERT INTO campaign (campaign_id, campaign_name, reason, most_at_once, most_per_account,
                                      stop_after_failures, patience_minutes, clean_up_after_hours, status, started_by,
                                      started_at, ended_at)
                VALUES (\(campaignId), \(campaignName), \(reason), \(rules.mostAtOnce), \(rules.mostPerAccount),
                        \(rules.stopAfterFailures), \(rules.patienceMinutes), \(cleanUpAfterHours), \(status),
                        \(startedBy), \(startedAt), \(endedAt))
                """
            )
        ] + items.map { $0.insert(of: campaignId) }
    }

    /// Writes what has changed since it was read.
    package func save(since former: Campaign) -> [Statement] {
        let own = Statement(
            """
            UPDATE campaign SET status = \(status), ended_at = \(endedAt) WHERE campaign_id = \(campaignId)
            """
        )
        let changed = zip(items, former.items).filter { $0 != $1 }.map { $0.0.save(of: campaignId) }
        return (status == former.status ? [] : [own]) + changed
    }
}

extension Campaign.Item {
    fileprivate func insert(of id: Campaign.ID) -> Statement {
        Statement(
            """
            INSERT INTO campaign_item (campaign_id, position, plan_id, plan_name, account_ids, state)
            VALUES (\(id), \(position), \(planId), \(planName), \(accounts.map(\.rawValue)), \(state))
            """
        )
    }

    /// Replaces what became of it.
    package func save(of id: Campaign.ID) -> Statement {
        Statement(
            """
            UPDATE campaign_item
               SET state = \(state), execution_id = \(executionId), look_at = \(lookAt), detail = \(detail),
                   begun_at = \(begunAt), ended_at = \(endedAt)
             WHERE campaign_id = \(id) AND position = \(position)
            """
        )
    }
}
