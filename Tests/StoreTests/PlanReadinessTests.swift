internal import Ambient
internal import Contract
internal import PostgreSQL
internal import Recovery
internal import Schema
internal import Store
internal import TestKit
internal import Testing

/// Plans 1 (group 1, account 0), 2 (group 2, account 1) and 3 (both), all checked a moment ago and due in half an hour.
private struct Plans {
    let pool: Pool
    let checked = Instant.sample
    /// When what the tests do is done.
    let now = Instant.sample + .seconds(60)

    init() async throws {
        pool = try TestDatabase.current.pool()
        for number in [0, 1] { try await Account.sample(number).create(through: pool, at: .sample) }
        try await pool.sync([1, 2], tags: ["tier": "web"])
        try await pool.sync([3, 4], in: .sample(1))
        try await ProtectionGroup.sample(1, servers: [1, 2]).create(through: pool)
        try await ProtectionGroup.sample(2, servers: [3, 4], in: .sample(1)).create(through: pool)
        for (number, groups) in [(1, [1]), (2, [2]), (3, [1, 2])] {
            var plan = RecoveryPlan.sample(number, groups: groups)
            plan.recoveryPointObjectiveSeconds = 300
            _ = try await plan.create(through: pool, within: nil, asWritten: plan.waves)
        }
        try await verify()
    }

    /// Has every plan checked, so that none is due.
    func verify() async throws {
        for taken in try await pool.run(take(at: checked)) {
            try await pool.execute(
                PlanReadinessStatements.store(Readiness(state: .verified), of: taken, under: nil, at: checked)
            )
        }
    }

    func take(limit: Int = 10, at now: Instant) -> Query<PlanReadinessStatements.Taken> {
        PlanReadinessStatements.take(limit: limit, until: now + .seconds(30), at: now)
    }

    func states() async throws -> [Readiness.State] {
        try await pool.run(RecoveryPlan.list(.init(), sort: .name, after: nil, limit: 9)).map(\.readiness.state)
    }

    /// The plans that are due by a moment.
    func due(by moment: Instant) async throws -> [RecoveryPlan.ID] {
        let due = Query(
            """
            SELECT r.plan_id FROM plan_readiness r JOIN recovery_plan p ON p.plan_id = r.plan_id
             WHERE r.due_at <= \(moment) ORDER BY p.plan_name
            """,
            as: RecoveryPlan.ID.self
        )
        return try await pool.run(due)
    }

    func edit(_ group: ProtectionGroup) async throws {
        var group = group
        group.lastModifiedDate = now
        _ = try await group.replace(through: pool, within: nil) { _ in }
    }

    /// A sync of account 0 that shows servers 1 and 2, as it is changed.
    @discardableResult
    func sync(_ change: (inout InventoryPage) -> Void = { _ in }) async throws -> InventorySync.Changes {
        var page = InventoryPage(
            accountId: Place.sample().accountId,
            region: Place.sample().region,
            syncToken: "token",
            page: 0,
            isLast: true,
            isInitialized: true,
            lookedUp: nil,
            sourceServers: [1, 2].map {
                .init(
                    sourceServerId: .sample($0),
                    hostname: "host-\(SourceServerID.sample($0))",
                    tags: ["tier": "web"],
                    replicationState: "CONTINUOUS",
                    lagSeconds: nil,
                    recoveryInstanceId: nil,
                    lastLaunch: nil
                )
            },
            recoveryInstances: [],
            jobs: [],
            quotas: nil
        )
        change(&page)
        let sync = try #require(InventorySync([page]))
        return try await sync.apply(through: pool, at: now)
    }

    /// The plans that something has put forward.
    func concerned() async throws -> [RecoveryPlan.ID] { try await due(by: now + PlanCheck.settling) }
}

