package import Ambient
package import Contract
internal import JSON
package import PostgreSQL
package import Recovery

extension Spoke {
    /// Every spoke with what its sessions show: last sign of life, accounts, state.
    ///
    /// A spoke is connected while one session is good, heard of within `silence` and with a stream that is open or was
    /// `reopening` ago.
    private static func shown(at now: Instant) -> SQL {
        """
        SELECT p.spoke_id, p.name, p.version, p.principal,
               coalesce((SELECT jsonb_agg(jsonb_build_object('accountId', b.account_id, 'regions', b.regions)
                                          ORDER BY b.account_id)
                           FROM (SELECT DISTINCT ON (x.account_id) x.account_id, x.regions
                                   FROM agent_session s
                                   JOIN agent_session_account x ON x.session_id = s.session_id
                                  WHERE s.spoke_id = p.spoke_id AND s.expires_at > \(now)
                                  ORDER BY x.account_id, s.last_seen_at DESC) b), '[]') AS accounts,
               CASE WHEN NOT EXISTS (SELECT FROM agent_session s
                                      WHERE s.spoke_id = p.spoke_id AND s.expires_at > \(now)
                                        AND s.last_seen_at > \(now - silence)
                                        AND (s.stream_closed_at IS NULL OR s.stream_closed_at > \(now - reopening)))
                    THEN 'LOST'
                    WHEN p.is_draining THEN 'DRAINING'
                    ELSE 'CONNECTED' END AS state,
               greatest(p.last_seen_at,
                        (SELECT max(s.last_seen_at) FROM agent_session s WHERE s.spoke_id = p.spoke_id)) AS last_seen_at
          FROM spoke p
        """
    }

    private static let columns: SQL = """
        v.spoke_id, v.name, v.version, v.principal, v.accounts, v.state, v.last_seen_at
        """

    /// Whether any account of the spoke is in the caller's scope.
    private static func isVisible(within scope: [AccountNumber]?) -> SQL {
        let scope = scope?.map(\.rawValue)
        return """
            (\(scope) IS NULL
             OR EXISTS (SELECT FROM jsonb_array_elements(v.accounts) b WHERE b->>'accountId' = ANY(\(scope))))
            """
    }

    private static func view(row: inout RowReader) throws -> SpokeView {
        SpokeView(
            spokeId: try row.read(),
            name: try row.read(),
            version: try row.read(),
            principal: try row.read(),
            accounts: try row.readDocument(),
            state: try row.read(),
            lastSeenAt: try row.read()
        )
    }

    /// The spokes by name; one page of them.
    ///
    /// - `account`: Only spokes that serve it.
    /// - `state`: Only spokes in it.
    /// - `scope`: The accounts that the caller may see; nil: all.
    /// - `last`: Name and identifier of the last spoke of the page before.
    package static func list(
        account: AccountNumber?,
        state: State?,
        scope: [AccountNumber]?,
        after last: (name: String, id: Identifier<Spoke>)?,
        limit: Int,
        at now: Instant
    ) -> Query<SpokeView> {
        let page: SQL = last.map { "AND (v.name, v.spoke_id) > (\($0.name), \($0.id))" } ?? ""
        return Query(
            """
            SELECT \(columns) FROM (\(shown(at: now))) v
             WHERE \(isVisible(within: scope))
               AND (\(account) IS NULL
                    OR EXISTS (SELECT FROM jsonb_array_elements(v.accounts) b WHERE b->>'accountId' = \(account)))
               AND (\(state) IS NULL OR v.state = \(state)) \(page)
             ORDER BY v.name, v.spoke_id LIMIT \(limit)
            """,
            reading: view(row:)
        )
    }

    /// One spoke, if the caller may see it.
    package static func find(
        _ id: Identifier<Spoke>,
        within scope: [AccountNumber]?,
        at now: Instant
    ) -> Query<SpokeView> {
        Query(
            "SELECT \(columns) FROM (\(shown(at: now))) v WHERE v.spoke_id = \(id) AND \(isVisible(within: scope))",
            reading: view(row:)
        )
    }

    /// How many spokes are in each state.
    package static func counts(
        within scope: [AccountNumber]?,
        at now: Instant
    ) -> Query<(state: State, count: Int)> {
        Query(
            "SELECT v.state, count(*) FROM (\(shown(at: now))) v WHERE \(isVisible(within: scope)) GROUP BY v.state"
        ) { row in (try row.read(), try row.read()) }
    }

    /// Gives the spoke nothing new from now on.
    package static func drain(_ id: Identifier<Spoke>) -> Statement {
        Query("UPDATE spoke SET is_draining = true WHERE spoke_id = \(id)")
    }
}
