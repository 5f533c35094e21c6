import Ambient
import Conductor
import Contract
import PostgreSQL
import Recovery
import Schema
import Store
import TestKit
import Testing

/// Launches that people take back while nobody knows whether they were sent.
@Suite(.database(Schema.migrations)) struct `A launch that a lost spoke had` {
    private let barred = ProgressEvent.Problem(code: "NOT_STARTED", message: "there is none", isUnclear: false)

    /// Leases the only launch, and loses the spoke that has it.
    private func lose(_ stage: Stage) async throws -> AgentCommand {
        let command = try #require(try await stage.conductor.lease(for: stage.session).first)
        try await stage.pool.execute(
            Statement("UPDATE agent_session SET last_seen_at = last_seen_at - interval '2 hours'")
        )
        return command
    }

    private func findAgain(_ stage: Stage) async throws {
        let late = stage.ambient.now + .seconds(3600)
        try await stage.pool.execute(Statement("UPDATE agent_session SET last_seen_at = \(late)"))
    }

    private func launch(_ stage: Stage) async throws -> (AgentCommand, Launch) {
        try await stage.pool.execute(Statement("UPDATE command SET not_before = created_at"))
        for place in try await stage.pool.run(AdmissionStatements.placesWaiting(at: stage.ambient.now)) {
            let keys = try await stage.pool.run(AdmissionStatements.queue(in: place, at: stage.ambient.now))
            try await stage.pool.execute(AdmissionStatements.admit(keys.map(\.key)))
        }
        let command = try #require(try await stage.conductor.lease(for: stage.session).first)
        guard case .launch(let launch) = command.work else { throw CancellationError() }
        return (command, launch)
    }

    @Test func `is given to no session that is silent, though its stream stands`() async throws {
        let stage = try await Stage()
        _ = try await stage.start(.sample(waves: [1]))
        _ = try await lose(stage)
        _ = try await stage.pool.run(CommandStatements.expireLeases(at: stage.ambient.now))
        #expect(try await stage.conductor.lease(for: stage.session).isEmpty)
        try await findAgain(stage)
        #expect(try await stage.conductor.lease(for: stage.session).count == 1)
    }

    @Test func `is looked for after a cancellation, and cancelled once there is none`() async throws {
        let stage = try await Stage()
        let id = try await stage.start(.sample(waves: [1])).id
        _ = try await lose(stage)
        _ = try await stage.pool.run(CommandStatements.expireLeases(at: stage.ambient.now))
        let cancelled = try await stage.conductor.steer(id, .cancel, .cancelRequested(by: "pat", comment: nil))
        #expect(cancelled.status == .cancelling, "its job may be at DRS")
        try await findAgain(stage)
        let (command, launch) = try await launch(stage)
        #expect(launch.mayStart == false)
        #expect(launch.settleSeconds > 0)
        try await stage.report([.startDeferred(barred)], on: command)
        #expect(try await stage.execution(id).status == .cancelled)
        #expect(try await stage.conductor.lease(for: stage.session).allSatisfy { $0.work.kind != .launch })
    }

    @Test func `is followed after a cancellation where its job is found`() async throws {
        let stage = try await Stage()
        let id = try await stage.start(.sample(waves: [1])).id
        _ = try await lose(stage)
        _ = try await stage.pool.run(CommandStatements.expireLeases(at: stage.ambient.now))
        _ = try await stage.conductor.steer(id, .cancel, .cancelRequested(by: "pat", comment: nil))
        try await findAgain(stage)
        let (command, launch) = try await launch(stage)
        try await stage.report(Stage.success(of: launch, job: "drsjob-1"), on: command)
        let execution = try await stage.execution(id)
        #expect(execution.status == .cancelled)
        #expect(execution.servers.map(\.instanceState) == [.running], "so that the clean-up finds it")
    }

    @Test func `is not started in a pause, and is after it`() async throws {
        let stage = try await Stage()
        let id = try await stage.start(.sample(waves: [1])).id
        _ = try await lose(stage)
        let pausing = try await stage.conductor.steer(id, .pause(.now), .pauseRequested(.now, by: "pat"))
        #expect(pausing.status == .initiated, "a spoke may have it, and start it yet")
        _ = try await stage.pool.run(CommandStatements.expireLeases(at: stage.ambient.now))
        try await findAgain(stage)
        let (command, launch) = try await launch(stage)
        #expect(launch.mayStart == false)
        try await stage.report([.startDeferred(barred)], on: command)
        #expect(try await stage.execution(id).status == .paused)
        let resumed = Execution.Event.resumed(wave: nil, by: "pat", comment: nil)
        _ = try await stage.conductor.steer(id, .resume(wave: nil), resumed)
        let (_, again) = try await self.launch(stage)
        #expect(again.mayStart ?? true)
    }
}
