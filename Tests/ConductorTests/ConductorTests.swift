import Ambient
import Conductor
import Contract
import JSON
import OpenSSL
import PostgreSQL
import Recovery
import Schema
import Store
import TestKit
import Testing

@Suite(.database(Schema.migrations)) struct `A conductor` {
    @Test func `carries a drill of three waves from its start to its clean-up`() async throws {
        let stage = try await Stage()
        let plan = FrozenPlan.sample(waves: [2, 3, 1]) { $0.waves[2].pauseBeforeWave = true }
        let id = try await stage.start(plan).id
        try await stage.perform()
        #expect(try await stage.execution(id).status == .paused)
        let resumed = try await stage.conductor.steer(
            id,
            .resume(wave: nil),
            .resumed(wave: nil, by: "pat", comment: "looks good")
        )
        #expect(resumed.status == .running)
        try await stage.perform()
        let ended = try await stage.execution(id)
        #expect(ended.status == .completed)
        #expect(ended.verdict?.result == .pass)
        #expect(ended.servers.allSatisfy { $0.status == .launched && $0.recoveryInstanceId != nil })
        _ = try await stage.conductor.steer(id, .terminate, .terminationRequested(by: "pat"))
        try await stage.perform()
        #expect(try await stage.execution(id).areInstancesTerminated)
    }

    @Test func `keeps in the rows exactly what its own copy says`() async throws {
        let stage = try await Stage()
        let plan = FrozenPlan.sample(waves: [3, 2])
        let id = try await stage.start(plan).id
        let other = try Stage.conductor(over: stage.database, stage.pool)
        // Two replicas take turns, so that each must notice that its copy is old.
        for conductor in [stage.conductor, other, stage.conductor, other] {
            for command in try await conductor.lease(for: stage.session) {
                guard case .launch(let launch) = command.work else { continue }
                let events = Stage.success(of: launch, job: "drsjob-\(launch.waveNumber)")
                for (offset, event) in events.enumerated() {
                    let turn = offset.isMultiple(of: 2) ? stage.conductor : other
                    try await stage.report([event], on: command, from: offset + 1, by: turn)
                }
            }
        }
        #expect(try await stage.execution(id).status == .completed)
    }

    @Test func `shows what another replica changed since it looked last`() async throws {
        let stage = try await Stage()
        let id = try await stage.start(.sample(waves: [2, 1])).id
        try await stage.perform()
        let other = try Stage.conductor(over: stage.database, stage.pool)
        let first = try #require(try await stage.conductor.reading(id))
        #expect(try await stage.conductor.reading(id)?.execution == first.execution, "nothing has changed")
        _ = try await other.steer(id, .terminate, .terminationRequested(by: "pat"))
        let second = try #require(try await stage.conductor.reading(id))
        #expect(second.version > first.version)
        #expect(second.execution.control.cleanUp?.state == .running)
        #expect(try await second.execution == other.execution(id))
    }

    @Test func `chains the journal so that every event proves the one before`() async throws {
        let stage = try await Stage()
        let id = try await stage.start(.sample(waves: [2, 1])).id
        try await stage.perform()
        let events = try await stage.pool.run(JournalStatements.events(of: id, after: 0, limit: 1000))
        #expect(events.map(\.sequence) == Array(1...events.count))
        var previous = JournalHead.empty.hash
        for event in events {
            #expect(event.hash == Hex.encode(SHA256.digest(Array(event.event.utf8))))
            let document = try JSON(parsing: event.event.utf8)
            #expect(document["previous"]?.string == previous)
            #expect(document.canonicalText == event.event)
            previous = event.hash
        }
    }

    @Test func `acknowledges a repeated report and changes nothing`() async throws {
        let stage = try await Stage()
        let id = try await stage.start(.sample(waves: [2])).id
        let command = try #require(try await stage.conductor.lease(for: stage.session).first)
        guard case .launch(let launch) = command.work else { return #expect(Bool(false), "no launch") }
        let events = Array(Stage.success(of: launch, job: "drsjob-1").dropLast(2))
        try await stage.report(events, on: command)
        let before = try await stage.execution(id)
        let again = try await stage.report(events, on: command)
        #expect(again.acknowledged.map(\.sequence) == [events.count])
        #expect(try await stage.execution(id) == before)
    }

    @Test func `does not store a report that came before the one it follows`() async throws {
        let stage = try await Stage()
        _ = try await stage.start(.sample(waves: [1]))
        let command = try #require(try await stage.conductor.lease(for: stage.session).first)
        // What came before was acknowledged by a database that has gone back since: the spoke cannot say it again.
        let answer = try await stage.report([.done], on: command, from: 3)
        #expect(answer.acknowledged.isEmpty)
        #expect(answer.stale == [.init(commandId: command.commandId, term: command.term)])
    }

    @Test func `calls the reports of an older lease stale`() async throws {
        let stage = try await Stage()
        let id = try await stage.start(.sample(waves: [1])).id
        let first = try #require(try await stage.conductor.lease(for: stage.session).first)
        try await stage.pool.execute(
            Statement("UPDATE agent_session SET last_seen_at = last_seen_at - interval '2 hours'")
        )
        _ = try await stage.pool.run(CommandStatements.expireLeases(at: stage.ambient.now))
        try await stage.pool.execute(
            Statement("UPDATE agent_session SET last_seen_at = \(stage.ambient.now + .seconds(3600))")
        )
        let second = try #require(try await stage.conductor.lease(for: stage.session).first)
        #expect(second.term == first.term + 1)
        guard case .launch(let launch) = second.work else { return #expect(Bool(false), "no launch") }
        #expect(launch.settleSeconds > 0)
        let answer = try await stage.report(Stage.success(of: launch, job: "drsjob-1"), on: first)
        #expect(answer.stale == [.init(commandId: first.commandId, term: first.term)])
        #expect(try await stage.execution(id).servers.allSatisfy { $0.status == .queued })
    }

    @Test func `refuses reports about accounts that the session does not serve`() async throws {
        let stage = try await Stage()
        _ = try await stage.start(.sample(waves: [1]))
        let command = try #require(try await stage.conductor.lease(for: stage.session).first)
        let report = ProgressReport(
            commandId: command.commandId,
            attempt: 1,
            term: 1,
            sequence: 1,
            at: stage.ambient.now,
            event: .done
        )
        await #expect(throws: ForeignCommand.self) {
            try await stage.conductor.record([report], from: stage.session, serving: [])
        }
    }

    @Test func `lets one of many concurrent starts of the same servers through`() async throws {
        let stage = try await Stage()
        let plan = FrozenPlan.sample(waves: [2, 2])
        let outcomes = await withTaskGroup(of: Result<Execution.ID, Refusal>?.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    do {
                        return .success(try await stage.start(plan).id)
                    } catch let refusal as Refusal {
                        return .failure(refusal)
                    } catch {
                        return nil
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let winners = outcomes.compactMap { try? $0?.get() }
        #expect(winners.count == 1)
        for case .failure(let refusal) in outcomes.compactMap({ $0 }) {
            #expect(refusal.code == .serverConflict)
            guard case .conflicts(let conflicts) = refusal.facts else { return #expect(Bool(false), "no conflicts") }
            #expect(conflicts.map(\.id) == winners.map(\.description))
        }
        #expect(outcomes.allSatisfy { $0 != nil })
    }

    @Test func `lets a recovery through a forgotten drill when told to`() async throws {
        let stage = try await Stage()
        let plan = FrozenPlan.sample(waves: [1, 1]) { $0.waves[0].pauseBeforeWave = true }
        let drill = try await stage.start(plan).id
        await #expect(throws: Refusal.self) { try await stage.start(plan, type: .recovery) }
        let recovery = try await stage.start(plan, type: .recovery, cancelsDrills: true).id
        #expect(try await stage.execution(drill).status == .cancelled)
        #expect(try await stage.execution(recovery).status == .paused)
    }

    @Test func `names the DRS job that somebody else runs with a server of the plan`() async throws {
        let stage = try await Stage()
        let plan = FrozenPlan.sample(waves: [2])
        try await stage.pool.execute(
            Statement(
                """
                INSERT INTO observed_job (job_id, account_id, region, type, status, source_server_ids)
                VALUES ('drsjob-foreign', \(Place.sample().accountId), \(Place.sample().region), 'LAUNCH', 'STARTED',
                        \([plan.servers[1].sourceServerId.rawValue]))
                """
            )
        )
        do {
            _ = try await stage.start(plan)
            Issue.record("it started")
        } catch let refusal as Refusal {
            #expect(
                refusal.facts
                    == .conflicts([
                        Conflict(
                            kind: .drsJob,
                            id: "drsjob-foreign",
                            status: "STARTED",
                            serverIds: [plan.servers[1].sourceServerId]
                        )
                    ])
            )
        }
        #expect(try await stage.pool.run(Query("SELECT count(*) FROM execution", as: Int.self)) == [0])
    }

    @Test func `cancels what no spoke has and follows what DRS runs`() async throws {
        let stage = try await Stage()
        let plan = FrozenPlan.sample(waves: [1, 1])
        let id = try await stage.start(plan).id
        let command = try #require(try await stage.conductor.lease(for: stage.session).first)
        guard case .launch(let launch) = command.work else { return #expect(Bool(false), "no launch") }
        let events = Stage.success(of: launch, job: "drsjob-1")
        try await stage.report(Array(events.prefix(2)), on: command)
        let cancelling = try await stage.conductor.steer(id, .cancel, .cancelRequested(by: "pat", comment: nil))
        #expect(cancelling.status == .cancelling)
        try await stage.report(Array(events.dropFirst(2)), on: command, from: 3)
        #expect(try await stage.execution(id).status == .cancelled)
    }

    @Test func `holds queued jobs while it is paused at once and lets them go afterwards`() async throws {
        let stage = try await Stage()
        let id = try await stage.start(.sample(waves: [1])).id
        let held = try await stage.conductor.steer(id, .pause(.now), .pauseRequested(.now, by: "pat"))
        #expect(held.status == .paused)
        #expect(try await stage.conductor.lease(for: stage.session).isEmpty)
        _ = try await stage.conductor.steer(id, .resume(wave: nil), .resumed(wave: nil, by: "pat", comment: nil))
        try await stage.perform()
        #expect(try await stage.execution(id).status == .completed)
    }

    @Test func `tries a refused start again when its time has come`() async throws {
        let stage = try await Stage()
        let id = try await stage.start(.sample(waves: [1])).id
        let command = try #require(try await stage.conductor.lease(for: stage.session).first)
        let refused = ProgressEvent.Problem(code: "ServiceQuotaExceededException", message: "20 jobs are in progress")
        try await stage.report([.startDeferred(refused)], on: command)
        #expect(try await stage.execution(id).servers.allSatisfy { $0.status == .queued })
        let runner = Task { await stage.conductor.run() }
        defer { runner.cancel() }
        try await eventually("the launch is tried again") {
            try await stage.perform()
            return try await stage.execution(id).status == .completed
        }
    }

    @Test func `never lets more jobs go than the quota leaves room for`() async throws {
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
        let plan = FrozenPlan.sample(waves: [8]) { $0.serversPerJob = [Place.sample().description: 1] }
        let id = try await stage.start(plan).id
        #expect(try await stage.conductor.lease(for: stage.session).count == 3)
        #expect(try await stage.conductor.lease(for: stage.session).isEmpty)
        #expect(try await stage.execution(id).jobs.count == 8)
    }

    @Test func `fires a timer once, whichever replica looks first`() async throws {
        let stage = try await Stage()
        let plan = FrozenPlan.sample(waves: [1])
        let id = try await stage.start(plan).id
        let command = try #require(try await stage.conductor.lease(for: stage.session).first)
        guard case .launch(let launch) = command.work else { return #expect(Bool(false), "no launch") }
        try await stage.report(Array(Stage.success(of: launch, job: "drsjob-1").prefix(2)), on: command)
        try await stage.pool.execute(Statement("UPDATE timer SET fires_at = fires_at - interval '1 day'"))
        let replicas = [stage.conductor, try Stage.conductor(over: stage.database, stage.pool)]
        let runners = replicas.map { replica in Task { await replica.run() } }
        defer { for runner in runners { runner.cancel() } }
        try await eventually("the server has timed out") {
            try await stage.execution(id).servers.allSatisfy { $0.status == .failed }
        }
        let events = try await stage.pool.run(JournalStatements.events(of: id, after: 0, limit: 1000))
        #expect(events.count { $0.event.contains("JOB_TIMED_OUT") } == 1)
    }

    @Test func `takes a failed execution up again, and ends it well`() async throws {
        let stage = try await Stage()
        let id = try await stage.start(.sample(waves: [1, 1])).id
        try await stage.fail()
        #expect(try await stage.execution(id).status == .failed)
        try await stage.conductor.retry(.wave(0), of: id, by: "pat")
        let reopened = try await stage.execution(id)
        #expect(reopened.status == .running && reopened.endedAt == nil)
        try await stage.perform()
        let ended = try await stage.execution(id)
        #expect(ended.status == .completed)
        #expect(ended.servers.map(\.attempts) == [2, 1])
    }

    @Test func `does not take up an execution whose servers another one uses by now`() async throws {
        let stage = try await Stage()
        let plan = FrozenPlan.sample(waves: [1, 1])
        let first = try await stage.start(plan).id
        try await stage.fail()
        let second = try await stage.start(plan).id
        let refusal = await #expect(throws: Refusal.self) {
            try await stage.conductor.retry(.wave(0), of: first, by: "pat")
        }
        #expect(refusal?.code == .serverConflict)
        #expect(try await stage.execution(first).status == .failed)
        #expect(try await stage.execution(second).status == .initiated)
    }

    @Test func `goes on without servers that a person skips, and says so`() async throws {
        let stage = try await Stage()
        let id = try await stage.start(.sample(waves: [1, 1])).id
        try await stage.fail()
        try await stage.conductor.skip(.wave(0), of: id, by: "pat", because: "retired")
        try await stage.perform()
        let ended = try await stage.execution(id)
        #expect(ended.status == .partial)
        #expect(ended.servers.map(\.status) == [.skipped, .launched])
    }

    @Test func `renews only the work that the spoke has in hand, and gives what was lost again`() async throws {
        let stage = try await Stage()
        _ = try await stage.start(.sample(waves: [1]))
        let lost = try #require(try await stage.conductor.lease(for: stage.session).first)
        #expect(try await stage.conductor.leased(to: stage.session) == [lost])
        let ends = Query("SELECT lease_until FROM command WHERE key LIKE '%/0/%'", as: Instant.self)
        try await stage.pool.execute(Statement("UPDATE command SET lease_until = \(stage.ambient.now + .seconds(5))"))
        let before = try await stage.pool.run(ends)
        try await stage.conductor.renewLeases(of: stage.session, holding: [])
        #expect(try await stage.pool.run(ends) == before)
        let held = ProgressBatch.Held(commandId: lost.commandId, term: lost.term)
        try await stage.conductor.renewLeases(of: stage.session, holding: [held])
        #expect(try await stage.pool.run(ends) != before)
    }

    @Test func `keeps servers in use until every clean-up of them is over`() async throws {
        let stage = try await Stage()
        let plan = FrozenPlan.sample(waves: [1])
        let first = try await stage.start(plan).id
        try await stage.perform()
        let second = try await stage.start(plan).id
        // The second one has the servers when the first one's clean-up begins, and ends before that is over.
        _ = try await stage.conductor.steer(first, .terminate, .terminationRequested(by: "pat"))
        for command in try await stage.conductor.lease(for: stage.session) {
            guard case .launch(let launch) = command.work else { continue }
            try await stage.report(Stage.success(of: launch, job: "drsjob-2"), on: command)
        }
        #expect(try await stage.execution(second).status == .completed)
        let refusal = await #expect(throws: Refusal.self) { try await stage.start(plan) }
        #expect(refusal?.code == .serverConflict)
        let claims = Query("SELECT execution_id FROM server_claim", as: Execution.ID.self)
        #expect(try await stage.pool.run(claims) == [first])
    }
}