@Suite(.database(Schema.migrations)) struct `The readiness of plans` {
    private static let verified = [Readiness.State.verified, .verified, .verified]

    @Test func `is NEEDS_CHECK until a plan was checked, and due at once`() async throws {
        let plans = try await Plans()
        let new = RecoveryPlan.sample(4)
        _ = try await new.create(through: plans.pool, within: nil, asWritten: new.waves)
        let standing = try #require(try await plans.pool.first(RecoveryPlan.find(.sample(4), within: nil)))
        #expect(standing.readiness == PlanCheck.unchecked)
        #expect(standing.checkedAt == nil)
        #expect(try await plans.due(by: new.lastModifiedDate) == [.sample(4)])
    }

    @Test func `is taken back by an edit of the plan`() async throws {
        let plans = try await Plans()
        #expect(try await plans.states() == Self.verified)
        let plan = RecoveryPlan.sample(1)
        _ = try await plan.replace(through: plans.pool, within: nil, asWritten: plan.waves, by: "eve") { _ in }
        #expect(try await plans.states() == [.needsCheck, .verified, .verified])
        #expect(try await plans.due(by: plans.now) == [.sample(1)])
    }

    @Test func `is taken back by an edit of a group, for each plan that names it`() async throws {
        let plans = try await Plans()
        try await plans.edit(ProtectionGroup.sample(2, servers: [3], in: .sample(1)))
        #expect(try await plans.states() == [.verified, .needsCheck, .needsCheck])
        #expect(try await plans.due(by: plans.now) == [.sample(2), .sample(3)])
    }

    @Test func `is taken back by an edit of an account, and its access is tried again`() async throws {
        let plans = try await Plans()
        try await plans.pool.execute(
            FindingStatements.keep([.init(action: "drs:DescribeJobs", result: .allowed)], in: .sample(), at: .sample)
        )
        _ = try await Account.sample().replace(through: plans.pool, at: plans.now) { _ in }
        #expect(try await plans.states() == [.needsCheck, .verified, .needsCheck])
        let standing = try await plans.pool.run(FindingStatements.standing(of: [.sample()], at: plans.now))
        #expect(standing.map(\.standing.access) == [nil])
    }

    @Test func `is left as it was by an edit that is refused`() async throws {
        let plans = try await Plans()
        let plan = RecoveryPlan.sample(1, groups: [9])
        await #expect(throws: Refusal.self) {
            _ = try await plan.replace(through: plans.pool, within: nil, asWritten: plan.waves, by: "eve") { _ in }
        }
        #expect(try await plans.states() == Self.verified)
        #expect(try await plans.concerned() == [])
    }

    @Test func `stands until the check when another group comes or goes in the place`() async throws {
        let plans = try await Plans()
        try await plans.pool.sync([6])
        var group = ProtectionGroup.sample(3, servers: [6])
        group.lastModifiedDate = plans.now
        try await group.create(through: plans.pool)
        #expect(try await plans.concerned() == [.sample(1), .sample(3)])
        #expect(try await plans.states() == Self.verified)
    }

    @Test func `is not looked at again by a sync in which nothing of it changed`() async throws {
        let plans = try await Plans()
        try await plans.sync()
        let changes = try await plans.sync { page in
            page.sourceServers[0].lagSeconds = 299
            page.sourceServers[1].hostname = "renamed"
        }
        #expect(changes.changed == 2)
        #expect(try await plans.concerned() == [])
    }

    @Test(arguments: ["state", "lag", "gone", "job", "quotas", "place"])
    func `is looked at again by a sync that concerns the plan`(_ change: String) async throws {
        let plans = try await Plans()
        try await plans.sync { page in
            switch change {
            case "state": page.sourceServers[0].replicationState = "STALLED"
            case "lag": page.sourceServers[0].lagSeconds = 301
            case "gone": page.sourceServers.removeLast()
            case "job":
                page.jobs = [
                    .init(
                        jobId: "drsjob-1",
                        type: "LAUNCH",
                        status: "STARTED",
                        startedAt: nil,
                        sourceServerIds: [.sample(2)],
                        commandKey: nil
                    )
                ]
            case "quotas": page.quotas = Quotas(concurrentJobs: 0)
            default:
                page.isInitialized = false
                page.sourceServers = []
            }
        }
        #expect(try await plans.concerned() == [.sample(1), .sample(3)])
        #expect(try await plans.states() == Self.verified)
        // And again by what takes it back.
        for taken in try await plans.pool.run(plans.take(at: plans.now + PlanCheck.settling)) {
            try await plans.pool.execute(
                PlanReadinessStatements.store(Readiness(state: .notReady), of: taken, under: nil, at: plans.checked)
            )
        }
        #expect(try await plans.concerned() == [])
        try await plans.sync { if change == "quotas" { $0.quotas = Quotas() } }
        #expect(try await plans.concerned() == [.sample(1), .sample(3)])
    }

    @Test func `of tag groups is looked at again when tags change`() async throws {
        let plans = try await Plans()
        try await ProtectionGroup.sample(3, tags: ["tier": "mail"]).create(through: plans.pool)
        let plan = RecoveryPlan.sample(4, groups: [3])
        _ = try await plan.create(through: plans.pool, within: nil, asWritten: plan.waves)
        try await plans.verify()
        #expect(try await plans.concerned() == [])
        try await plans.sync { $0.sourceServers[0].tags = ["tier": "mail"] }
        #expect(try await plans.concerned() == [.sample(4)])
    }

    @Test func `is taken to be checked by one of many at a time`() async throws {
        let plans = try await Plans()
        let due = plans.checked + PlanCheck.interval
        let taken = try await withThrowingTaskGroup(of: [PlanReadinessStatements.Taken].self) { tasks in
            for _ in 0..<8 { tasks.addTask { try await plans.pool.run(plans.take(limit: 1, at: due)) } }
            return try await tasks.reduce(into: []) { $0 += $1 }
        }
        #expect(taken.count == 3)
        #expect(Set(taken.map(\.planId)) == [.sample(1), .sample(2), .sample(3)])
        // Who took them died: when the lease is over they are due again.
        #expect(try await plans.pool.run(plans.take(at: due + .seconds(29))).isEmpty)
        #expect(try await plans.pool.run(plans.take(at: due + .seconds(30))).count == 3)
    }

    @Test func `is not stored when the plan changed while it was being checked`() async throws {
        let plans = try await Plans()
        let due = plans.checked + PlanCheck.interval
        let taken = try await plans.pool.run(plans.take(at: due))
        try await plans.pool.execute(PlanReadinessStatements.recheck([.sample(1)], at: due))
        for plan in taken {
            try await plans.pool.execute(
                PlanReadinessStatements.store(
                    Readiness(state: .notReady),
                    of: plan,
                    under: due + .seconds(30),
                    at: due
                )
            )
        }
        #expect(try await plans.states() == [.verified, .notReady, .notReady])
        #expect(try await plans.due(by: due) == [.sample(1)])
    }

    @Test func `is not stored by who lost the plan to another`() async throws {
        let plans = try await Plans()
        let due = plans.checked + PlanCheck.interval
        let lost = try #require(try await plans.pool.run(plans.take(limit: 1, at: due)).first)
        _ = try await plans.pool.run(plans.take(limit: 3, at: due + .seconds(31)))
        try await plans.pool.execute(
            PlanReadinessStatements.store(Readiness(state: .notReady), of: lost, under: due + .seconds(30), at: due)
        )
        #expect(try await plans.states() == Self.verified)
    }

    @Test func `is what a list of plans is narrowed by`() async throws {
        let plans = try await Plans()
        let plan = RecoveryPlan.sample(2, groups: [2])
        _ = try await plan.replace(through: plans.pool, within: nil, asWritten: plan.waves, by: "eve") { _ in }
        func list(_ state: Readiness.State) async throws -> [RecoveryPlan.ID] {
            try await plans.pool.run(
                RecoveryPlan.list(.init(readiness: state), sort: .name, after: nil, limit: 9)
            ).map(\.plan.planId)
        }
        #expect(try await list(.needsCheck) == [.sample(2)])
        #expect(try await list(.verified) == [.sample(1), .sample(3)])
        #expect(try await list(.notReady) == [])
    }
}
