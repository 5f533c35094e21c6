internal import Ambient
internal import Foundation
internal import Recovery
internal import Testing

@Suite struct `The rules of a plan` {
    private let database = ProtectionGroup.ID(at: Instant(milliseconds: 1), by: SeededChance(seed: 1))
    private let web = ProtectionGroup.ID(at: Instant(milliseconds: 2), by: SeededChance(seed: 2))
    private let missing = ProtectionGroup.ID(at: Instant(milliseconds: 3), by: SeededChance(seed: 3))

    private func server(_ number: Int) -> SourceServerID {
        let digits = String(number)
        let text = "s-" + String(repeating: "0", count: 17 - digits.count) + digits
        guard let server = SourceServerID(rawValue: text) else { preconditionFailure("\(text) is no server") }
        return server
    }

    private func rules(_ waves: [Wave], _ ordering: RecoveryPlan.Ordering = .sequential) -> PlanRules {
        PlanRules(
            ordering: ordering,
            waves: waves,
            members: [database: Set((1...3).map(server)), web: Set((4...6).map(server))]
        )
    }

    private func wave(
        _ number: Int,
        groups: [ProtectionGroup.ID],
        servers: [Int] = [],
        after dependencies: [Int] = [],
        choices: [Int] = []
    ) -> Wave {
        Wave(
            waveNumber: number,
            name: "Wave \(number)",
            protectionGroupIds: groups,
            serverIds: servers.map(server),
            dependsOnWaves: dependencies,
            servers: choices.map { .init(serverId: server($0), impact: .optional, recoverySnapshotId: nil) }
        )
    }

    private func pointers(_ waves: [Wave]) -> [String] {
        rules(waves).problems.map(\.pointer.pointer)
    }

    @Test func `are kept by a plan of two waves`() {
        let waves = [
            wave(0, groups: [database], servers: [1, 2], choices: [2]),
            wave(1, groups: [database, web], servers: [3, 4]),
        ]
        #expect(rules(waves).refusal == nil)
        #expect(rules([wave(0, groups: [database]), wave(1, groups: [web], after: [0], choices: [5])]).refusal == nil)
    }

    @Test func `want numbers from zero without gaps, each once`() {
        #expect(pointers([wave(1, groups: [database])]) == ["/waves/0/waveNumber"])
        #expect(pointers([wave(0, groups: [database]), wave(0, groups: [web])]) == ["/waves/1/waveNumber"])
        #expect(pointers([wave(1, groups: [database]), wave(0, groups: [web])]).isEmpty)
    }

    @Test func `want dependencies that exist, each once`() {
        let waves = [wave(0, groups: [database]), wave(1, groups: [web], after: [0, 0, 9])]
        #expect(pointers(waves) == ["/waves/1/dependsOnWaves/1", "/waves/1/dependsOnWaves/2"])
    }

    @Test func `name the cycle, in either ordering`() {
        let waves = [wave(0, groups: [database], after: [1]), wave(1, groups: [web], after: [0])]
        for ordering in RecoveryPlan.Ordering.allCases {
            let refusal = rules(waves, ordering).refusal
            #expect(refusal?.code == .waveCycle)
            #expect(refusal?.facts == .cycle([0, 1]))
        }
    }

    @Test func `let a wave wait for a later one only where dependencies order the plan`() {
        let waves = [wave(0, groups: [database], after: [1]), wave(1, groups: [web])]
        #expect(rules(waves, .sequential).refusal?.code == .waveOrder)
        #expect(rules(waves, .dependencies).refusal == nil)
    }

    @Test func `refuse a server in two waves, listed or through its group`() {
        #expect(
            pointers([wave(0, groups: [database], servers: [1]), wave(1, groups: [database], servers: [1, 2])])
                == ["/waves/1/serverIds/0"]
        )
        #expect(
            pointers([wave(0, groups: [database], servers: [1]), wave(1, groups: [database])])
                == ["/waves/1/protectionGroupIds"]
        )
    }

    @Test func `refuse servers outside the wave's groups, repeated ones, and choices about others`() {
        let waves = [wave(0, groups: [database], servers: [1, 1, 5], choices: [1, 1, 2])]
        #expect(
            pointers(waves) == [
                "/waves/0/serverIds/1", "/waves/0/serverIds/2", "/waves/0/servers/1/serverId",
                "/waves/0/servers/2/serverId",
            ]
        )
    }

    @Test func `know a group that does not exist by a code of its own, and judge no servers by it`() {
        let refusal = rules([wave(0, groups: [missing], servers: [9])]).refusal
        #expect(refusal?.code == .unknownGroup)
        #expect(rules([wave(0, groups: [missing], servers: [9])]).problems.count == 1)
    }

    @Test func `allow 5000 servers and not one more`() {
        for (count, isRefused) in [(Limits.serversPerPlan, false), (Limits.serversPerPlan + 1, true)] {
            let rules = PlanRules(
                ordering: .sequential,
                waves: [wave(0, groups: [database])],
                members: [database: Set((0..<count).map(server))]
            )
            #expect((rules.refusal != nil) == isRefused)
        }
    }

    @Test func `tell everything that is wrong at once`() {
        let refusal = rules([
            wave(0, groups: [], after: [7]), wave(3, groups: [database, database, missing], servers: [1, 1]),
        ]).refusal
        #expect(refusal?.code == .ruleBroken)
        guard case .pointers(let pointers) = refusal?.facts else {
            Issue.record("the refusal names no places")
            return
        }
        #expect(
            pointers.map(\.pointer) == [
                "/waves/1/waveNumber", "/waves/0/dependsOnWaves/0", "/waves/0/protectionGroupIds",
                "/waves/1/protectionGroupIds/1", "/waves/1/protectionGroupIds/2", "/waves/1/serverIds/1",
            ]
        )
    }

    @Test func `refuse a plan exactly when a server would be recovered twice, whatever the waves`() {
        for seed in UInt64(0)..<1000 {
            let chance = SeededChance(seed: seed)
            let waves = (0..<Int(chance.next() % 4 + 1)).map { number in
                let servers = Set((0..<Int(chance.next() % 3)).map { _ in Int(chance.next() % 6) + 1 })
                return wave(number, groups: [database, web], servers: servers.sorted())
            }
            let rules = rules(waves)
            let all = waves.flatMap { Array(rules.servers(of: $0)) }
            #expect((rules.refusal != nil) == (Set(all).count < all.count), "seed \(seed)")
        }
    }
}
