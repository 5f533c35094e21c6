internal import Ambient
internal import Contract
internal import PostgreSQL
internal import Recovery
internal import Schema
internal import Store
internal import TestKit
internal import Testing

@Suite(.database(Schema.migrations)) struct `A recovery plan` {
    /// Two accounts with a group of two servers each.
    private func pool() async throws -> Pool {
        let pool = try TestDatabase.current.pool()
        try await Account.sample().create(through: pool, at: .sample)
        try await Account.sample(1).create(through: pool, at: .sample)
        try await pool.sync([1, 2])
        try await pool.sync([3, 4], in: .sample(1))
        try await ProtectionGroup.sample(1, servers: [1, 2]).create(through: pool)
        try await ProtectionGroup.sample(2, servers: [3, 4], in: .sample(1)).create(through: pool)
        return pool
    }

    private func create(_ plan: RecoveryPlan, _ pool: Pool) async throws {
        _ = try await plan.create(through: pool, within: nil, asWritten: plan.waves)
    }

    private func find(_ number: Int, _ pool: Pool) async throws -> RecoveryPlanStanding {
        try #require(try await pool.first(RecoveryPlan.find(.sample(number), within: nil)))
    }

    @Test func `comes back as it was saved, with its servers counted`() async throws {
        let pool = try await pool()
        var plan = RecoveryPlan.sample(1, groups: [1, 2])
        plan.waves[0].serverIds = [.sample(1)]
        plan.waves[0].servers = [.init(serverId: .sample(1), impact: .optional, recoverySnapshotId: nil)]
        plan.waves[1].dependsOnWaves = [0]
        try await create(plan, pool)
        let standing = try await find(1, pool)
        #expect(standing.plan == plan)
        #expect(standing.totalServers == 3)
        #expect(standing.readiness == PlanCheck.unchecked)
        #expect(standing.conflict == nil)
        #expect(standing.latestExecution == nil)
    }

    @Test func `keeps every version it ever had`() async throws {
        let pool = try await pool()
        var plan = RecoveryPlan.sample(1)
        try await create(plan, pool)
        plan.description = "changed"
        let changed = try await plan.replace(through: pool, within: nil, asWritten: plan.waves, by: "eve") { _ in }
        #expect(changed?.new == 2)
        let removed = try await RecoveryPlan.remove(.sample(1), through: pool, within: nil) { _ in }
        #expect(removed?.revision == 2)
        let versions = try await pool.run(
            Query(
                "SELECT revision, body::jsonb->>'description', saved_by FROM recovery_plan_version ORDER BY revision",
                as: Int.self,
                String.self,
                String.self
            )
        )
        #expect(versions.map(\.0) == [1, 2])
        #expect(versions.map(\.1) == ["", "changed"])
        #expect(versions.map(\.2) == ["ada", "eve"])
    }

    @Test func `is judged by the groups that the caller may see`() async throws {
        let pool = try await pool()
        let plan = RecoveryPlan.sample(1, groups: [1, 2])
        await #expect {
            _ = try await plan.create(through: pool, within: [Place.sample().accountId], asWritten: plan.waves)
        } throws: {
            ($0 as? Refusal)?.code == .unknownGroup
        }
    }

    @Test func `has a name of its own before any rule is judged`() async throws {
        let pool = try await pool()
        try await create(.sample(1), pool)
        var other = RecoveryPlan.sample(2, groups: [9])
        other.planName = "PLAN 1"
        await #expect { try await create(other, pool) } throws: { ($0 as? Refusal)?.code == .nameTaken }
    }

    @Test func `of several accounts is seen from each, but changed only from all`() async throws {
        let pool = try await pool()
        let plan = RecoveryPlan.sample(1, groups: [1, 2])
        try await create(plan, pool)
        for place in [Place.sample(), .sample(1)] {
            #expect(try await pool.first(RecoveryPlan.find(.sample(1), within: [place.accountId])) != nil)
            await #expect {
                _ = try await RecoveryPlan.remove(.sample(1), through: pool, within: [place.accountId]) { _ in }
            } throws: {
                ($0 as? Refusal)?.code == .outsideScope
            }
        }
        let elsewhere = [Place.sample(5).accountId]
        #expect(try await pool.first(RecoveryPlan.find(.sample(1), within: elsewhere)) == nil)
        #expect(try await RecoveryPlan.remove(.sample(1), through: pool, within: elsewhere) { _ in } == nil)
    }

    @Test func `shows what uses its servers and cannot be changed while it runs`() async throws {
        let pool = try await pool()
        try await create(.sample(1), pool)
        try await create(.sample(2), pool)
        try await pool.begin(5, of: 1, claiming: [1, 2])
        for plan in [1, 2] {
            let conflict = try #require(try await find(plan, pool).conflict)
            #expect(conflict.conflictingExecutionId == Execution.ID.sample(5).description)
            #expect(conflict.conflictingStatus == "RUNNING")
            #expect(conflict.conflictingServers == [.sample(1), .sample(2)])
        }
        #expect(try await find(1, pool).latestExecution?.executionId == .sample(5))
        #expect(try await find(2, pool).latestExecution == nil)
        await #expect {
            _ = try await RecoveryPlan.remove(.sample(1), through: pool, within: nil) { _ in }
        } throws: {
            ($0 as? Refusal)?.facts == .execution(.sample(5))
        }
        #expect(try await RecoveryPlan.remove(.sample(2), through: pool, within: nil) { _ in } != nil)
    }

    @Test func `shows a job that somebody else started with its servers`() async throws {
        let pool = try await pool()
        try await create(.sample(1), pool)
        try await pool.execute(
            Query(
                """
                INSERT INTO observed_job (job_id, account_id, region, type, status, source_server_ids)
                VALUES ('drsjob-1', \(Place.sample().accountId), \(Place.sample().region), 'LAUNCH', 'STARTED',
                        \([SourceServerID.sample(2), .sample(8)]))
                """
            ) as Statement
        )
        let conflict = try #require(try await find(1, pool).conflict)
        #expect(conflict.conflictingExecutionId == "drsjob-1")
        #expect(conflict.conflictingServers == [.sample(2)])
    }

    @Test func `is gathered for a start as its groups are now, and refused when a server would be recovered twice`()
        async throws
    {
        let pool = try await pool()
        try await pool.sync([6], tags: ["tier": "web"])
        try await ProtectionGroup.sample(3, tags: ["tier": "web"]).create(through: pool)
        var plan = RecoveryPlan.sample(1, groups: [1, 3])
        plan.waves[0].serverIds = [.sample(2)]
        try await create(plan, pool)
        func gather() async throws -> GatheredPlan {
            let gathered = try await pool.transaction { transaction in
                try await RecoveryPlan.gather(.sample(1), within: nil, in: transaction, locking: true)
            }
            return try #require(gathered)
        }
        let frozen = try await gather().frozen()
        #expect(frozen.waves.map { $0.servers.map(\.sourceServerId) } == [[.sample(2)], [.sample(6)]])
        // Somebody gives the listed server's place in the group to the tags of another wave.
        _ = try await ProtectionGroup.sample(1, servers: [1]).replace(through: pool, within: nil) { _ in }
        await #expect { _ = try await gather().frozen() } throws: { ($0 as? Refusal)?.code == .ruleBroken }
    }

    @Test(arguments: RecoveryPlan.Sort.allCases)
    func `stands once in the pages of a list, in every order`(_ sort: RecoveryPlan.Sort) async throws {
        let pool = try await pool()
        for number in 1...7 { try await create(.sample(number), pool) }
        var seen: [RecoveryPlan] = []
        var last: (String, RecoveryPlan.ID)?
        repeat {
            let page = try await pool.run(RecoveryPlan.list(RecoveryPlan.Filter(), sort: sort, after: last, limit: 3))
            seen += page.map(\.plan)
            last = page.count < 3 ? nil : page.last.map { ($0.plan.planName, $0.plan.planId) }
        } while last != nil
        let sorted: [RecoveryPlan] =
            switch sort {
            case .newest: seen.sorted { $0.planId > $1.planId }
            case .oldest: seen.sorted { $0.planId < $1.planId }
            case .name: seen.sorted { $0.planName < $1.planName }
            case .nameDescending: seen.sorted { $0.planName > $1.planName }
            }
        #expect(seen.map(\.planId) == sorted.map(\.planId))
        #expect(Set(seen.map(\.planId)).count == 7)
    }
}
