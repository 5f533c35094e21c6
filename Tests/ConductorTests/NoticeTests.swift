import Ambient
import Conductor
import PostgreSQL
import Recovery
import Schema
import Store
import TestKit
import Testing

@Suite(.database(Schema.migrations)) struct `An event of which people are told` {
    private static let told = Query(
        "SELECT kind, title FROM notification ORDER BY notice_id",
        as: String.self,
        String.self
    )

    private static func target(plans: [RecoveryPlan.ID]? = nil) -> Statement {
        NotificationTarget(
            targetId: .sample(90),
            targetName: "On call",
            description: "",
            address: .webhook(.init(url: "https://example.com/")),
            eventKinds: Notice.Kind.choices,
            accounts: [Place.sample().accountId],
            plans: plans,
            isEnabled: true,
            createdDate: .sample,
            lastModifiedDate: .sample,
            createdBy: "ada",
            revision: 1
        ).insert(secret: nil)
    }

    @Test func `is written down in the transaction of the event, once`() async throws {
        let stage = try await Stage()
        try await stage.pool.execute(Self.target())
        let execution = try await stage.start(.sample(waves: [2, 1]))
        #expect(try await stage.pool.run(Self.told).map(\.0) == ["EXECUTION_STARTED"])
        try await stage.perform()
        #expect(try await stage.execution(execution.id).phase == .ended)
        #expect(try await stage.pool.run(Self.told).map(\.0) == ["EXECUTION_STARTED", "EXECUTION_ENDED"])
    }

    @Test func `is not written down where its transaction is not committed`() async throws {
        let stage = try await Stage()
        try await stage.pool.execute(Self.target())
        // The audit's event comes last in the transaction of a start.
        try await stage.pool.execute(
            Statement("ALTER TABLE execution_server ADD CONSTRAINT none CHECK (false) NOT VALID")
        )
        await #expect(throws: (any Error).self) { _ = try await stage.start(.sample(waves: [1])) }
        #expect(try await stage.pool.run(Self.told).isEmpty)
    }

    @Test func `is not written down for a target of other plans`() async throws {
        let stage = try await Stage()
        try await stage.pool.execute(Self.target(plans: [.sample(77)]))
        _ = try await stage.start(.sample(waves: [1]))
        try await stage.perform()
        #expect(try await stage.pool.run(Self.told).isEmpty)
    }

    @Test func `of a scheduled drill comes before it, once, whatever number of replicas look`() async throws {
        let stage = try await Stage()
        try await stage.pool.execute(Self.target())
        let due = stage.ambient.now + .seconds(1800)
        try await schedule(noticeMinutes: 20, on: stage, due: due)
        let replicas = try (0..<4).map { _ in try Stage.conductor(over: stage.database, stage.pool) }
        func look() async throws {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for replica in replicas { group.addTask { try await replica.tellComing() } }
                try await group.waitForAll()
            }
        }
        try await look()
        #expect(try await stage.pool.run(Self.told).isEmpty, "it is too early")
        try await stage.pool.execute(Statement("UPDATE schedule SET notice_minutes = 45"))
        try await look()
        try await look()
        let told = try await stage.pool.run(Self.told)
        #expect(told.map(\.0) == ["SCHEDULE_COMING"], "\(told)")
        #expect(told.first?.1.hasPrefix("Scheduled drill Nightly begins in ") == true, "\(told)")
    }

    @Test func `of a scheduled drill does not come where it lies in a blackout`() async throws {
        let stage = try await Stage()
        try await stage.pool.execute(Self.target())
        let due = stage.ambient.now + .seconds(600)
        let blackout = Schedule.Blackout(from: due - .seconds(60), until: due + .seconds(60), reason: "freeze")
        try await schedule(noticeMinutes: 20, on: stage, due: due, blackouts: [blackout])
        try await stage.conductor.tellComing()
        #expect(try await stage.pool.run(Self.told).isEmpty)
    }

    private func schedule(
        noticeMinutes: Int,
        on stage: Stage,
        due: Instant,
        blackouts: [Schedule.Blackout] = []
    ) async throws {
        let now = stage.ambient.now
        try await stage.pool.sync([1])
        try await ProtectionGroup(
            groupId: .sample(1),
            groupName: "Shop",
            description: "",
            place: .sample(),
            sourceServerIds: [.sample(1)],
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
        let schedule = Schedule(
            scheduleId: .sample(7),
            scheduleName: "Nightly",
            planId: .sample(1),
            description: "",
            cron: try CronExpression("0 3 * * *"),
            timeZone: "UTC",
            isEnabled: true,
            blackouts: blackouts,
            whenBusy: .wait,
            whenMissed: .start,
            patienceMinutes: 60,
            cleanUpAfterHours: nil,
            noticeMinutes: noticeMinutes,
            createdDate: now,
            lastModifiedDate: now,
            createdBy: "ada",
            revision: 1
        )
        try await stage.pool.execute(schedule.insert(due: due))
    }
}
