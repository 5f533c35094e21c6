internal import Ambient
internal import Contract
internal import PostgreSQL
internal import Recovery
internal import Schema
internal import Store
internal import TestKit
internal import Testing

@Suite(.database(Schema.migrations)) struct `The inventory` {
    /// Account 0 with servers 1 to 3, of which 1 is in a group; account 1 with server 4.
    private func pool() async throws -> Pool {
        let pool = try TestDatabase.current.pool()
        for number in [0, 1] { try await Account.sample(number).create(through: pool, at: .sample) }
        try await pool.sync([1, 2, 3], tags: ["tier": "Web"])
        try await pool.sync([4], in: .sample(1))
        try await ProtectionGroup.sample(1, servers: [1]).create(through: pool)
        return pool
    }

    private func list(_ filter: SourceServer.Filter, _ pool: Pool) async throws -> [SourceServerID] {
        try await pool.run(SourceServer.list(filter, sort: .number, after: nil, limit: 9)).map(\.sourceServerId)
    }

    @Test func `is narrowed by every filter`() async throws {
        let pool = try await pool()
        let all = [1, 2, 3, 4].map { SourceServerID.sample($0) }
        #expect(try await list(.init(), pool) == all)
        #expect(try await list(.init(isAssigned: true), pool) == [all[0]])
        #expect(try await list(.init(isAssigned: false), pool) == Array(all.dropFirst()))
        #expect(try await list(.init(groupId: .sample(1)), pool) == [all[0]])
        #expect(try await list(.init(serverId: all[1]), pool) == [all[1]])
        #expect(try await list(.init(serverId: all[1], scope: [Place.sample(1).accountId]), pool) == [])
        #expect(try await list(.init(region: Place.sample(1).region), pool) == [all[3]])
        #expect(try await list(.init(accountId: Place.sample(1).accountId), pool) == [all[3]])
        #expect(try await list(.init(scope: [Place.sample(1).accountId]), pool) == [all[3]])
        #expect(try await list(.init(scope: []), pool) == [])
        #expect(try await list(.init(replicationState: "STALLED"), pool) == [])
        #expect(try await list(.init(text: "wEb"), pool) == Array(all.prefix(3)))
        #expect(try await list(.init(text: "000000004"), pool) == [all[3]])
        #expect(try await list(.init(text: "%"), pool) == [])
    }

    /// Tags are looked through as they are kept, where some characters stand otherwise.
    @Test(arguments: [#"a "big" one"#, #"back\slash"#, "tab\there", "Größe", "line\nbreak", "a/b"])
    func `finds a tag by every part of its value, and by none of its name`(value: String) async throws {
        let pool = try TestDatabase.current.pool()
        for number in [0, 1] { try await Account.sample(number).create(through: pool, at: .sample) }
        try await pool.sync([1], tags: ["Needle": value])
        try await pool.sync([2], tags: ["Needle": "other"], in: .sample(1))
        for text in [value, String(value.dropFirst()), String(value.dropLast())] {
            #expect(try await list(.init(text: text), pool) == [.sample(1)], "\(text)")
        }
        #expect(try await list(.init(text: "needle"), pool) == [])
    }

    @Test func `counts each job once in the use of quotas, whoever started it`() async throws {
        let pool = try await pool()
        _ = try await RecoveryPlan.sample(1).create(through: pool, within: nil, asWritten: RecoveryPlan.sample(1).waves)
        try await pool.begin(5, of: 1, claiming: [1])
        let place = Place.sample()
        for (key, servers) in [("seen", 1), ("unseen", 40)] {
            try await pool.execute(
                Query(
                    """
                    INSERT INTO command (command_id, key, kind, account_id, region, execution_id, state, is_recovery,
                                         server_count, body, lease_until, not_before, created_at)
                    VALUES (\(Identifier<Pool>.sample(servers)), \(key), 'LAUNCH', \(place.accountId), \(place.region),
                            \(Execution.ID.sample(5)), 'LEASED', false, \(servers), '', \(Instant.sample),
                            \(Instant.sample), \(Instant.sample))
                    """
                ) as Statement
            )
        }
        for (job, key, servers) in [("drsjob-1", "seen" as String?, [1]), ("drsjob-2", nil, [2, 3])] {
            try await pool.execute(
                Query(
                    """
                    INSERT INTO observed_job (job_id, account_id, region, type, status, source_server_ids, command_key)
                    VALUES (\(job), \(place.accountId), \(place.region), 'LAUNCH', 'STARTED',
                            \(servers.map { SourceServerID.sample($0) }), \(key))
                    """
                ) as Statement
            )
        }
        let uses = try await pool.run(
            SourceServer.quotas(accountId: place.accountId, region: nil, scope: nil, after: nil, limit: 9)
        )
        let use = try #require(uses.first)
        #expect(use.concurrentJobs == .init(used: 3, limit: 20))
        #expect(use.serversInJobs == .init(used: 43, limit: 500))
        #expect(use.totalServers == .init(used: 3, limit: 4000))
        #expect(uses.count == 1)
    }

    @Test func `knows the places that accounts name and those that spokes have seen`() async throws {
        let pool = try await pool()
        let places = try await pool.run(SyncedPlace.all(accountId: nil, region: nil, scope: nil, at: .sample))
        #expect(places.map(\.place) == [.sample(), .sample(1)])
        #expect(places.map(\.isInitialized) == [true, true])
        #expect(places.map(\.isServed) == [false, false])
    }
}

@Suite(.database(Schema.migrations)) struct `A spoke in the list` {
    private func pool(heard: Instant, closed: Instant?, draining: Bool = false) async throws -> Pool {
        let pool = try TestDatabase.current.pool()
        try await Account.sample().create(through: pool, at: .sample)
        let (spoke, session) = (Identifier<Spoke>.sample(1), Identifier<Pool>.sample(2))
        for statement: SQL in [
            """
            INSERT INTO spoke (spoke_id, name, principal, version, is_draining, last_seen_at)
            VALUES (\(spoke), 'east', 'arn', '1', \(draining), \(Instant.sample - .seconds(500)))
            """,
            """
            INSERT INTO agent_session (session_id, spoke_id, token_hash, issued_at, expires_at, last_seen_at, stream_closed_at)
            VALUES (\(session), \(spoke), \([UInt8]()), \(Instant.sample), \(Instant.sample + .seconds(3600)), \(heard), \(closed))
            """,
            """
            INSERT INTO agent_session_account (session_id, account_id, regions)
            VALUES (\(session), \(Place.sample().accountId), \([Place.sample().region]))
            """,
        ] {
            try await pool.execute(Query(statement) as Statement)
        }
        return pool
    }

    private func state(_ pool: Pool) async throws -> Spoke.State? {
        try await pool.first(Spoke.find(.sample(1), within: nil, at: .sample))?.state
    }

    @Test func `is connected while it is heard and its stream is open`() async throws {
        let pool = try await pool(heard: .sample - .seconds(29), closed: nil)
        let spoke = try #require(try await pool.first(Spoke.find(.sample(1), within: nil, at: .sample)))
        #expect(spoke.state == .connected)
        #expect(spoke.accounts.map(\.accountId) == [Place.sample().accountId])
        #expect(spoke.lastSeenAt == .sample - .seconds(29))
        let isServed = try await pool.first(SyncedPlace.isServed(.sample(), at: .sample))
        #expect(isServed == true)
    }

    @Test func `is lost after 30 s of silence`() async throws {
        #expect(try await state(try await pool(heard: .sample - .seconds(31), closed: nil)) == .lost)
    }

    @Test func `is lost 2 s after its stream closed`() async throws {
        let pool = try await pool(heard: .sample, closed: .sample - .seconds(3))
        #expect(try await state(pool) == .lost)
    }

    @Test func `drains while it is connected`() async throws {
        #expect(try await state(try await pool(heard: .sample, closed: nil, draining: true)) == .draining)
    }

    @Test func `is seen only by callers with one of its accounts`() async throws {
        let pool = try await pool(heard: .sample, closed: nil)
        for (scope, isSeen) in [(Place.sample(), true), (.sample(1), false)] {
            let query = Spoke.list(
                account: nil,
                state: nil,
                scope: [scope.accountId],
                after: nil,
                limit: 9,
                at: .sample
            )
            #expect(try await pool.run(query).isEmpty != isSeen)
        }
    }
}
