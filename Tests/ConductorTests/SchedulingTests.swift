import Ambient
import Audit
import Conductor
import PostgreSQL
import Recovery
import Schema
import Store
import TestKit
import Testing

/// The stage's account with a group, a plan over it, and a schedule whose time has come.
private struct Scheduling {
    let stage: Stage
    let now: Instant

    init(_ change: (inout Schedule) -> Void = { _ in }) async throws {
        stage = try await Stage()
        now = stage.ambient.now
        try await stage.pool.sync([1, 2])
        try await ProtectionGroup(
            groupId: .sample(1),
            groupName: "Shop",
            description: "",
            place: .sample(),
            sourceServerIds: [.sample(1), .sample(2)],
            serverSelectionTags: [:],
            createdDate: now,
            lastModifiedDate: now,
            createdBy: "ada",
            revision: 1
        ).create(through: stage.pool)
        let plan = RecoveryPlan(
            planId: .sample(1),
            planName: "Plan",
            description: "",
            ordering: .sequential,
            recoveryTimeObjectiveMinutes: nil,
            recoveryPointObjectiveSeconds: nil,
            owner: nil,
            application: nil,
            waves: [Wave(waveNumber: 0, name: "All", protectionGroupIds: [.sample(1)])],
            createdDate: now,
            lastModifiedDate: now,
            createdBy: "ada",
            revision: 1
        )
        _ = try await plan.create(through: stage.pool, within: nil, asWritten: plan.waves)
        try await stage.pool.execute(try schedule(change).insert(due: now))
    }

    func schedule(_ change: (inout Schedule) -> Void = { _ in }) throws -> Schedule {
        var schedule = Schedule(
            scheduleId: .sample(7),
            scheduleName: "Nightly",
            planId: .sample(1),
            description: "the nightly drill",
            cron: try CronExpression("0 * * * *"),
            timeZone: "UTC",
            isEnabled: true,
            blackouts: [],
            whenBusy: .wait,
            whenMissed: .start,
            patienceMinutes: 60,
            cleanUpAfterHours: 3,
            createdDate: now,
            lastModifiedDate: now,
            createdBy: "ada",
            revision: 1
        )
        change(&schedule)
        return schedule
    }

    static let zones: Conductor.Zones = { $0 == "UTC" ? UTC() : nil }

    @discardableResult
    func look(by conductor: Conductor? = nil) async throws -> Int {
        try await (conductor ?? stage.conductor).startScheduled(Self.zones)
    }

    func runs() async throws -> [ScheduledRun] {
        try await stage.pool.run(ScheduledRun.list(of: .sample(7), before: nil, limit: 10))
    }

    func standing() async throws -> ScheduleStanding {
        try #require(try await stage.pool.first(Schedule.find(.sample(7))))
    }

    /// Makes whatever waits due now.
    func hurry() async throws {
        try await stage.pool.execute(Statement("UPDATE schedule SET look_at = \(now) WHERE look_at IS NOT NULL"))
    }
}

