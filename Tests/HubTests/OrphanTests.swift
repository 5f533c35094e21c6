import Ambient
import Contract
import Hub
import JSON
import NIOHTTP1
import PostgreSQL
import Recovery
import Schema
import Store
import TestKit
import Testing

@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `An orphan` {
    private func instance(
        _ id: String,
        in place: Place,
        isDrill: Bool = true,
        job: String? = nil,
        _ pool: Pool
    ) async throws {
        try await pool.execute(
            Statement(
                """
                INSERT INTO recovery_instance (recovery_instance_id, account_id, region, source_server_id, job_id, is_drill,
                                               state, first_seen_at)
                VALUES (\(id), \(place.accountId), \(place.region), \(SourceServerID.sample(1)), \(job), \(isDrill),
                        'RUNNING', \(Instant.sample))
                """
            )
        )
    }

    @Test func `is a drill's instance of no execution, is seen in its account only, and is terminated once`()
        async throws
    {
        try await HubUnderTest.run { hub in
            let world = try await AccessWorld(hub)
            let pool = try TestDatabase.current.pool()
            defer { pool.close() }
            let owned = "drsjob-owned"
            try await pool.execute(
                Statement("UPDATE execution_job SET job_id = \(owned) WHERE account_id = \(world.here.accountId)")
            )
            try await instance("i-owned", in: world.here, job: owned, pool)
            // A job of that number elsewhere is another job.
            try await instance("i-there", in: world.there, job: owned, pool)
            try await instance("i-here", in: world.here, job: "drsjob-other", pool)
            try await instance("i-recovery", in: world.here, isDrill: false, pool)
            func list(_ token: String) async throws -> [String] {
                let answer = try await hub.ask(.GET, "/api/v1/orphans", token: token)
                return try answer.json["items"]?.array?.compactMap { $0["recoveryInstanceId"]?.string } ?? []
            }
            #expect(try await list(try hub.admin()) == ["i-here", "i-there"])
            let limited = try world.limited(.recoveryManager)
            #expect(try await list(limited) == ["i-here"])
            func terminate(_ id: String, _ token: String) async throws -> HubUnderTest.Answer {
                try await hub.ask(.POST, "/api/v1/orphans/\(id)/terminate", token: token)
            }
            for id in ["i-there", "i-owned", "i-recovery", "i-none"] {
                try hub.expectProblem(try await terminate(id, limited), 404, "NOT_FOUND")
            }
            let begun = try await terminate("i-here", limited)
            #expect(begun.status == 202, "\(begun.said)")
            #expect(try begun.json["termination"]?["state"]?.string == "READY")
            try hub.expectProblem(try await terminate("i-here", limited), 409, "TERMINATION_IN_PROGRESS")
            let commands = Query(
                "SELECT count(*) FROM command WHERE kind = 'TERMINATE_INSTANCES' AND key LIKE 'orphan/i-here/%'",
                as: Int.self
            )
            #expect(try await pool.first(commands) == 1)
            // What an execution that is hidden launched is nobody's.
            try await pool.execute(Statement("UPDATE execution SET hidden_at = \(Instant.sample)"))
            #expect(try await list(limited) == ["i-here", "i-owned"])
        }
    }
}
