package import Ambient
package import PostgreSQL

/// What people's pauses, resumes and cancellations do to commands.
extension CommandStatements {
    /// Takes back what no spoke has, and says which.
    ///
    /// A launch that an earlier attempt may have sent is not taken back: its job must be found, or known not to be. It
    /// and what a spoke has are barred instead: whoever gets them next looks for the job and starts none.
    package static func withdraw(_ keys: [String], at now: Instant) -> Query<String> {
        Query(
            """
            WITH barred AS (
                UPDATE command
                   SET is_barred = true, state = CASE WHEN state = 'HELD' THEN 'QUEUED' ELSE state END
                 WHERE key = ANY (\(keys)) AND kind = 'LAUNCH'
                   AND (state = 'LEASED' OR (is_unclear AND state IN ('QUEUED', 'HELD', 'READY'))))
            UPDATE command SET state = 'WITHDRAWN', ended_at = \(now)
             WHERE key = ANY (\(keys)) AND state IN ('QUEUED', 'HELD', 'READY')
               AND NOT (is_unclear AND kind = 'LAUNCH')
            RETURNING key
            """
        ) { row in try row.read() }
    }

    /// Keeps back what no spoke has, and says which; what a spoke has is barred, should it come back.
    package static func hold(_ keys: [String]) -> Query<String> {
        Query(
            """
            WITH barred AS (UPDATE command SET is_barred = true WHERE key = ANY (\(keys)) AND state = 'LEASED')
            UPDATE command SET state = 'HELD' WHERE key = ANY (\(keys)) AND state IN ('QUEUED', 'READY')
            RETURNING key
            """
        ) { row in try row.read() }
    }

    /// Gives back what a pause kept.
    package static func release(_ keys: [String]) -> Statement {
        Statement(
            """
            UPDATE command SET is_barred = false, state = CASE WHEN state = 'HELD' THEN 'QUEUED' ELSE state END
             WHERE key = ANY (\(keys)) AND state IN ('QUEUED', 'HELD', 'READY', 'LEASED')
            """
        )
    }

    /// Keeps a launch from every spoke until the transaction ends; nothing where one has it, or may have sent it.
    package static func keepBack(_ key: String) -> Query<String> {
        Query(
            """
            SELECT key FROM command
             WHERE key = \(key) AND state IN ('QUEUED', 'HELD', 'READY') AND NOT is_unclear FOR UPDATE
            """
        ) { row in try row.read() }
    }

    /// Makes a launch that no spoke has another one.
    package static func rewrite(_ key: String, body: String) -> Statement {
        Statement(
            "UPDATE command SET body = \(body) WHERE key = \(key) AND state IN ('QUEUED', 'HELD', 'READY')"
        )
    }
}