@Suite(.database(Schema.migrations)) struct `A scheduled drill` {
    @Test func `starts once, whatever number of replicas look`() async throws {
        let scheduling = try await Scheduling()
        let replicas = try (0..<4).map { _ in
            try Stage.conductor(over: scheduling.stage.database, scheduling.stage.pool)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for replica in replicas { group.addTask { try await scheduling.look(by: replica) } }
            try await group.waitForAll()
        }
        let runs = try await scheduling.runs()
        #expect(runs.map(\.outcome) == [.started])
        let id = try #require(runs.first?.executionId)
        let execution = try await scheduling.stage.execution(id)
        #expect(execution.type == .drill && execution.startedBy == "schedule Nightly")
        #expect(execution.reason == "the nightly drill")
        #expect(execution.control.cleanUpAt == execution.startedAt + .seconds(3 * 3600))
        let standing = try await scheduling.standing()
        #expect(standing.dueAt.map { $0 > scheduling.now } == true, "it goes on to the next time")
        #expect(try await scheduling.look() == 0)
        let count = try await scheduling.stage.pool.first(Query("SELECT count(*) FROM execution", as: Int.self))
        #expect(count == 1)
    }

    @Test func `is nobody's to decide about once it was moved on from`() async throws {
        let scheduling = try await Scheduling()
        let due = try #require(try await scheduling.standing().dueAt)
        try await scheduling.look()
        let next = try #require(try await scheduling.standing().dueAt)
        let late = Schedule.moveOn(.sample(7), from: due, to: next + .seconds(60))
        #expect(try await scheduling.stage.pool.first(late) == nil)
        #expect(try await scheduling.standing().dueAt == next)
    }

    @Test func `waits for servers that are in use, and starts when they are free`() async throws {
        let scheduling = try await Scheduling()
        let other = try await scheduling.stage.start(.sample(waves: [1]))
        try await scheduling.look()
        #expect(try await scheduling.runs().map(\.outcome) == [.waiting])
        #expect(try await scheduling.standing().dueAt == scheduling.now, "it is the same time still")
        try await scheduling.stage.perform()
        #expect(try await scheduling.stage.execution(other.id).phase == .ended)
        try await scheduling.hurry()
        try await scheduling.look()
        #expect(try await scheduling.runs().map(\.outcome) == [.started])
    }

    @Test func `is left out where it may not wait, and says who was in the way`() async throws {
        let scheduling = try await Scheduling { $0.whenBusy = .skip }
        let other = try await scheduling.stage.start(.sample(waves: [1]))
        try await scheduling.look()
        let run = try #require(try await scheduling.runs().first)
        #expect(run.outcome == .skippedBusy && run.executionId == nil)
        #expect(run.detail?.contains("\(other.id)") == true)
        #expect(try await scheduling.standing().dueAt.map { $0 > scheduling.now } == true)
        let said = try await scheduling.stage.pool.first(
            Query("SELECT detail FROM audit_event WHERE action = 'LEAVE_SCHEDULED'", as: String.self)
        )
        #expect(said?.hasPrefix("SKIPPED_BUSY") == true)
    }

    @Test func `whose plan cannot be drilled as it is was refused, and is tried again next time`() async throws {
        let scheduling = try await Scheduling()
        try await scheduling.stage.pool.execute(
            Statement("DELETE FROM source_server WHERE source_server_id = \(SourceServerID.sample(1))")
        )
        try await scheduling.look()
        let run = try #require(try await scheduling.runs().first)
        #expect(run.outcome == .refused, "\(run)")
        #expect(try await scheduling.standing().dueAt.map { $0 > scheduling.now } == true)
    }

    @Test func `of a zone that this hub does not know is refused`() async throws {
        let scheduling = try await Scheduling { $0.timeZone = "Moon/Tycho" }
        try await scheduling.look()
        #expect(try await scheduling.runs().map(\.outcome) == [.refused])
    }

    @Test func `has its instances terminated by themselves when their time is over`() async throws {
        let scheduling = try await Scheduling()
        let stage = scheduling.stage
        try await scheduling.look()
        let id = try #require(try await scheduling.runs().first?.executionId)
        try await stage.perform()
        #expect(try await stage.execution(id).status == .completed)
        #expect(try await stage.execution(id).control.cleanUp == nil, "it is not time yet")
        try await stage.pool.execute(Statement("UPDATE timer SET fires_at = \(scheduling.now)"))
        let running = Task { await stage.conductor.run() }
        defer { running.cancel() }
        try await eventually("the clean-up is asked for") {
            try await stage.execution(id).control.cleanUp?.state == .running
        }
        try await stage.perform()
        #expect(try await stage.execution(id).areInstancesTerminated)
        let by = try await stage.pool.first(
            Query("SELECT principal FROM audit_event WHERE action = 'CLEAN_UP_DUE'", as: String.self)
        )
        #expect(by == "muster")
    }

    @Test func `is not held up by another that nobody can decide about`() async throws {
        let scheduling = try await Scheduling()
        let pool = scheduling.stage.pool
        let other = try scheduling.schedule {
            $0.scheduleId = .sample(8)
            $0.scheduleName = "Weekly"
        }
        try await pool.execute([
            other.insert(due: scheduling.now + .milliseconds(1)),
            Statement(
                """
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'no'; END $$
                """
            ),
            Statement(
                """
                CREATE TRIGGER no BEFORE UPDATE ON schedule FOR EACH ROW WHEN (OLD.schedule_name = 'Nightly')
                EXECUTE FUNCTION refuse()
                """
            ),
        ])
        let failure = await #expect(throws: (any Error).self) { try await scheduling.look() }
        #expect(failure.map { "\($0)".contains("Nightly") } == true)
        let runs = try await pool.run(ScheduledRun.list(of: .sample(8), before: nil, limit: 10))
        #expect(runs.map(\.outcome) == [.started])
        #expect(try await scheduling.runs() == [], "nothing half-done stays of the other")
    }
}
