package import Ambient
internal import JSON
package import PostgreSQL
package import Recovery

extension Account {
    private static let columns: SQL = """
        a.account_id, a.account_name, a.regions, a.spoke_principals, a.owner, a.tags, a.external_id, a.revision
        """

    private init(row: inout RowReader) throws {
        self.init(
            accountId: try row.read(),
            accountName: try row.read(),
            regions: try row.readLabels(),
            spokePrincipals: try row.read(),
            owner: try row.read(),
            tags: try row.read(JSON.self).texts,
            externalId: try row.read(),
            revision: try row.read()
        )
    }

    /// How a list of accounts is sorted.
    package enum Sort: String, Sendable, CaseIterable {
        case name = "accountName"
        case nameDescending = "-accountName"
        case number = "accountId"
        case numberDescending = "-accountId"
    }

    /// The accounts of a scope; one page of them.
    ///
    /// - `text`: Part of the number, name or owner, without regard to case.
    /// - `scope`: The accounts that the caller may see; nil: all.
    /// - `key`: What the page before ended with: the name, or the number.
    package static func list(
        text: String?,
        scope: [AccountNumber]?,
        sort: Sort,
        after key: String?,
        limit: Int
    ) -> Query<Account> {
        let filter: SQL = """
            (\(scope?.map(\.rawValue)) IS NULL OR a.account_id = ANY(\(scope?.map(\.rawValue))))
            AND (\(text) IS NULL OR strpos(lower(a.account_name || ' ' || a.account_id || ' ' || coalesce(a.owner, '')),
                                           lower(\(text))) > 0)
            """
        let page: SQL =
            switch (sort, key) {
            case (.name, nil): "ORDER BY lower(a.account_name)"
            case (.name, let key?): "AND lower(a.account_name) > lower(\(key)) ORDER BY lower(a.account_name)"
            case (.nameDescending, nil): "ORDER BY lower(a.account_name) DESC"
            case (.nameDescending, let key?):
                "AND lower(a.account_name) < lower(\(key)) ORDER BY lower(a.account_name) DESC"
            case (.number, nil): "ORDER BY a.account_id"
            case (.number, let key?): "AND a.account_id > \(key) ORDER BY a.account_id"
            case (.numberDescending, nil): "ORDER BY a.account_id DESC"
            case (.numberDescending, let key?): "AND a.account_id < \(key) ORDER BY a.account_id DESC"
            }
        return Query(
            "SELECT \(columns) FROM account a WHERE \(filter) \(page) LIMIT \(limit)",
            reading: Account.init(row:)
        )
    }

    /// One account.
    package static func find(_ number: AccountNumber) -> Query<Account> {
        Query("SELECT \(columns) FROM account a WHERE a.account_id = \(number)", reading: Account.init(row:))
    }

    /// One account, locked until the transaction ends.
    package static func lock(_ number: AccountNumber) -> Query<Account> {
        Query("SELECT \(columns) FROM account a WHERE a.account_id = \(number) FOR UPDATE", reading: Account.init(row:))
    }

    /// Registers the account.
    package func insert(at now: Instant) -> Statement {
        Query(
            """
            INSERT INTO account (account_id, account_name, regions, spoke_principals, owner, tags, external_id,
                                 created_at, modified_at)
            VALUES (\(accountId), \(accountName), \(regions.map(\.rawValue)), \(spokePrincipals), \(owner),
                    \(JSON(tags)), \(externalId), \(now), \(now))
            """
        )
    }

    /// Replaces what is said of the account; its external ID stays.
    package func update(at now: Instant) -> Query<Int> {
        Query(
            """
            UPDATE account
               SET account_name = \(accountName), regions = \(regions.map(\.rawValue)),
                   spoke_principals = \(spokePrincipals), owner = \(owner), tags = \(JSON(tags)), modified_at = \(now),
                   revision = revision + 1
             WHERE account_id = \(accountId)
            RETURNING revision
            """,
            as: Int.self
        )
    }

    /// Removes the account and what was seen in it; groups in it stand in the way (`protection_group_account`).
    package static func delete(_ number: AccountNumber) -> Statement {
        Query("DELETE FROM account WHERE account_id = \(number)")
    }

    /// The names of protection groups in the account, a few of them, for the person who wants to remove it.
    package static func groups(in number: AccountNumber, limit: Int) -> Query<String> {
        Query(
            """
            SELECT group_name FROM protection_group WHERE account_id = \(number)
             ORDER BY lower(group_name) LIMIT \(limit)
            """,
            as: String.self
        )
    }
}
