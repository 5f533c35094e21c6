import Ambient
import Conductor
import PostgreSQL
import Recovery
import Schema
import Store
import TestKit
import Testing

@Suite(.database(Schema.migrations)) struct `A campaign over several replicas` {
    /// The stage's account with two groups, a plan over each, and a campaign of both that drills one at a time.
    private struct Campaigning {
        let stage: Stage
        let campaign: Campaign

        init() async throws {
            stage = try await Stage()
            let now = stage.ambient.now
            try await stage.pool.sync([1, 2])
            for number in [1, 2] {
                try await ProtectionGroup(
                    groupId: .sample(number),
                    groupName: "Group \(number)",
                    description: "",
                    place: .sample(),
                    sourceServerIds: [.sample(number)],
                    serverSelectionTags: [:],
                    createdDate: now,
                    lastModifiedDate: now,
                    createdBy: "ada",
                    revision: 1
                ).create(through: stage.pool)
                let plan = RecoveryPlan(
                    planId: .sample(number),
                    planName: "Plan \(number)",
                    description: "",
                    ordering: .sequential,
                    recoveryTimeObjectiveMinutes: nil,
                    recoveryPointObjectiveSeconds: nil,
                    owner: nil,
                    application: nil,
                    waves: [Wave(waveNumber: 0, name: "All", protectionGroupIds: [.sample(number)])],
                    createdDate: now,
                    lastModifiedDate: now,
                    createdBy: "ada",
                    revision: 1
                )
                _ = try await plan.create(through: stage.pool, within: nil, asWritten: plan.waves)
            }
            campaign = Campaign(
                campaignId: .sample(7),
                campaignName: "Autumn",
                reason: "",
                rules: .init(mostAtOnce: 1, mostPerAccount: nil, stopAfterFailures: nil, patienceMinutes: 1),
                cleanUpAfterHours: nil,
                startedBy: "ada",
                startedAt: now,
                items: [1, 2].map {
                    .init(
                        position: $0 - 1,
                        planId: .sample($0),
                        planName: "Plan \($0)",
                        accounts: [Place.sample().accountId]
                    )
                }
            )
            try await stage.pool.transaction { [campaign] in try await $0.execute(campaign.insert) }
        }

        func states() async throws -> [Campaign.Item.State] {
            try await stage.pool.run(Campaign.items(of: [campaign.campaignId])).map(\.item.state)
        }
    }

    @Test func `begins no drill for a replica that read it before another began one`() async throws {
        let world = try await Campaigning()
        #expect(try await world.stage.conductor.begin(0, of: world.campaign))
        #expect(try await world.states() == [.running, .waiting])
        // What this replica read is as it was before: by that nothing runs yet.
        #expect(try await !world.stage.conductor.begin(1, of: world.campaign))
        #expect(try await world.states() == [.running, .waiting])
        #expect(try await !world.stage.conductor.begin(0, of: world.campaign))
        #expect(try await world.stage.pool.run(Query("SELECT count(*) FROM execution", as: Int.self)) == [1])
    }
}
