package import Ambient
internal import JSON
package import PostgreSQL

/// Answers that are kept, so that a request said twice is done once.
///
/// A row with status 0 is a claim: somebody is doing it now, and `body` is the identifier that the object made by it is
/// to have. What was refused leaves no row.
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

    /// A claim that is held.
    package struct Claim: Sendable, Hashable {
        /// What the object is to be named that the request makes: the same for whoever takes the claim over.
        package let intent: String
        /// When it was claimed, by which it is told from the claim of whoever takes it over.
        package let at: Instant
        /// Whether a hub that died may have done it already.
        package let wasTakenOver: Bool
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
    /// A claim that is older than `abandoned` belongs to a hub that died: it is taken over with its intent. An answer
    /// older than `expired` is forgotten.
    package static func claim(
        _ use: Use,
        intending intent: String,
        at now: Instant,
        abandoned: Instant,
        expired: Instant
    ) -> Query<Claim> {
        Query(
            """
            INSERT INTO idempotency_key AS k (principal, path, key, body_hash, status, headers, body, created_at)
            VALUES (\(use.principal), \(use.path), \(use.key), \(use.bodyHash), \(inFlight), '{}', \(intent), \(now))
                ON CONFLICT (principal, path, key) DO UPDATE
                   SET body_hash = excluded.body_hash, status = excluded.status,
                       headers = CASE WHEN k.created_at < \(expired) THEN excluded.headers ELSE k.headers END,
                       body = CASE WHEN k.created_at < \(expired) THEN excluded.body ELSE k.body END,
                       created_at = excluded.created_at
                 WHERE k.created_at < \(expired)
                    OR (k.status = \(inFlight) AND k.created_at < \(abandoned) AND k.body_hash = excluded.body_hash)
            RETURNING k.body
            """
        ) { row in
            let held = try row.read(String.self)
            return Claim(intent: held, at: now, wasTakenOver: held != intent)
        }
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

    /// Leaves a claim to whoever comes next: nobody knows whether it was done.
    package static func abandon(_ use: Use, claimed: Instant, abandoned: Instant) -> Statement {
        Statement(
            """
            UPDATE idempotency_key SET created_at = \(abandoned)
             WHERE principal = \(use.principal) AND path = \(use.path) AND key = \(use.key) AND status = \(inFlight)
               AND created_at = \(claimed)
            """
        )
    }

    /// Gives a claim back: what was refused has changed nothing and may be asked again.
    package static func release(_ use: Use, claimed: Instant) -> Statement {
        Statement(
            """
            DELETE FROM idempotency_key
             WHERE principal = \(use.principal) AND path = \(use.path) AND key = \(use.key) AND status = \(inFlight)
               AND created_at = \(claimed)
            """
        )
    }

    /// Forgets what is older than it need be kept.
    package static func forget(before expired: Instant) -> Statement {
        Statement("DELETE FROM idempotency_key WHERE created_at < \(expired)")
    }
}
