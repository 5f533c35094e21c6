import Ambient
import Recovery
import TestKit
import Testing

@Suite struct `A campaign` {
    /// A campaign by chance: plans over few accounts, so that they get into each other's way.
    private static func campaign(_ random: inout SeededGenerator) -> Campaign {
        let accounts = (0..<random.number(1...4)).map { Place.sample($0).accountId }
        let items = (0..<random.number(1...12)).map { position in
            let some = accounts.filter { _ in random.happens(0.5) }
            return Campaign.Item(
                position: position,
                planId: .sample(100 + position),
                planName: "Plan \(position)",
                accounts: some.isEmpty ? [accounts[0]] : some
            )
        }
        return Campaign(
            campaignId: .sample(1),
            campaignName: "Autumn",
            reason: "",
            rules: .init(
                mostAtOnce: random.number(1...5),
                mostPerAccount: random.happens(0.5) ? random.number(1...2) : nil,
                stopAfterFailures: random.happens(0.5) ? random.number(1...3) : nil,
                patienceMinutes: random.number(0...3)
            ),
            cleanUpAfterHours: nil,
            startedBy: "ada",
            startedAt: .sample,
            items: items
        )
    }

    private static let busy = Refusal(.serverConflict, "in use")
    private static let broken = Refusal(.ruleBroken, "no servers")

    /// What a world by chance makes of a campaign, with the rules looked after at every moment; answers it when it has ended.
    private static func run(_ seed: UInt64) -> Campaign {
        var random = SeededGenerator(Seed(seed))
        var campaign = campaign(&random)
        let isCancelled = random.happens(0.2)
        var now = Instant.sample
        var begun: Set<Int> = []
        for tick in 0..<5000 where campaign.endedAt == nil {
            now = now + .seconds(random.number(1...40))
            while let first = campaign.due(at: now).first {
                #expect(campaign.status == .running, "seed \(seed): nothing begins in another status")
                #expect(campaign.items.count { $0.state == .failed } < campaign.rules.stopAfterFailures ?? .max)
                if random.happens(0.25) {
                    campaign.refused(first, by: random.happens(0.8) ? busy : broken, at: now)
                } else {
                    // One after the other, or all that are due in one go.
                    for position in random.happens(0.3) ? campaign.due(at: now) : [first] {
                        #expect(begun.insert(position).inserted, "seed \(seed): plan \(position) begins twice")
                        campaign.begun(position, as: .sample(1000 + position), at: now)
                    }
                }
                expectRules(campaign, seed)
            }
            if isCancelled, tick == 3 { campaign.cancel(at: now) }
            let ended = campaign.items.filter { $0.state == .running && random.happens(0.3) }.compactMap(\.executionId)
            let statuses: [ExecutionStatus] = [.completed, .completed, .partial, .failed, .cancelled]
            let found = ended.map { ($0, statuses.randomElement(using: &random) ?? .completed) }
            campaign.observe(Dictionary(uniqueKeysWithValues: found), at: now)
            for (id, status) in found {
                let state = campaign.items.first { $0.executionId == id }?.state
                #expect(
                    state == (status == .completed ? .passed : .failed),
                    "seed \(seed): \(status) is \(state as Any)"
                )
            }
            expectRules(campaign, seed)
        }
        return campaign
    }

    private static func expectRules(_ campaign: Campaign, _ seed: UInt64) {
        let running = campaign.items.filter { $0.state == .running }
        #expect(running.count <= campaign.rules.mostAtOnce, "seed \(seed): too many at once")
        if let most = campaign.rules.mostPerAccount {
            for account in campaign.accounts {
                #expect(running.count { $0.accounts.contains(account) } <= most, "seed \(seed): too many in \(account)")
            }
        }
        let isOver = campaign.items.allSatisfy { $0.state != .waiting && $0.state != .running }
        #expect((campaign.endedAt != nil) == isOver, "seed \(seed): it ends when nothing is left, and not before")
        #expect(campaign.status.isTerminal == (campaign.endedAt != nil))
    }

    @Test func `keeps its rules and ends, whatever its drills do`() {
        var statuses: Set<Campaign.Status> = []
        for seed in UInt64(1)...400 {
            let campaign = Self.run(seed)
            #expect(campaign.endedAt != nil, "seed \(seed) does not end")
            statuses.insert(campaign.status)
            let failures = campaign.items.count { $0.state == .failed }
            let skipped = campaign.items.count { $0.state == .skipped }
            switch campaign.status {
            case .completed: #expect(failures == 0 && skipped == 0, "seed \(seed)")
            case .partial: #expect(failures > 0 && skipped == 0, "seed \(seed)")
            case .failed: #expect(failures >= campaign.rules.stopAfterFailures ?? .max, "seed \(seed)")
            case .cancelled: break
            case .running, .stopping, .cancelling: Issue.record("seed \(seed) is \(campaign.status)")
            }
        }
        #expect(statuses == [.completed, .partial, .failed, .cancelled], "the world hardly differed")
    }

    @Test func `waits for busy servers as long as its patience lasts, and lets others go first`() {
        var random = SeededGenerator(Seed(1))
        var campaign = Campaign(
            campaignId: .sample(1),
            campaignName: "Autumn",
            reason: "",
            rules: .init(mostAtOnce: 1, mostPerAccount: nil, stopAfterFailures: nil, patienceMinutes: 1),
            cleanUpAfterHours: nil,
            startedBy: "ada",
            startedAt: .sample,
            items: (0...1).map { .init(position: $0, planId: .sample($0), planName: "P", accounts: []) }
        )
        campaign.refused(0, by: Self.busy, at: .sample)
        #expect(campaign.due(at: .sample) == [1], "the other one goes first")
        #expect(campaign.due(at: .sample + .seconds(30)) == [0])
        campaign.refused(0, by: Self.busy, at: .sample + .seconds(60))
        #expect(campaign.items[0].state == .failed && campaign.items[0].detail == "SERVER_CONFLICT: in use")
        campaign.begun(1, as: .sample(9), at: .sample + .seconds(61))
        campaign.observe([.sample(9): .completed], at: .sample + .seconds(90))
        #expect(campaign.status == .partial && campaign.endedAt == .sample + .seconds(90))
        // What has ended stays as it is.
        let ended = campaign
        campaign.cancel(at: .sample + .seconds(100))
        campaign.observe([.sample(9): .failed], at: .sample + .seconds(random.number(100...200)))
        #expect(campaign == ended)
    }
}
