package import Ambient
package import Contract
package import PostgreSQL

extension BrowserSessionStatements {
    private static func isGood(at now: Instant, idleSince silence: Instant) -> SQL {
        "ends_at > \(now) AND last_seen_at > \(silence)"
    }

    private static func view(row: inout RowReader) throws -> SessionView {
        SessionView(
            sessionId: try row.read(),
            issuer: try row.read(),
            subject: try row.read(),
            name: try row.read(),
            email: try row.read(),
            groups: try row.read(),
            createdAt: try row.read(),
            lastSeenAt: try row.read(),
            endsAt: try row.read(),
            sourceAddress: try row.read(),
            userAgent: try row.read(),
            isCurrent: try row.read()
        )
    }

    private static func columns(current tokenHash: [UInt8]?) -> SQL {
        """
        session_id, issuer, subject, name, email, groups, created_at, last_seen_at, ends_at, source_address, user_agent,
        coalesce(token_hash = \(tokenHash), false)
        """
    }

    /// Sessions that are good, newest first; one page of them.
    ///
    /// - `person`: Only this person's; nil: everybody's.
    /// - `current`: The hash of the caller's own cookie.
    package static func list(
        of person: (issuer: String, subject: String)?,
        current tokenHash: [UInt8]?,
        after last: (at: Instant, id: Identifier<BrowserSession>)?,
        limit: Int,
        at now: Instant,
        idleSince silence: Instant
    ) -> Query<SessionView> {
        let own: SQL = person.map { "AND issuer = \($0.issuer) AND subject = \($0.subject)" } ?? ""
        let page: SQL = last.map { "AND (created_at, session_id) < (\($0.at), \($0.id))" } ?? ""
        return Query(
            """
            SELECT \(columns(current: tokenHash)) FROM browser_session
             WHERE \(isGood(at: now, idleSince: silence)) \(own) \(page)
             ORDER BY created_at DESC, session_id DESC LIMIT \(limit)
            """,
            reading: view(row:)
        )
    }

    /// One session that is good.
    package static func show(
        _ id: Identifier<BrowserSession>,
        at now: Instant,
        idleSince silence: Instant
    ) -> Query<SessionView> {
        Query(
            """
            SELECT \(columns(current: nil)) FROM browser_session
             WHERE session_id = \(id) AND \(isGood(at: now, idleSince: silence))
            """,
            reading: view(row:)
        )
    }
}
