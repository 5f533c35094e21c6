package import Ambient
internal import Contract
package import PostgreSQL
package import Recovery

/// What an examination asks the database.
package enum DoctorStatements {
    package struct Server: Sendable, Hashable {
        package let version: String
        package let role: String
        package let now: Instant
        /// Whether it follows another one, and cannot be written to.
        package let isCopy: Bool
        package let mayMakeTables: Bool
        package let mayRewriteHistory: Bool

        package init(
            version: String,
            role: String,
            now: Instant,
            isCopy: Bool,
            mayMakeTables: Bool,
            mayRewriteHistory: Bool
        ) {
            self.version = version
            self.role = role
            self.now = now
            self.isCopy = isCopy
            self.mayMakeTables = mayMakeTables
            self.mayRewriteHistory = mayRewriteHistory
        }
    }

    /// The server, and what the role that asks may do.
    package static let server = Query<Server>(
        """
        SELECT current_setting('server_version'), current_user::text, clock_timestamp(), pg_is_in_recovery(),
               has_schema_privilege(current_user, 'public', 'CREATE'),
               coalesce(has_table_privilege(current_user, to_regclass('journal_event'), 'UPDATE'), false)
        """
    ) { row in
        Server(
            version: try row.read(),
            role: try row.read(),
            now: try row.read(),
            isCopy: try row.read(),
            mayMakeTables: try row.read(),
            mayRewriteHistory: try row.read()
        )
    }

    package struct SpokeStanding: Sendable, Hashable {
        package let name: String
        package let version: String
        package let lastSeenAt: Instant
        package let isLost: Bool

        package init(name: String, version: String, lastSeenAt: Instant, isLost: Bool) {
            self.name = name
            self.version = version
            self.lastSeenAt = lastSeenAt
            self.isLost = isLost
        }
    }

    /// Spokes, of those that have an account in the scope; nil: all.
    package static func spokes(within scope: [AccountNumber]?) -> Query<SpokeStanding> {
        let scope = scope?.map(\.rawValue)
        return Query(
            """
            SELECT p.name, p.version,
                   greatest(p.last_seen_at,
                            (SELECT max(s.last_seen_at) FROM agent_session s WHERE s.spoke_id = p.spoke_id)),
                   p.lost_at IS NOT NULL
              FROM spoke p
             WHERE \(scope) IS NULL
                OR EXISTS (SELECT FROM agent_session s
                             JOIN agent_session_account x ON x.session_id = s.session_id
                            WHERE s.spoke_id = p.spoke_id AND x.account_id = ANY (\(scope)))
             ORDER BY p.name
            """
        ) { row in
            SpokeStanding(
                name: try row.read(),
                version: try row.read(),
                lastSeenAt: try row.read(),
                isLost: try row.read()
            )
        }
    }

    /// Registered accounts that no session serves which is still good.
    package static func unserved(within scope: [AccountNumber]?, at now: Instant) -> Query<AccountNumber> {
        let scope = scope?.map(\.rawValue)
        return Query(
            """
            SELECT a.account_id FROM account a
             WHERE NOT EXISTS (SELECT FROM agent_session_account x JOIN agent_session s ON s.session_id = x.session_id
                                WHERE x.account_id = a.account_id AND s.expires_at > \(now)
                                  AND s.last_seen_at > \(now - Spoke.silence))
               AND (\(scope) IS NULL OR a.account_id = ANY (\(scope)))
             ORDER BY a.account_id
            """
        ) { row in try row.read() }
    }

    package struct Rights: Sendable, Hashable {
        package let accountId: AccountNumber
        package let region: Region
        package let denied: [String]
        package let isTrustTooWide: Bool

        package init(accountId: AccountNumber, region: Region, denied: [String], isTrustTooWide: Bool) {
            self.accountId = accountId
            self.region = region
            self.denied = denied
            self.isTrustTooWide = isTrustTooWide
        }
    }

    /// What spokes found that they may do, where anybody has looked.
    package static func rights(within scope: [AccountNumber]?) -> Query<Rights> {
        let scope = scope?.map(\.rawValue)
        return Query(
            """
            SELECT account_id, region, checks FROM access_finding
             WHERE \(scope) IS NULL OR account_id = ANY (\(scope))
             ORDER BY account_id, region
            """
        ) { row in
            let (account, region) = (try row.read(AccountNumber.self), try row.read(Region.self))
            let checks = try row.readDocument([AccessCheck].self)
            return Rights(
                accountId: account,
                region: region,
                denied: checks.filter { $0.isAction && $0.result == .denied }.map(\.action),
                isTrustTooWide: checks.contains { !$0.isAction && $0.result == .allowed }
            )
        }
    }
}
