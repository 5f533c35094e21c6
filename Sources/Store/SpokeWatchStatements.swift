package import Ambient
package import PostgreSQL
package import Recovery

/// Spokes that fell silent, each told once.
package enum SpokeWatchStatements {
    /// A spoke that nothing is heard of any more.
    package struct Lost: Sendable, Hashable {
        package var spokeId: Identifier<Spoke>
        package var name: String
        package var principal: String
        package var accounts: [AccountNumber]
    }

    /// Whether a session of the spoke `p` is good, heard of, and its stream open or just closed.
    private static func isHere(at now: Instant) -> SQL {
        """
        EXISTS (SELECT FROM agent_session s
                 WHERE s.spoke_id = p.spoke_id AND s.expires_at > \(now) AND s.last_seen_at > \(now - Spoke.silence)
                   AND (s.stream_closed_at IS NULL OR s.stream_closed_at > \(now - Spoke.reopening)))
        """
    }

    /// Forgets that spokes were lost which are here again.
    package static func found(at now: Instant) -> Statement {
        Statement("UPDATE spoke p SET lost_at = NULL WHERE p.lost_at IS NOT NULL AND \(isHere(at: now))")
    }

    /// Notes the spokes that are lost since the last look, and answers them.
    package static func lost(at now: Instant) -> Query<Lost> {
        Query(
            """
            UPDATE spoke p SET lost_at = \(now) WHERE p.lost_at IS NULL AND NOT \(isHere(at: now))
            RETURNING p.spoke_id, p.name, p.principal,
                      ARRAY(SELECT DISTINCT x.account_id
                              FROM agent_session s JOIN agent_session_account x ON x.session_id = s.session_id
                             WHERE s.spoke_id = p.spoke_id ORDER BY 1)
            """
        ) { row in
            try Lost(spokeId: row.read(), name: row.read(), principal: row.read(), accounts: row.readLabels())
        }
    }
}
