package import Ambient
package import Contract
package import PostgreSQL

/// Sessions of people who signed in by a browser.
package enum BrowserSessionStatements {
    /// A session that is good.
    package struct Session: Sendable {
        package var sessionId: Identifier<BrowserSession>
        package var issuer: String
        package var subject: String
        package var clientId: String
        package var name: String
        package var displayName: String?
        package var email: String?
        package var groups: [String]
        package var freshUntil: Instant
        package var claimedUntil: Instant?
        package var refreshAfter: Instant?
        package var canRefresh: Bool
        package var mustRotate: Bool
        package var createdAt: Instant
        package var lastSeenAt: Instant
        package var endsAt: Instant
    }

    /// What a session begins with.
    package struct New: Sendable {
        package var sessionId: Identifier<BrowserSession>
        package var tokenHash: [UInt8]
        package var issuer: String
        package var subject: String
        package var clientId: String
        package var name: String
        package var displayName: String?
        package var email: String?
        package var groups: [String]
        /// Sealed; nil: the session is never refreshed.
        package var refreshToken: [UInt8]?
        package var freshUntil: Instant
        package var endsAt: Instant
        package var sourceAddress: String
        package var userAgent: String?

        package init(
            sessionId: Identifier<BrowserSession>,
            tokenHash: [UInt8],
            issuer: String,
            subject: String,
            clientId: String,
            name: String,
            displayName: String? = nil,
            email: String? = nil,
            groups: [String],
            refreshToken: [UInt8]?,
            freshUntil: Instant,
            endsAt: Instant,
            sourceAddress: String,
            userAgent: String?
        ) {
            self.sessionId = sessionId
            self.tokenHash = tokenHash
            self.issuer = issuer
            self.subject = subject
            self.clientId = clientId
            self.name = name
            self.displayName = displayName
            self.email = email
            self.groups = groups
            self.refreshToken = refreshToken
            self.freshUntil = freshUntil
            self.endsAt = endsAt
            self.sourceAddress = sourceAddress
            self.userAgent = userAgent
        }
    }

    package static func insert(_ new: New, at now: Instant) -> Statement {
        Statement(
            """
            INSERT INTO browser_session (session_id, token_hash, issuer, subject, client_id, name, display_name, email,
                                         groups, refresh_token, fresh_until, created_at, last_seen_at, ends_at,
                                         source_address, user_agent)
            VALUES (\(new.sessionId), \(new.tokenHash), \(new.issuer), \(new.subject), \(new.clientId), \(new.name),
                    \(new.displayName), \(new.email), \(new.groups), \(new.refreshToken), \(new.freshUntil), \(now),
                    \(now), \(new.endsAt), \(new.sourceAddress), \(new.userAgent))
            """
        )
    }

    private static func isOf(_ tokenHash: [UInt8], at now: Instant) -> SQL {
        "(token_hash = \(tokenHash) OR (previous_hash = \(tokenHash) AND previous_until > \(now)))"
    }

    /// The session of a cookie, if it has neither ended nor been idle too long.
    package static func find(_ tokenHash: [UInt8], at now: Instant, idleSince silence: Instant) -> Query<Session> {
        Query(
            """
            SELECT session_id, issuer, subject, client_id, name, display_name, email, groups, fresh_until,
                   refresh_claimed_until, refresh_after, refresh_token IS NOT NULL, must_rotate, created_at,
                   last_seen_at, ends_at
              FROM browser_session
             WHERE \(isOf(tokenHash, at: now)) AND ends_at > \(now) AND last_seen_at > \(silence)
            """
        ) { row in
            try Session(
                sessionId: row.read(),
                issuer: row.read(),
                subject: row.read(),
                clientId: row.read(),
                name: row.read(),
                displayName: row.read(),
                email: row.read(),
                groups: row.read(),
                freshUntil: row.read(),
                claimedUntil: row.read(),
                refreshAfter: row.read(),
                canRefresh: row.read(),
                mustRotate: row.read(),
                createdAt: row.read(),
                lastSeenAt: row.read(),
                endsAt: row.read()
            )
        }
    }

    /// Somebody is there.
    package static func touch(_ id: Identifier<BrowserSession>, at now: Instant) -> Statement {
        Statement(
            "UPDATE browser_session SET last_seen_at = \(now) WHERE session_id = \(id) AND last_seen_at < \(now)"
        )
    }

    /// Gives the session another cookie; the one before is taken for a moment more.
    package static func rotate(
        _ id: Identifier<BrowserSession>,
        from old: [UInt8],
        to new: [UInt8],
        oldUntil end: Instant
    ) -> Statement {
        Statement(
            """
            UPDATE browser_session
               SET token_hash = \(new), previous_hash = \(old), previous_until = \(end), must_rotate = false
             WHERE session_id = \(id) AND token_hash = \(old)
            """
        )
    }

    // MARK: - Refreshing

    /// Takes the right to refresh, and with it the sealed refresh token; nothing where another has it.
    package static func claim(
        _ id: Identifier<BrowserSession>,
        freshBefore limit: Instant,
        until end: Instant,
        at now: Instant
    ) -> Query<[UInt8]> {
        Query(
            """
            UPDATE browser_session SET refresh_claimed_until = \(end)
             WHERE session_id = \(id) AND fresh_until < \(limit) AND refresh_token IS NOT NULL
               AND (refresh_claimed_until IS NULL OR refresh_claimed_until <= \(now))
               AND (refresh_after IS NULL OR refresh_after <= \(now))
            RETURNING refresh_token
            """,
            as: [UInt8].self
        )
    }

    /// Writes down what a refresh brought, and gives the right to refresh back.
    ///
    /// A session whose groups are others than before gets another cookie as soon as there is an answer to carry it.
    package static func renew(
        _ id: Identifier<BrowserSession>,
        refreshToken: [UInt8],
        groups: [String],
        freshUntil: Instant
    ) -> Statement {
        Statement(
            """
            UPDATE browser_session
               SET refresh_token = \(refreshToken), must_rotate = must_rotate OR groups <> \(groups),
                   groups = \(groups), fresh_until = \(freshUntil), refresh_claimed_until = NULL,
                   refresh_after = NULL
             WHERE session_id = \(id)
            """
        )
    }

    /// The issuer could not be asked: it is left alone until then, and what is known goes on.
    ///
    /// - Parameters:
    ///   - id: The session.
    ///   - refreshToken: Sealed; nil: the one it has.
    ///   - end: When the issuer may be asked again.
    /// - Returns: The statement.
    package static func postpone(
        _ id: Identifier<BrowserSession>,
        refreshToken: [UInt8]? = nil,
        until end: Instant
    ) -> Statement {
        Statement(
            """
            UPDATE browser_session
               SET refresh_after = \(end), refresh_claimed_until = NULL,
                   refresh_token = coalesce(\(refreshToken), refresh_token)
             WHERE session_id = \(id)
            """
        )
    }

    // MARK: - Ending

    /// What is left of a session that was ended.
    package struct Ended: Sendable {
        package var sessionId: Identifier<BrowserSession>
        package var issuer: String
        package var subject: String
        /// To be revoked; sealed.
        package var refreshToken: [UInt8]?
    }

    private static let ended: SQL = "RETURNING session_id, issuer, subject, refresh_token"

    private static func ended(row: inout RowReader) throws -> Ended {
        try Ended(sessionId: row.read(), issuer: row.read(), subject: row.read(), refreshToken: row.read())
    }

    package static func end(_ id: Identifier<BrowserSession>) -> Query<Ended> {
        Query("DELETE FROM browser_session WHERE session_id = \(id) \(ended)", reading: ended(row:))
    }

    /// Ends the session of a cookie, whatever its state.
    package static func end(cookie tokenHash: [UInt8], at now: Instant) -> Query<Ended> {
        Query("DELETE FROM browser_session WHERE \(isOf(tokenHash, at: now)) \(ended)", reading: ended(row:))
    }
}
