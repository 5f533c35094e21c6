import Ambient
import Conductor
import Contract
import PostgreSQL
import Recovery
import Schema
import Store
import TestKit
import Testing

@Suite(.database(Schema.migrations)) struct `A launch that waits` {
    /// DRS works on an execution of one of its own plans, with these servers.
    private func native(_ servers: [SourceServerID]?, on stage: Stage) async throws {
        let executions = servers.map { servers in
            servers.isEmpty
                ? []
                : [
                    InventoryPage.NativeExecution(
                        executionArn: "arn:aws:drs:us-east-1:111122223333:recovery-plan-execution/rpe-1",
                        planArn: nil,
                        planName: "Payroll",
                        status: "IN_PROGRESS",
                        startedAt: nil,
                        sourceServerIds: servers
                    )
                ]
        }
        try await stage.pool.execute(
            NativeExecutionStatements.observe(executions, in: .sample(), at: stage.ambient.now)
        )
    }

    private func kinds(_ id: Execution.ID, on stage: Stage, of wanted: [String]) async throws -> [String] {
        let events = try await stage.pool.run(JournalStatements.events(of: id, after: 0, limit: 1000))
        return events.compactMap { event in wanted.first { event.event.contains(#""kind":"\#($0)""#) } }
    }

    @Test func `is refused by the name of the native plan that uses its servers, until that has ended`() async throws {
        let stage = try await Stage()
        let plan = FrozenPlan.sample(waves: [2])
        try await native([plan.servers[1].sourceServerId, .sample(9)], on: stage)
        let refusal = await #expect(throws: Refusal.self) { try await stage.start(plan) }
        let conflict = Conflict(
            kind: .nativePlan,
            id: "arn:aws:drs:us-east-1:111122223333:recovery-plan-execution/rpe-1",
            status: "IN_PROGRESS",
            planName: "Payroll",
            serverIds: [plan.servers[1].sourceServerId]
        )
        #expect(refusal?.facts == .conflicts([conflict]))
        #expect(try await stage.pool.run(Query("SELECT count(*) FROM execution", as: Int.self)) == [0])
        // A look that could not ask changes nothing; one that finds none does.
        try await native(nil, on: stage)
        await #expect(throws: Refusal.self) { try await stage.start(plan) }
        try await native([], on: stage)
        let id = try await stage.start(plan).id
        try await stage.perform()
        #expect(try await stage.execution(id).status == .completed)
    }

    @Test func `does not stand behind what nobody could ask about for long`() async throws {
        let stage = try await Stage()
        let plan = FrozenPlan.sample(waves: [1])
        try await native(plan.servers.map(\.sourceServerId), on: stage)
        try await stage.pool.execute(Statement("UPDATE native_execution SET seen_at = seen_at - interval '11 minutes'"))
        try await native(nil, on: stage)
        _ = try await stage.start(plan)
    }

    @Test func `waits for a native plan by name during an execution, and goes on after it`() async throws {
        let stage = try await Stage()
        let plan = FrozenPlan.sample(waves: [1, 1])
        let id = try await stage.start(plan).id
        try await native([plan.servers[1].sourceServerId], on: stage)
        try await stage.perform()
        #expect(try await stage.conductor.lease(for: stage.session).isEmpty)
        let reading = try #require(try await stage.conductor.reading(id))
        let key = try #require(reading.execution.jobs.values.first { $0.waveNumber == 1 }?.key)
        guard case .launch(let wait) = reading.waiting[key] else { return #expect(Bool(false), "it does not wait") }
        #expect(wait.kind == .conflict && wait.code == "NATIVE_PLAN")
        #expect(wait.text.contains("(Payroll), which is IN_PROGRESS, uses \(plan.servers[1].sourceServerId)"))
        let runner = Task { await stage.conductor.run() }
        defer { runner.cancel() }
        let wanted = ["JOB_WAITING", "JOB_WAIT_OVER"]
        try await eventually("the journal says so") {
            try await kinds(id, on: stage, of: wanted) == ["JOB_WAITING"]
        }
        try await native([], on: stage)
        try await eventually("it goes on") {
            try await stage.perform()
            return try await stage.execution(id).status == .completed
        }
        #expect(try await kinds(id, on: stage, of: wanted) == wanted)
    }

    @Test func `says in figures who has the jobs, and once in the journal`() async throws {
        let stage = try await Stage()
        try await stage.pool.execute(
            Statement(
                """
                INSERT INTO observed_job (job_id, account_id, region, type, status, source_server_ids)
                SELECT 'drsjob-' || number, \(Place.sample().accountId), \(Place.sample().region), 'LAUNCH', 'STARTED',
                       ARRAY['s-9999999999999' || (1000 + number)] FROM generate_series(1, 17) AS number
                """
            )
        )
        let plan = FrozenPlan.sample(waves: [5]) { $0.serversPerJob = [Place.sample().description: 1] }
        let id = try await stage.start(plan).id
        let waiting = try #require(try await stage.conductor.reading(id)).waiting.values
        let text = "queued: 17 of 20 jobs in use by others, 3 by this execution"
        #expect(
            Set(waiting) == [
                .launch(
                    LaunchWait(
                        .quota,
                        code: "CONCURRENT_JOBS",
                        text: text,
                        use: .init(limit: 20, byOthers: 17, byThis: 3, needed: 1)
                    )
                )
            ]
        )
        #expect(waiting.count == 2)
        let runner = Task { await stage.conductor.run() }
        defer { runner.cancel() }
        try await eventually("the journal says so of both") {
            try await kinds(id, on: stage, of: ["JOB_WAITING"]).count == 2
        }
        try await eventually("all launch") {
            try await stage.perform()
            return try await stage.execution(id).status == .completed
        }
        #expect(try await kinds(id, on: stage, of: ["JOB_WAITING", "JOB_WAIT_OVER"]).count == 4)
    }
}

@Suite(.database(Schema.migrations)) struct `A recovery point that a person replaces` {
    private static let pinned = RecoverySnapshotID(rawValue: "pit-00000000000000001")
    private static let other = RecoverySnapshotID(rawValue: "pit-00000000000000002")

    private func launch(_ stage: Stage) async throws -> (AgentCommand, Launch) {
        // An execution that ends has the inventory looked at, too.
        for command in try await stage.conductor.lease(for: stage.session) {
            if case .launch(let launch) = command.work { return (command, launch) }
        }
        throw UnknownExecution(id: .sample(0))
    }

    private func replace(
        _ server: SourceServerID,
        by snapshot: RecoverySnapshotID?,
        of id: Execution.ID,
        on stage: Stage
    ) async throws {
        try await stage.conductor.replaceRecoveryPoint(
            of: server,
            by: snapshot,
            in: id,
            person: "pat",
            because: "encrypted"
        )
    }

    @Test func `is what the spoke is told, of a queued job and of one to come`() async throws {
        let stage = try await Stage()
        let plan = FrozenPlan.sample(waves: [2, 1]) { $0.waves[0].servers[0].recoverySnapshotId = Self.pinned }
        let servers = plan.servers.map(\.sourceServerId)
        let id = try await stage.start(plan).id
        try await replace(servers[0], by: nil, of: id, on: stage)
        try await replace(servers[1], by: Self.other, of: id, on: stage)
        try await replace(servers[2], by: Self.pinned, of: id, on: stage)
        let (command, first) = try await launch(stage)
        #expect(first.servers.map(\.recoverySnapshotId) == [nil, Self.other])
        // A spoke has it: what is on its way cannot be changed, and nothing half is.
        let refusal = await #expect(throws: Refusal.self) {
            try await replace(servers[0], by: Self.other, of: id, on: stage)
        }
        #expect(refusal?.code == .serverStarted)
        #expect(try await stage.execution(id).recoveryPoint(of: servers[0]) == .latest)
        try await stage.report(Stage.success(of: first, job: "drsjob-1"), on: command)
        let (_, second) = try await launch(stage)
        #expect(second.servers.map(\.recoverySnapshotId) == [Self.pinned])
        let replica = try Stage.conductor(over: stage.database, stage.pool)
        let restored = try #require(try await replica.execution(id))
        #expect(restored.recoveryPoint(of: servers[2]).snapshot == Self.pinned, "another replica reads the same")
    }

    @Test func `is not replaced where the launch may have been sent`() async throws {
        let stage = try await Stage()
        let plan = FrozenPlan.sample(waves: [1])
        let id = try await stage.start(plan).id
        let (command, _) = try await launch(stage)
        let unclear = ProgressEvent.Problem(code: "OUTCOME_UNCLEAR", message: "no answer", isUnclear: true)
        try await stage.report([.startDeferred(unclear)], on: command)
        let refusal = await #expect(throws: Refusal.self) {
            try await replace(plan.servers[0].sourceServerId, by: Self.other, of: id, on: stage)
        }
        #expect(refusal?.code == .serverStarted)
    }

    @Test func `is what a retry launches from`() async throws {
        let stage = try await Stage()
        let plan = FrozenPlan.sample(waves: [1]) { $0.waves[0].servers[0].recoverySnapshotId = Self.pinned }
        let server = plan.servers[0].sourceServerId
        let id = try await stage.start(plan).id
        try await stage.fail()
        #expect(try await stage.execution(id).status == .failed)
        try await replace(server, by: Self.other, of: id, on: stage)
        try await stage.conductor.retry(.server(server), of: id, by: "pat")
        let (_, again) = try await launch(stage)
        #expect(again.servers.map(\.recoverySnapshotId) == [Self.other])
    }
}
