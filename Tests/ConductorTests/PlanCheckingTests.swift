import Ambient
import Conductor
import Contract
import Logging
import PostgreSQL
import Recovery
import Schema
import Store
import TestKit
import Testing

/// The stage's account with a group of servers 1 and 2, and plans 1 to 3 over it.
private struct Checking {
    let stage: Stage
    let group = ProtectionGroup.ID.sample(1)
    let place = Place.sample()

    init(servers: [Int] = [1, 2]) async throws {
        stage = try await Stage()
        try await stage.pool.sync(servers)
        try await stage.pool.execute(
            Statement("UPDATE inventory_sync SET synced_at = \(stage.ambient.now), is_old = false")
        )
        try await ProtectionGroup(
            groupId: group,
            groupName: "Shop",
            description: "",
            place: place,
            sourceServerIds: servers.map { .sample($0) },
            serverSelectionTags: [:],
            createdDate: stage.ambient.now,
            lastModifiedDate: stage.ambient.now,
            createdBy: "ada",
            revision: 1
        ).create(through: stage.pool)
        for number in 1...3 { _ = try await create(plan(number)) }
    }

    func plan(_ number: Int) -> RecoveryPlan {
        RecoveryPlan(
            planId: .sample(number),
            planName: "Plan \(number)",
            description: "",
            ordering: .sequential,
            recoveryTimeObjectiveMinutes: nil,
            recoveryPointObjectiveSeconds: 300,
            owner: nil,
            application: nil,
            waves: [Wave(waveNumber: 0, name: "All", protectionGroupIds: [group])],
            createdDate: stage.ambient.now,
            lastModifiedDate: stage.ambient.now,
            createdBy: "ada",
            revision: 1
        )
    }

    private func create(_ plan: RecoveryPlan) async throws -> [AccountNumber] {
        try await plan.create(through: stage.pool, within: nil, asWritten: plan.waves)
    }

    func standing(_ number: Int) async throws -> RecoveryPlanStanding {
        try #require(try await stage.pool.first(RecoveryPlan.find(.sample(number), within: nil)))
    }

    /// What a spoke of a sound account answers to whatever it is given.
    func answer(launchConfigurations: Bool = true) async throws -> [AgentCommand.Kind] {
        let commands = try await stage.conductor.lease(for: stage.session)
        for command in commands {
            switch command.work {
            case .validateAccess:
                let checks = [AccessCheck(action: "drs:StartRecovery", result: .allowed)]
                try await stage.report([.access(checks), .done], on: command)
            case .checkServers(let look):
                let findings = look.servers.map {
                    ServerFinding(
                        sourceServerId: $0.sourceServerId,
                        hasLaunchConfiguration: launchConfigurations,
                        hasRecoveryPoint: true,
                        foundSnapshotIds: $0.recoverySnapshotIds
                    )
                }
                try await stage.report([.findings(findings), .done], on: command)
            case .syncInventory, .launch, .terminateInstances, .publish:
                Issue.record("\(command.work.kind) was not asked for")
            }
        }
        return commands.map(\.work.kind).sorted { $0.rawValue < $1.rawValue }
    }

    /// Has every plan checked that is due now.
    func settle() async throws {
        let now = stage.ambient.now
        try await stage.pool.execute(
            Statement("UPDATE plan_readiness SET due_at = \(now) WHERE due_at < \(now + .seconds(9))")
        )
        while try await stage.conductor.checkPlans() > 0 {}
    }
}

