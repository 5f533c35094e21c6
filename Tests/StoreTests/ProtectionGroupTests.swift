internal import Ambient
internal import Contract
internal import PostgreSQL
internal import Recovery
internal import Schema
internal import Store
internal import TestKit
internal import Testing

@Suite(.database(Schema.migrations)) struct `A protection group` {
    private func pool(servers: [Int] = [], tags: [String: String] = [:]) async throws -> Pool {
        let pool = try TestDatabase.current.pool()
        try await Account.sample().create(through: pool, at: .sample)
        try await pool.sync(servers, tags: tags)
        return pool
    }

    private func find(_ number: Int, _ pool: Pool) async throws -> ProtectionGroupView? {
        try await pool.first(ProtectionGroup.find(.sample(number), within: nil))
    }

    private func refusal(_ body: () async throws -> Void) async throws -> Refusal? {
        do {
            try await body()
            return nil
        } catch let refusal as Refusal {
            return refusal
        }
    }

    @Test func `has the servers that it lists`() async throws {
        let pool = try await pool(servers: [1, 2, 3])
        try await ProtectionGroup.sample(1, servers: [2, 1]).create(through: pool)
        let group = try #require(try await find(1, pool))
        #expect(group.sourceServerIds == [.sample(1), .sample(2)])
        #expect(group.serverCount == 2)
        #expect(group.revision == 1)
        let servers = try await pool.run(SourceServer.members(of: [.sample(1)]))
        #expect(servers.map(\.assignment) == [.assigned, .assigned])
        #expect(servers.map(\.groupName) == ["Group 1", "Group 1"])
    }

    @Test func `does not take a server from another, and says who holds it`() async throws {
        let pool = try await pool(servers: [1, 2])
        try await ProtectionGroup.sample(1, servers: [1]).create(through: pool)
        let refusal = try await refusal { try await ProtectionGroup.sample(2, servers: [1, 2]).create(through: pool) }
        #expect(refusal?.code == .serverAssigned)
        #expect(
            refusal?.facts
                == .assignments([.init(serverId: .sample(1), groupId: .sample(1), groupName: "Group 1")])
        )
        #expect(try await find(2, pool) == nil)
    }

    @Test func `wins a server alone, however many groups want it at once`() async throws {
        let pool = try await pool(servers: [1])
        let winners = await withTaskGroup(of: Bool.self) { tasks in
            for number in 1...12 {
                tasks.addTask {
                    do {
                        try await ProtectionGroup.sample(number, servers: [1]).create(through: pool)
                        return true
                    } catch let refusal as Refusal {
                        #expect(refusal.code == .serverAssigned)
                    } catch {
                        Issue.record("\(error)")
                    }
                    return false
                }
            }
            return await tasks.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(winners == 1)
    }

    @Test func `has a name of its own, without regard to case, free again once it is deleted`() async throws {
        let pool = try await pool(servers: [1, 2])
        try await ProtectionGroup.sample(1, servers: [1]).create(through: pool)
        var other = ProtectionGroup.sample(2, servers: [2])
        other.groupName = "GROUP 1"
        #expect(try await refusal { try await other.create(through: pool) }?.code == .nameTaken)
        _ = try await ProtectionGroup.remove(.sample(1), through: pool, within: nil, at: .sample) { _ in }
        #expect(try await refusal { try await other.create(through: pool) } == nil)
    }

    @Test func `names every server that the inventory of its place does not know`() async throws {
        let pool = try await pool(servers: [1])
        try await Account.sample(1).create(through: pool, at: .sample)
        try await pool.sync([7], in: .sample(1))
        await #expect(throws: UnknownServers(servers: [.sample(9), .sample(7)])) {
            try await ProtectionGroup.sample(1, servers: [9, 1, 7]).create(through: pool)
        }
        #expect(try await find(1, pool) == nil)
    }

    @Test func `needs an account and a Region that are registered`() async throws {
        let pool = try await pool(servers: [1])
        let elsewhere = ProtectionGroup.sample(1, tags: ["a": "b"], in: .sample(3))
        #expect(try await refusal { try await elsewhere.create(through: pool) }?.code == .unknownAccount)
        var region = ProtectionGroup.sample(1, tags: ["a": "b"])
        region.place = Place(accountId: Place.sample().accountId, region: Place.sample(1).region)
        #expect(try await refusal { try await region.create(through: pool) }?.code == .unknownRegion)
    }

    @Test func `lets servers go and takes others when it is replaced`() async throws {
        let pool = try await pool(servers: [1, 2, 3])
        try await ProtectionGroup.sample(1, servers: [1, 2]).create(through: pool)
        let other = ProtectionGroup.sample(1, servers: [2, 3])
        let revisions = try await other.replace(through: pool, within: nil) { _ in }
        #expect(revisions?.old == 1)
        #expect(revisions?.new == 2)
        #expect(try await find(1, pool)?.sourceServerIds == [.sample(2), .sample(3)])
        #expect(try await ProtectionGroup.sample(8).replace(through: pool, within: nil) { _ in } == nil)
    }

    @Test func `is not replaced while an execution of a plan that names it runs`() async throws {
        let pool = try await pool(servers: [1])
        try await ProtectionGroup.sample(1, servers: [1]).create(through: pool)
        _ = try await RecoveryPlan.sample(1).create(through: pool, within: nil, asWritten: RecoveryPlan.sample(1).waves)
        try await pool.begin(5, of: 1, claiming: [1])
        let refusal = try await refusal {
            _ = try await ProtectionGroup.sample(1, servers: [1]).replace(through: pool, within: nil) { _ in }
        }
        #expect(refusal?.code == .groupInActiveExecution)
        #expect(refusal?.facts == .execution(.sample(5)))
    }

    @Test func `is not deleted while a plan names it`() async throws {
        let pool = try await pool(servers: [1])
        try await ProtectionGroup.sample(1, servers: [1]).create(through: pool)
        _ = try await RecoveryPlan.sample(1).create(through: pool, within: nil, asWritten: RecoveryPlan.sample(1).waves)
        let refusal = try await refusal {
            _ = try await ProtectionGroup.remove(.sample(1), through: pool, within: nil, at: .sample) { _ in }
        }
        #expect(refusal?.code == .groupInUse)
        #expect(refusal?.facts == .plans([.init(planId: .sample(1), planName: "Plan 1")]))
        #expect(try await find(1, pool)?.usedByPlans == [PlanReference(planId: .sample(1), planName: "Plan 1")])
    }

    @Test func `of tags picks what nobody holds, and lists what others hold as conflicts`() async throws {
        let pool = try await pool(servers: [1, 2, 3], tags: ["tier": "web", "app": "shop"])
        try await pool.sync([4], tags: ["tier": "web"])
        try await ProtectionGroup.sample(1, servers: [1]).create(through: pool)
        try await ProtectionGroup.sample(2, tags: ["tier": "web", "app": "shop"]).create(through: pool)
        let group = try #require(try await find(2, pool))
        #expect(group.sourceServerIds == [.sample(2), .sample(3)])
        #expect(group.conflicts == [ServerHolder(serverId: .sample(1), groupId: .sample(1), groupName: "Group 1")])
        // The holder goes, and its server with it.
        _ = try await ProtectionGroup.remove(.sample(1), through: pool, within: nil, at: .sample) { _ in }
        let after = try #require(try await find(2, pool))
        #expect(after.sourceServerIds == [.sample(1), .sample(2), .sample(3)])
        #expect(after.conflicts.isEmpty)
        // Other tags, other members.
        _ = try await ProtectionGroup.sample(2, tags: ["app": "none"]).replace(through: pool, within: nil) { _ in }
        #expect(try await find(2, pool)?.sourceServerIds == [])
    }

    @Test func `outside the caller's scope is not there`() async throws {
        let pool = try await pool(servers: [1])
        try await ProtectionGroup.sample(1, servers: [1]).create(through: pool)
        let elsewhere = [Place.sample(3).accountId]
        #expect(try await pool.first(ProtectionGroup.find(.sample(1), within: elsewhere)) == nil)
        #expect(try await pool.first(ProtectionGroup.find(.sample(1), within: [Place.sample().accountId])) != nil)
        let removed = try await ProtectionGroup.remove(.sample(1), through: pool, within: elsewhere, at: .sample) { _ in
        }
        #expect(removed == nil)
        let filter = ProtectionGroup.Filter(scope: elsewhere)
        #expect(try await pool.run(ProtectionGroup.list(filter, sort: .newest, after: nil, limit: 9)).isEmpty)
    }

    @Test func `is found by the plan that names it`() async throws {
        let pool = try await pool(servers: [1, 2])
        for number in [1, 2] { try await ProtectionGroup.sample(number, servers: [number]).create(through: pool) }
        _ = try await RecoveryPlan.sample(1).create(through: pool, within: nil, asWritten: RecoveryPlan.sample(1).waves)
        func list(_ plan: RecoveryPlan.ID) async throws -> [ProtectionGroup.ID] {
            let filter = ProtectionGroup.Filter(planId: plan)
            return try await pool.run(ProtectionGroup.list(filter, sort: .name, after: nil, limit: 9)).map(\.groupId)
        }
        #expect(try await list(.sample(1)) == [.sample(1)])
        #expect(try await list(.sample(2)) == [])
    }

    @Test(arguments: ProtectionGroup.Sort.allCases)
    func `stands once in the pages of a list, in every order`(_ sort: ProtectionGroup.Sort) async throws {
        let pool = try await pool()
        for number in 1...7 {
            try await ProtectionGroup.sample(number, tags: ["none": "such"]).create(through: pool)
        }
        var seen: [ProtectionGroupView] = []
        var last: (String, ProtectionGroup.ID)?
        repeat {
            let page = try await pool.run(
                ProtectionGroup.list(ProtectionGroup.Filter(), sort: sort, after: last, limit: 3)
            )
            seen += page
            last = page.count < 3 ? nil : page.last.map { ($0.groupName, $0.groupId) }
        } while last != nil
        let sorted: [ProtectionGroupView] =
            switch sort {
            case .newest: seen.sorted { $0.groupId > $1.groupId }
            case .oldest: seen.sorted { $0.groupId < $1.groupId }
            case .name: seen.sorted { $0.groupName < $1.groupName }
            case .nameDescending: seen.sorted { $0.groupName > $1.groupName }
            }
        #expect(seen.map(\.groupId) == sorted.map(\.groupId))
        #expect(Set(seen.map(\.groupId)).count == 7)
    }
}
