package import Ambient
package import Contract
package import PostgreSQL
package import Recovery

/// Links that show an execution on a wall.
package enum WallLinkStatements {
    private static let columns: SQL = "link_id, execution_id, label, created_by, created_at, expires_at"

    private static func view(row: inout RowReader) throws -> WallLinkView {
        WallLinkView(
            linkId: try row.read(),
            executionId: try row.read(),
            label: try row.read(),
            createdBy: try row.read(),
            createdAt: try row.read(),
            expiresAt: try row.read()
        )
    }

    package static func insert(_ link: WallLinkView, tokenHash: [UInt8]) -> Statement {
        Statement(
            """
            INSERT INTO wall_link (link_id, token_hash, execution_id, label, created_by, created_at, expires_at)
            VALUES (\(link.linkId), \(tokenHash), \(link.executionId), \(link.label), \(link.createdBy),
                    \(link.createdAt), \(link.expiresAt))
            """
        )
    }

    /// How many links of an execution are good.
    package static func count(of id: Execution.ID, at now: Instant) -> Query<Int> {
        Query(
            "SELECT count(*) FROM wall_link WHERE execution_id = \(id) AND expires_at > \(now)",
            as: Int.self
        )
    }

    /// The links of an execution that are good, newest first; one page of them.
    package static func list(
        of id: Execution.ID,
        after last: (at: Instant, id: Identifier<WallLink>)?,
        limit: Int,
        at now: Instant
    ) -> Query<WallLinkView> {
        let page: SQL = last.map { "AND (created_at, link_id) < (\($0.at), \($0.id))" } ?? ""
        return Query(
            """
            SELECT \(columns) FROM wall_link WHERE execution_id = \(id) AND expires_at > \(now) \(page)
             ORDER BY created_at DESC, link_id DESC LIMIT \(limit)
            """,
            reading: view(row:)
        )
    }

    /// The link of a secret, if it is good and of this execution.
    package static func find(_ tokenHash: [UInt8], of id: Execution.ID, at now: Instant) -> Query<WallLinkView> {
        Query(
            """
            SELECT \(columns) FROM wall_link
             WHERE token_hash = \(tokenHash) AND execution_id = \(id) AND expires_at > \(now)
            """,
            reading: view(row:)
        )
    }

    /// Takes a link back; answers it, if it was there and good.
    package static func revoke(
        _ link: Identifier<WallLink>,
        of id: Execution.ID,
        at now: Instant
    ) -> Query<WallLinkView> {
        Query(
            """
            DELETE FROM wall_link WHERE link_id = \(link) AND execution_id = \(id) AND expires_at > \(now)
            RETURNING \(columns)
            """,
            reading: view(row:)
        )
    }

    /// Removes what has expired.
    package static func forget(at now: Instant) -> Statement {
        Statement("DELETE FROM wall_link WHERE expires_at <= \(now)")
    }
}
