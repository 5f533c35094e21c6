import Ambient
import Hub
import PostgreSQL
import Schema
import TestKit
import Testing

@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `What the hub keeps` {
    /// One of each that is just too old, and one that is not yet.
    private static let rows: [SQL] = [
        """
        INSERT INTO schedule_run (schedule_id, due_at, decided_at, outcome)
        SELECT schedule_id, due_at, due_at, 'MISSED'
          FROM (SELECT schedule_id FROM schedule LIMIT 1) s, unnest(ARRAY[now() - interval '401 days',
                                                                         now() - interval '399 days']) AS due_at
        """,
        """
        INSERT INTO idempotency_key (principal, path, key, body_hash, status, headers, created_at)
        VALUES ('ada', '/old', 'k', '', 200, '{}', now() - interval '25 hours'),
               ('ada', '/new', 'k', '', 200, '{}', now() - interval '23 hours')
        """,
        """
        INSERT INTO agent_challenge (nonce_hash, region, expires_at)
        VALUES ('old', 'us-east-1', now() - interval '1 second'), ('new', 'us-east-1', now() + interval '1 hour')
        """,
    ]

    @Test func `is forgotten when it is too old, and neither before nor more`() async throws {
        try await HubUnderTest.run { hub in
            _ = try await AccessWorld(hub)
            let database = try TestDatabase.current
            let pool = try database.pool()
            try await pool.execute(Self.rows.map { Statement($0) })
            func count(_ sql: SQL) async throws -> Int { try await pool.first(Query(sql, as: Int.self)) ?? -1 }
            let kept: SQL = """
                SELECT (SELECT count(*) FROM execution) + (SELECT count(*) FROM journal_event)
                       + (SELECT count(*) FROM recovery_plan_version)
                """
            let before = try await count(kept)
            let hubs = try Pool(
                connectionString: database.hubConnectionString,
                size: 1,
                ambient: Ambient(),
                logger: .quiet
            )
            defer { hubs.close() }
            try await Retention(pool: hubs, time: SystemTime(), logger: .quiet).forget()
            #expect(try await count("SELECT count(*) FROM schedule_run") == 1)
            let old: SQL = "SELECT count(*) FROM schedule_run WHERE due_at < now() - interval '400 days'"
            #expect(try await count(old) == 0)
            #expect(try await count("SELECT count(*) FROM idempotency_key WHERE principal = 'ada'") == 1)
            #expect(try await count("SELECT count(*) FROM agent_challenge WHERE expires_at < now()") == 0)
            #expect(try await count("SELECT count(*) FROM agent_challenge WHERE nonce_hash = 'new'") == 1)
            #expect(try await count(kept) == before)
        }
    }
}
