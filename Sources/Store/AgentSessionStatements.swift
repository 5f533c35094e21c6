package import Ambient
package import Contract
internal import JSON
package import PostgreSQL
package import Recovery

/// Challenges and sessions of spokes; neither a nonce nor a token is kept, only their hashes.
package enum AgentSessionStatements {
    // MARK: - Challenges

    /// Remembers a nonce that was given out.
    package static func insertChallenge(_ nonceHash: [UInt8], region: Region, until end: Instant) -> Statement {
        Statement(
            "INSERT INTO agent_challenge (nonce_hash, region, expires_at) VALUES (\(nonceHash), \(region), \(end))"
        )
    }

    /// Takes a nonce out, so that it is good once; answers the Region it was given for, or nothing.
    package static func takeChallenge(_ nonceHash: [UInt8], at now: Instant) -> Query<Region> {
        Query(
            "DELETE FROM agent_challenge WHERE nonce_hash = \(nonceHash) AND expires_at > \(now) RETURNING region"
        ) { row in try row.read() }
    }

    /// Forgets what nobody can use any more: nonces, and sessions that ended a while ago.
    package static func forget(at now: Instant) -> [Statement] {
        [
            Statement("DELETE FROM agent_challenge WHERE expires_at <= \(now)"),
            Statement(
                "DELETE FROM agent_session WHERE expires_at <= \(now - .seconds(3600 * Limits.spokeSessionHours))"
            ),
        ]
    }

    // MARK: - Registrations

    /// What the hub knows of an account that a spoke wants to serve.
    package struct Registration: Sendable {
        package var accountId: AccountNumber
        package var regions: [Region]
        /// ARNs of the principals that may serve it.
        package var principals: [String]
    }

    package static func registrations(of accounts: [AccountNumber]) -> Query<Registration> {
        Query(
            """
            SELECT account_id, regions, spoke_principals FROM account
             WHERE account_id = ANY(\(accounts)) ORDER BY account_id
            """
        ) { row in
            try Registration(accountId: row.read(), regions: row.readLabels(), principals: row.read())
        }
    }

    // MARK: - Sessions

    /// A session that is good, with what it was granted and who may have that now.
    package struct Session: Sendable {
        package var sessionId: Identifier<AgentSession>
        package var spokeId: Identifier<Spoke>
        package var spokeName: String
        package var principal: String
        /// When the proof was given.
        package var issuedAt: Instant
        package var expiresAt: Instant
        package var accounts: [Granted]
    }

    /// One account of a session, beside its registration as it stands now.
    package struct Granted: Sendable, Decodable {
        package var accountId: AccountNumber
        package var regions: [Region]
        package var registeredRegions: [Region]
        package var principals: [String]
    }

    /// The session of a token, which is seen now.
    ///
    /// That it was seen need not survive a crash of PostgreSQL, so the commit waits for no disk; the statement must stand
    /// alone, outside any transaction.
    package static func touch(_ tokenHash: [UInt8], at now: Instant) -> Query<Session> {
        Query(
            """
            WITH relaxed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
            UPDATE agent_session AS s SET last_seen_at = \(now)
              FROM spoke AS p, relaxed
             WHERE p.spoke_id = s.spoke_id AND s.token_hash = \(tokenHash) AND s.expires_at > \(now)
            RETURNING s.session_id, s.spoke_id, p.name, p.principal, s.issued_at, s.expires_at,
                      (SELECT coalesce(jsonb_agg(jsonb_build_object(
                                  'accountId', x.account_id, 'regions', x.regions,
                                  'registeredRegions', a.regions, 'principals', a.spoke_principals)), '[]')
                         FROM agent_session_account x JOIN account a ON a.account_id = x.account_id
                        WHERE x.session_id = s.session_id)
            """
        ) { row in
            try Session(
                sessionId: row.read(),
                spokeId: row.read(),
                spokeName: row.read(),
                principal: row.read(),
                issuedAt: row.read(),
                expiresAt: row.read(),
                accounts: row.readDocument()
            )
        }
    }

    /// The spoke of that name and principal, made where there is none.
    ///
    /// One that begins anew, with no session alive, takes work again even if it was drained before.
    package static func enrol(
        _ id: Identifier<Spoke>,
        name: String,
        principal: String,
        version: String,
        at now: Instant
    ) -> Query<Identifier<Spoke>> {
        Query(
            """
            INSERT INTO spoke (spoke_id, name, principal, version, last_seen_at)
            VALUES (\(id), \(name), \(principal), \(version), \(now))
                ON CONFLICT (principal, name) DO UPDATE
               SET version = excluded.version, last_seen_at = excluded.last_seen_at, lost_at = NULL,
                   is_draining = spoke.is_draining
                       AND EXISTS (SELECT FROM agent_session s
                                    WHERE s.spoke_id = spoke.spoke_id AND s.expires_at > \(now)
                                      AND s.last_seen_at > \(now - Spoke.silence)
                                      AND (s.stream_closed_at IS NULL
                                           OR s.stream_closed_at > \(now - Spoke.reopening)))
            RETURNING spoke_id
            """
        ) { row in try row.read() }
    }

    /// Begins a session; its stream is to be opened within `Spoke.reopening`.
    package static func insert(
        _ id: Identifier<AgentSession>,
        of spoke: Identifier<Spoke>,
        tokenHash: [UInt8],
        until end: Instant,
        at now: Instant
    ) -> Statement {
        Statement(
            """
            INSERT INTO agent_session (session_id, spoke_id, token_hash, issued_at, expires_at, last_seen_at,
                                       stream_closed_at)
            VALUES (\(id), \(spoke), \(tokenHash), \(now), \(end), \(now), \(now))
            """
        )
    }

    /// Gives a session a new token and end after a fresh proof; its leases and its stream stay.
    package static func renew(
        _ id: Identifier<AgentSession>,
        tokenHash: [UInt8],
        until end: Instant,
        at now: Instant
    ) -> Statement {
        Statement(
            """
            UPDATE agent_session
               SET token_hash = \(tokenHash), issued_at = \(now), expires_at = \(end), last_seen_at = \(now)
             WHERE session_id = \(id)
            """
        )
    }

    /// Lets a session go on without a fresh proof, because nobody could be asked about one.
    package static func extend(
        _ id: Identifier<AgentSession>,
        tokenHash: [UInt8],
        until end: Instant
    ) -> Statement {
        Statement("UPDATE agent_session SET token_hash = \(tokenHash), expires_at = \(end) WHERE session_id = \(id)")
    }

    /// Makes these the accounts of a session, and gives back the work it holds in others.
    package static func grant(_ accounts: [ServedAccount], to session: Identifier<AgentSession>) -> [Statement] {
        let numbers = accounts.map(\.accountId)
        return [
            Statement(
                """
                DELETE FROM agent_session_account WHERE session_id = \(session) AND NOT account_id = ANY(\(numbers))
                """
            ),
            Statement(
                """
                INSERT INTO agent_session_account (session_id, account_id, regions)
                SELECT \(session), g."accountId", ARRAY(SELECT jsonb_array_elements_text(g.regions))
                  FROM jsonb_to_recordset(\(JSON(document: accounts))) AS g ("accountId" text, regions jsonb)
                    ON CONFLICT (session_id, account_id) DO UPDATE SET regions = excluded.regions
                """
            ),
            Statement(
                """
                UPDATE command SET state = 'READY', lease_until = NULL, session_id = NULL, is_unclear = true
                 WHERE session_id = \(session) AND state = 'LEASED' AND NOT account_id = ANY(\(numbers))
                """
            ),
        ]
    }

    /// The session's stream is open; answers nothing where the session has ended, or counts as lost.
    ///
    /// The stream of a spoke that is silent ends, so that it opens another when it is back, with the session it has then.
    package static func streamOpen(_ id: Identifier<AgentSession>, at now: Instant) -> Query<Instant> {
        Query(
            """
            WITH opened AS (
                UPDATE agent_session SET stream_closed_at = NULL
                 WHERE session_id = \(id) AND stream_closed_at IS NOT NULL)
            SELECT expires_at FROM agent_session
             WHERE session_id = \(id) AND expires_at > \(now) AND last_seen_at > \(now - Spoke.silence)
            """,
            as: Instant.self
        )
    }

    package static func streamClosed(_ id: Identifier<AgentSession>, at now: Instant) -> Statement {
        Statement(
            "UPDATE agent_session SET stream_closed_at = \(now) WHERE session_id = \(id) AND stream_closed_at IS NULL"
        )
    }
}
