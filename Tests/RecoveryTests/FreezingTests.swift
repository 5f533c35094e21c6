internal import Ambient
internal import Foundation
internal import Recovery
internal import TestKit
internal import Testing

@Suite struct `A frozen plan` {
    private let database = ProtectionGroup.ID.sample(1)
    private let web = ProtectionGroup.ID.sample(2)

    private func plan(_ waves: [Wave], _ ordering: RecoveryPlan.Ordering = .sequential) -> RecoveryPlan {
        RecoveryPlan(
            planId: .sample(9),
            planName: "Shop",
            description: "",
            ordering: ordering,
            recoveryTimeObjectiveMinutes: 60,
            recoveryPointObjectiveSeconds: 300,
            owner: nil,
            application: nil,
            waves: waves,
            createdDate: .sample,
            lastModifiedDate: .sample,
            createdBy: "ada",
            revision: 3
        )
    }

    private func wave(
        _ number: Int,
        _ groups: [ProtectionGroup.ID],
        servers: [Int] = [],
        after dependencies: [Int] = [],
        choices: [Wave.ServerChoice] = []
    ) -> Wave {
        Wave(
            waveNumber: number,
            name: "Wave \(number)",
            protectionGroupIds: groups,
            serverIds: servers.map { .sample($0) },
            dependsOnWaves: dependencies,
            servers: choices
        )
    }

    private func groups(stolen: [Refusal.Assignment] = []) -> [ProtectionGroup.ID: GroupMembership] {
        let members = [database: [1, 2], web: [3, 4]]
        return members.reduce(into: [:]) { groups, group in
            groups[group.key] = GroupMembership(
                groupId: group.key,
                groupName: "group",
                place: .sample(group.key == web ? 1 : 0),
                members: group.value.map { .sample($0) },
                conflicts: group.key == web ? stolen : []
            )
        }
    }

    private func inventory(_ numbers: [Int] = [1, 2, 3, 4]) -> [SourceServerID: SourceServer] {
        numbers.reduce(into: [:]) { servers, number in
            servers[.sample(number)] = SourceServer(
                sourceServerId: .sample(number),
                place: .sample(number > 2 ? 1 : 0),
                hostname: "host-\(number)",
                tags: [:],
                replicationState: "CONTINUOUS",
                lag: nil,
                recoveryInstanceId: nil,
                lastLaunch: nil,
                syncedAt: .sample
            )
        }
    }

    @Test func `has the servers of its groups, in the groups' order`() throws {
        let frozen = try plan([wave(0, [web, database])]).frozen(groups: groups(), inventory: inventory())
        #expect(frozen.servers.map(\.sourceServerId) == [3, 4, 1, 2].map { .sample($0) })
        #expect(frozen.places == [.sample(0), .sample(1)])
        #expect(frozen.planRevision == 3)
    }

    @Test func `has only the listed servers where the wave lists some`() throws {
        let frozen = try plan([wave(0, [web, database], servers: [4, 1])])
            .frozen(groups: groups(), inventory: inventory())
        #expect(frozen.servers.map(\.sourceServerId) == [.sample(4), .sample(1)])
    }

    @Test func `makes each wave wait for the one before it where the order is sequential`() throws {
        let waves = [wave(0, [database], servers: [1]), wave(1, [database], servers: [2]), wave(2, [web], after: [0])]
        let sequential = try plan(waves).frozen(groups: groups(), inventory: inventory())
        #expect(sequential.waves.map(\.dependsOnWaves) == [[], [0], [0, 1]])
        let free = try plan(waves, .dependencies).frozen(groups: groups(), inventory: inventory())
        #expect(free.waves.map(\.dependsOnWaves) == [[], [], [0]])
    }

    @Test func `keeps what the plan says of a server, and takes the rest for CRITICAL with the latest data`() throws {
        let pinned = try #require(RecoverySnapshotID(rawValue: "pit-00000000000000001"))
        let choice = Wave.ServerChoice(serverId: .sample(2), impact: .optional, recoverySnapshotId: pinned)
        let frozen = try plan([wave(0, [database], choices: [choice])]).frozen(groups: groups(), inventory: inventory())
        #expect(frozen.servers.map(\.impact) == [.critical, .optional])
        #expect(frozen.servers.map(\.recoverySnapshotId) == [nil, pinned])
    }

    @Test func `is refused when DRS no longer shows a server, naming all of them`() {
        let refusal = #expect(throws: Refusal.self) {
            try plan([wave(0, [database, web])]).frozen(groups: groups(), inventory: inventory([1, 4]))
        }
        #expect(refusal?.code == .unknownServer)
        #expect(refusal?.facts == .servers([.sample(2), .sample(3)]))
    }

    @Test func `is refused when another group holds a server that its tags pick`() {
        let stolen = Refusal.Assignment(serverId: .sample(7), groupId: database, groupName: "database")
        let refusal = #expect(throws: Refusal.self) {
            try plan([wave(0, [web])]).frozen(groups: groups(stolen: [stolen]), inventory: inventory())
        }
        #expect(refusal?.code == .serverAssigned)
        #expect(refusal?.facts == .assignments([stolen]))
    }

    @Test func `is refused when there is nothing to recover`() {
        let refusal = #expect(throws: Refusal.self) {
            try plan([wave(0, [.sample(5)])]).frozen(groups: groups(), inventory: inventory())
        }
        #expect(refusal?.code == .ruleBroken)
    }

    @Test func `is the same after a trip through JSON`() throws {
        let frozen = FrozenPlan.sample(waves: [2, 1]) { $0.serversPerJob = [Place.sample().description: 7] }
        let bytes = try JSONEncoder().encode(frozen)
        #expect(try JSONDecoder().decode(FrozenPlan.self, from: bytes) == frozen)
    }
}