@Suite(.database(Schema.migrations)) struct `The standing check` {
    @Test func `verifies plans by itself, once spokes have looked`() async throws {
        let checking = try await Checking()
        let conductor = checking.stage.conductor
        try await conductor.prepareChecks()
        try await checking.settle()
        let first = try await checking.standing(1)
        #expect(first.readiness.state == .needsCheck)
        #expect(first.readiness.reasons.map(\.code) == ["ACCESS_NOT_CHECKED", "SERVER_NOT_CHECKED"])
        #expect(try await checking.answer() == [.checkServers, .validateAccess])
        try await checking.settle()
        for number in 1...3 {
            let standing = try await checking.standing(number)
            #expect(standing.readiness == Readiness(state: .verified))
            #expect(standing.checkedAt != nil)
        }
        // Everything is known for hours.
        try await conductor.prepareChecks()
        #expect(try await checking.answer() == [])
        #expect(try await conductor.checkPlans() == 0)
    }

    @Test func `asks for one look at a time, however many replicas prepare`() async throws {
        let checking = try await Checking(servers: Array(1...(Conductor.serversPerLook + 7)))
        let stage = checking.stage
        let replicas = try (0..<4).map { _ in try Stage.conductor(over: stage.database, stage.pool) }
        func prepare() async throws {
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for replica in replicas { tasks.addTask { try await replica.prepareChecks() } }
                try await tasks.waitForAll()
            }
        }
        try await prepare()
        try await prepare()
        let commands = try await stage.conductor.lease(for: stage.session)
        let looks = commands.compactMap { command in
            if case .checkServers(let look) = command.work { look.servers.count } else { Int?.none }
        }
        // A turn of the clock between two replicas may bring one more, never one for each.
        #expect(looks.count < replicas.count)
        #expect(looks.allSatisfy { $0 == Conductor.serversPerLook })
    }

    @Test func `leaves a place alone while a launch is under way there`() async throws {
        let checking = try await Checking()
        _ = try await checking.stage.start(.sample(waves: [1]))
        try await checking.stage.conductor.prepareChecks()
        let kinds = try await checking.stage.conductor.lease(for: checking.stage.session).map(\.work.kind)
        #expect(kinds.contains(.launch) && !kinds.contains(.checkServers))
    }

    @Test func `tells what looks find`() async throws {
        let checking = try await Checking()
        try await checking.stage.conductor.prepareChecks()
        _ = try await checking.answer(launchConfigurations: false)
        try await checking.settle()
        let readiness = try await checking.standing(2).readiness
        #expect(readiness.state == .notReady)
        #expect(readiness.reasons.map(\.code) == ["LAUNCH_CONFIGURATION_MISSING"])
        #expect(readiness.reasons.first?.serverIds == [.sample(1), .sample(2)])
    }

    @Test func `looks again for a recovery point that is pinned afterwards`() async throws {
        let checking = try await Checking()
        try await checking.stage.conductor.prepareChecks()
        _ = try await checking.answer()
        var plan = checking.plan(1)
        let pin = try #require(RecoverySnapshotID(rawValue: "pit-00000000000000001"))
        plan.waves[0].servers = [.init(serverId: .sample(2), impact: .critical, recoverySnapshotId: pin)]
        _ = try await plan.replace(through: checking.stage.pool, within: nil, asWritten: plan.waves, by: "eve") { _ in }
        try await checking.settle()
        #expect(try await checking.standing(1).readiness.reasons.map(\.code) == ["SERVER_NOT_CHECKED"])
        try await checking.stage.conductor.prepareChecks()
        let commands = try await checking.stage.conductor.lease(for: checking.stage.session)
        let command = try #require(commands.first { $0.work.kind == .checkServers })
        #expect(
            command.work
                == .checkServers(CheckServers(servers: [.init(sourceServerId: .sample(2), recoverySnapshotIds: [pin])]))
        )
        let finding = ServerFinding(
            sourceServerId: .sample(2),
            hasLaunchConfiguration: true,
            hasRecoveryPoint: true,
            goneSnapshotIds: [pin]
        )
        try await checking.stage.report([.findings([finding]), .done], on: command)
        try await checking.settle()
        #expect(try await checking.standing(1).readiness.reasons.map(\.code) == ["RECOVERY_POINT_GONE"])
        #expect(try await checking.standing(3).readiness.state == .verified)
    }

    @Test func `takes a failed look for no answer, and does not ask again at once`() async throws {
        let checking = try await Checking()
        try await checking.stage.conductor.prepareChecks()
        for command in try await checking.stage.conductor.lease(for: checking.stage.session) {
            try await checking.stage.report([.failed(.init(code: "AccessDeniedException", message: "no"))], on: command)
        }
        try await checking.stage.conductor.prepareChecks()
        #expect(try await checking.answer() == [])
    }

    @Test func `shows a place that lost its spoke, and one that has it back`() async throws {
        let checking = try await Checking()
        let (stage, now) = (checking.stage, checking.stage.ambient.now)
        try await stage.conductor.prepareChecks()
        _ = try await checking.answer()
        try await checking.settle()
        #expect(try await checking.standing(1).readiness.state == .verified)
        try await stage.pool.execute(
            Statement("UPDATE agent_session SET last_seen_at = \(now - .seconds(3600))")
        )
        try await stage.conductor.prepareChecks()
        #expect(try await stage.conductor.checkPlans() == 3)
        #expect(try await checking.standing(1).readiness.reasons.map(\.code) == ["NO_SPOKE"])
        try await stage.pool.execute(Statement("UPDATE agent_session SET last_seen_at = \(now)"))
        try await stage.conductor.prepareChecks()
        try await checking.settle()
        #expect(try await checking.standing(1).readiness.state == .verified)
    }

    @Test func `looks again when an execution takes the servers, and when it lets them go`() async throws {
        let checking = try await Checking()
        try await checking.stage.conductor.prepareChecks()
        _ = try await checking.answer()
        try await checking.settle()
        _ = try await checking.stage.start(.sample(waves: [2]))
        #expect(try await checking.stage.conductor.checkPlans() == 3)
        #expect(try await checking.standing(2).readiness.reasons.map(\.code) == ["SERVER_CONFLICT"])
        try await checking.stage.perform()
        #expect(try await checking.stage.conductor.checkPlans() == 3)
        #expect(try await checking.standing(2).readiness.state == .verified)
    }

    @Test func `never waits for anybody in the start of an execution`() async throws {
        let checking = try await Checking()
        let held = try await checking.stage.database.connect()
        try await held.script("BEGIN; SELECT plan_id FROM plan_readiness FOR UPDATE")
        _ = try await checking.stage.start(.sample(waves: [2]))
        held.close()
    }

    @Test func `checks each plan once, whoever of many replicas does it`() async throws {
        let checking = try await Checking()
        let stage = checking.stage
        let replicas = try (0..<6).map { _ in try Stage.conductor(over: stage.database, stage.pool) }
        let counts = try await withThrowingTaskGroup(of: Int.self) { tasks in
            for replica in replicas { tasks.addTask { try await replica.checkPlans() } }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
        #expect(counts.reduce(0, +) == 3)
        for number in 1...3 { #expect(try await checking.standing(number).checkedAt != nil) }
    }

    @Test func `is done by another when a replica dies in the middle`() async throws {
        let checking = try await Checking()
        let stage = checking.stage
        // The replica that dies has taken the plans, and looked at them; it stores nothing.
        let taken = try await stage.conductor.takePlans()
        #expect(taken.plans.count == 3)
        let other = try Stage.conductor(over: stage.database, stage.pool)
        #expect(try await other.checkPlans() == 0)
        try await stage.pool.execute(Statement("UPDATE plan_readiness SET due_at = due_at - interval '31 seconds'"))
        #expect(try await other.checkPlans() == 3)
        let checked = try await checking.standing(1)
        #expect(checked.checkedAt != nil)
        // What the dead one was about to store comes too late.
        try await stage.pool.execute(
            PlanReadinessStatements.store(
                Readiness(state: .verified),
                of: taken.plans[0],
                under: taken.lease,
                at: stage.ambient.now
            )
        )
        for number in 1...3 { #expect(try await checking.standing(number).readiness.state != .verified) }
    }

    @Test func `stores what a person's validation finds, unless the plan is changed meanwhile`() async throws {
        let checking = try await Checking()
        let checked = try #require(try await checking.stage.conductor.check(.sample(1), within: nil))
        let standing = try await checking.standing(1)
        #expect(standing.readiness == checked.check.readiness)
        #expect(standing.checkedAt == checked.at)
        #expect(try await checking.stage.conductor.check(.sample(9), within: nil) == nil)
        #expect(try await checking.stage.conductor.checkPlans() == 2)
    }
}
