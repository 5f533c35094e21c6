package import Ambient
internal import JSON
package import PostgreSQL

/// Answers that are kept, so that a request said twice is done once.
///
/// A row with status 0 is a claim: somebody is doing it now. What failed leaves no row.
package enum IdempotencyStatements {
    /// One use of a key: by whom, where, and with which body.
    package struct Use: Sendable, Hashable {
        package let principal: String
        package let path: String
        package let key: String
        package let bodyHash: [UInt8]

        package init(principal: String, path: String, key: String, bodyHash: [UInt8]) {
            self.principal = principal
            self.path = path
            self.key = key
            self.bodyHash = bodyHash
        }
    }

    /// What is known of a key.
    package struct Record: Sendable {
        package let bodyHash: [UInt8]
        /// Nil while the first call is in flight.
        package let status: Int?
        package let headers: [String: String]
        package let body: String?
    }

    private static let inFlight = 0

    /// Claims the key; no row comes back when it is in use.
    ///
    /// A claim that is older than `abandoned` belongs to a hub that died, an answer older than `expired` is forgotten.
    package static func claim(
        _ use: Use,
        at now: Instant,
        abandoned: Instant,
        expired: Instant
    ) -> Query<Bool> {
        Query(
            """
            INSERT INTO idempotency_key AS k (principal, path, key, body_hash, status, headers, body, created_at)
            VALUES (\(use.principal), \(use.path), \(use.key), \(use.bodyHash), \(inFlight), '{}', NULL, \(now))
                ON CONFLICT (principal, path, key) DO UPDATE
                   SET body_hash = excluded.body_hash, status = excluded.status, headers = excluded.headers,
                       body = NULL, created_at = excluded.created_at
                 WHERE k.created_at < \(expired)
                    OR (k.status = \(inFlight) AND k.created_at < \(abandoned) AND k.body_hash = excluded.body_hash)
            RETURNING true
            """,
            as: Bool.self
        )
    }

    package static func find(_ use: Use) -> Query<Record> {
        Query(
            """
            SELECT body_hash, status, headers, body FROM idempotency_key
             WHERE principal = \(use.principal) AND path = \(use.path) AND key = \(use.key)
            """
        ) { row in
            let (hash, status) = (try row.read([UInt8].self), try row.read(Int.self))
            return Record(
                bodyHash: hash,
                status: status == inFlight ? nil : status,
                headers: try row.read(JSON.self).texts,
                body: try row.read()
            )
        }
    }

    /// Keeps the answer of a claim that is still held.
    package static func keep(_ use: Use, status: Int, headers: [String: String], body: String?) -> Statement {
        Statement(
            """
            UPDATE idempotency_key SET status = \(status), headers = \(JSON(headers)), body = \(body)
             WHERE principal = \(use.principal) AND path = \(use.path) AND key = \(use.key) AND status = \(inFlight)
            """
        )
    }

    /// Gives a claim back: what failed may be tried again.
    package static func release(_ use: Use) -> Statement {
        Statement(
            """
            DELETE FROM idempotency_key
             WHERE principal = \(use.principal) AND path = \(use.path) AND key = \(use.key) AND status = \(inFlight)
            """
        )
    }

    /// Forgets what is older than it need be kept.
    package static func forget(before expired: Instant) -> Statement {
        Statement("DELETE FROM idempotency_key WHERE created_at < \(expired)")
    }
}
