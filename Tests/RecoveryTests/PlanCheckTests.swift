internal import Ambient
internal import Recovery
internal import TestKit
internal import Testing

/// A plan of three servers in two accounts of which everything is known and nothing is wrong, and one change of it.
struct CheckCase: Sendable, CustomTestStringConvertible {
    let name: String
    let code: ReadinessCode
    let state: Readiness.State
    /// The servers that the reason names.
    var servers: [Int] = []
    /// The sample places whose accounts it names.
    var places: [Int] = []
    let change: @Sendable (inout PlanCheck) -> Void

    var testDescription: String { "\(code.rawValue): \(name)" }

    static let home = Place.sample()
    static let other = Place.sample(1)
    static let pin = RecoverySnapshotID.sample

    static var sound: PlanCheck {
        let servers: [SourceServerID: SourceServer] = [1: home, 2: home, 3: other].reduce(into: [:]) { all, server in
            all[.sample(server.key)] = SourceServer(
                sourceServerId: .sample(server.key),
                place: server.value,
                hostname: "host-\(server.key)",
                tags: [:],
                replicationState: "CONTINUOUS",
                lag: .seconds(10),
                recoveryInstanceId: nil,
                lastLaunch: nil,
                syncedAt: .sample
            )
        }
        let standing = PlaceStanding(
            isServed: true,
            isInventoryOld: false,
            access: .init(denied: [], isTrustTooWide: false)
        )
        return PlanCheck(
            plan: RecoveryPlan(
                planId: .sample(9),
                planName: "Shop",
                description: "",
                ordering: .sequential,
                recoveryTimeObjectiveMinutes: nil,
                recoveryPointObjectiveSeconds: 300,
                owner: nil,
                application: nil,
                waves: [
                    Wave(waveNumber: 0, name: "Database", protectionGroupIds: [.sample(1)]),
                    Wave(waveNumber: 1, name: "Web", protectionGroupIds: [.sample(2)]),
                ],
                createdDate: .sample,
                lastModifiedDate: .sample,
                createdBy: "ada",
                revision: 1
            ),
            groups: [
                .sample(1): .init(
                    groupId: .sample(1),
                    groupName: "a",
                    place: home,
                    members: [.sample(1), .sample(2)],
                    conflicts: []
                ),
                .sample(2): .init(
                    groupId: .sample(2),
                    groupName: "b",
                    place: other,
                    members: [.sample(3)],
                    conflicts: []
                ),
            ],
            inventory: servers,
            looks: servers.mapValues {
                ServerFinding(
                    sourceServerId: $0.sourceServerId,
                    hasLaunchConfiguration: true,
                    hasRecoveryPoint: true
                )
            },
            places: [home: standing, other: standing],
            conflicts: []
        )
    }

    private static func replication(_ state: String, _ code: ReadinessCode, _ verdict: Readiness.State) -> CheckCase {
        CheckCase(name: state, code: code, state: verdict, servers: [2], places: [0]) {
            $0.inventory[.sample(2)]?.replicationState = state
        }
    }

    private static func pinned(
        _ name: String,
        _ code: ReadinessCode,
        _ state: Readiness.State,
        _ gone: [RecoverySnapshotID]
    ) -> CheckCase {
        CheckCase(name: name, code: code, state: state, servers: [1], places: [0]) {
            $0.plan.waves[0].servers = [.init(serverId: .sample(1), impact: .critical, recoverySnapshotId: pin)]
            $0.looks[.sample(1)]?.goneSnapshotIds = gone
        }
    }

    static let plans: [CheckCase] = [
        CheckCase(name: "a server is in two waves", code: .ruleBroken, state: .notReady) {
            $0.plan.waves[1].protectionGroupIds = [.sample(1), .sample(2)]
        },
        CheckCase(name: "a group is gone", code: .ruleBroken, state: .notReady) { $0.groups[.sample(2)] = nil },
        CheckCase(name: "every group is empty", code: .noServers, state: .notReady) { check in
            for id in check.groups.keys { check.groups[id]?.members = [] }
        },
        CheckCase(
            name: "a listed server left its group",
            code: .serverNotInGroup,
            state: .notReady,
            servers: [7],
            places: [0]
        ) {
            $0.plan.waves[0].serverIds = [.sample(1), .sample(7)]
            $0.inventory[.sample(7)] = $0.inventory[.sample(1)]
            $0.looks[.sample(7)] = $0.looks[.sample(1)]
        },
        CheckCase(
            name: "another group holds a server",
            code: .serverAssigned,
            state: .notReady,
            servers: [5],
            places: [1]
        ) {
            $0.groups[.sample(2)]?.conflicts = [.init(serverId: .sample(5), groupId: .sample(3), groupName: "c")]
        },
        CheckCase(name: "one group is empty", code: .waveEmpty, state: .verified) {
            $0.groups[.sample(2)]?.members = []
        },
    ]

    static let places: [CheckCase] = [
        CheckCase(name: "its spoke is gone", code: .noSpoke, state: .notReady, places: [1]) {
            $0.places[other]?.isServed = false
        },
        CheckCase(name: "nothing is known of it", code: .noSpoke, state: .notReady, places: [1]) {
            $0.places[other] = nil
        },
        CheckCase(name: "nobody can read it", code: .inventoryOld, state: .needsCheck, places: [0]) {
            $0.places[home]?.isInventoryOld = true
        },
        CheckCase(name: "an action is missing", code: .accessDenied, state: .notReady, places: [1]) {
            $0.places[other]?.access?.denied = ["drs:StartRecovery"]
        },
        CheckCase(name: "access was never tried", code: .accessNotChecked, state: .needsCheck, places: [1]) {
            $0.places[other]?.access = nil
        },
        CheckCase(name: "the external ID is not asked for", code: .trustTooWide, state: .verified, places: [0]) {
            $0.places[home]?.access?.isTrustTooWide = true
        },
        CheckCase(name: "no job", code: .quotaImpossible, state: .notReady, places: [0]) {
            $0.places[home]?.quotas.concurrentJobs = 0
        },
        CheckCase(name: "no server in a job", code: .quotaImpossible, state: .notReady, places: [0]) {
            $0.places[home]?.quotas.serversPerJob = 0
        },
        CheckCase(name: "jobs larger than all jobs together", code: .quotaImpossible, state: .notReady, places: [0]) {
            $0.places[home]?.quotas.serversInAllJobs = 1
        },
    ]

    static let servers: [CheckCase] =
        [
            CheckCase(name: "the inventory lost it", code: .unknownServer, state: .notReady, servers: [3], places: [1])
            {
                $0.inventory[.sample(3)] = nil
            },
            replication("STALLED", .replicationStalled, .notReady),
            replication("DISCONNECTED", .replicationDisconnected, .notReady),
            replication("PAUSED", .replicationPaused, .needsCheck),
            replication("INITIAL_SYNC", .noRecoveryPoint, .notReady),
            replication("STOPPED", .noRecoveryPoint, .notReady),
            replication("A_STATE_OF_2031", .noRecoveryPoint, .notReady),
            CheckCase(name: "DRS keeps none", code: .noRecoveryPoint, state: .notReady, servers: [1], places: [0]) {
                $0.looks[.sample(1)]?.hasRecoveryPoint = false
            },
            CheckCase(name: "301 s of 300", code: .lagOverObjective, state: .notReady, servers: [3], places: [1]) {
                $0.inventory[.sample(3)]?.lag = .seconds(301)
            },
            CheckCase(
                name: "DRS has none",
                code: .launchConfigurationMissing,
                state: .notReady,
                servers: [2],
                places: [0]
            ) {
                $0.looks[.sample(2)]?.hasLaunchConfiguration = false
            },
            CheckCase(name: "nobody looked", code: .serverNotChecked, state: .needsCheck, servers: [2], places: [0]) {
                $0.looks[.sample(2)] = nil
            },
            pinned("DRS no longer has it", .recoveryPointGone, .notReady, [pin]),
            pinned("nobody looked for the new pin", .serverNotChecked, .needsCheck, []),
            CheckCase(name: "a job has it", code: .serverConflict, state: .notReady, servers: [1], places: [0]) {
                $0.conflicts = [.init(kind: .drsJob, id: "drsjob-1", status: "STARTED", serverIds: [.sample(1)])]
            },
        ]
}

extension RecoverySnapshotID {
    static var sample: RecoverySnapshotID {
        guard let id = RecoverySnapshotID(rawValue: "pit-00000000000000001") else {
            preconditionFailure("the sample is a recovery snapshot")
        }
        return id
    }
}

@Suite struct `The check of a plan` {
    @Test func `finds nothing in a sound plan`() {
        #expect(CheckCase.sound.readiness == Readiness(state: .verified))
    }

    @Test(arguments: CheckCase.plans + CheckCase.places + CheckCase.servers)
    func `finds what is wrong, names whom it concerns and says what to do`(_ given: CheckCase) throws {
        var check = CheckCase.sound
        given.change(&check)
        let readiness = check.readiness
        #expect(readiness.state == given.state)
        #expect(readiness.reasons.map(\.code) == [given.code.rawValue])
        let reason = try #require(readiness.reasons.first)
        #expect(reason.serverIds == given.servers.map { .sample($0) })
        #expect(reason.serverCount == given.servers.count)
        #expect(reason.accountIds == given.places.map { Place.sample($0).accountId })
        #expect(reason.whatToDo == given.code.whatToDo)
        #expect(!reason.text.isEmpty && !reason.whatToDo.isEmpty)
    }

    @Test func `has a case here for every code that a check can find`() {
        let tried = Set((CheckCase.plans + CheckCase.places + CheckCase.servers).map(\.code))
        #expect(tried == Set(ReadinessCode.allCases).subtracting([.notChecked]))
        #expect(PlanCheck.unchecked.reasons.map(\.code) == [ReadinessCode.notChecked.rawValue])
    }

    @Test func `lets states pass in which DRS goes on replicating`() {
        for state in ["CONTINUOUS", "RESCAN", "BACKLOG", "CREATING_SNAPSHOT"] {
            var check = CheckCase.sound
            check.inventory[.sample(1)]?.replicationState = state
            #expect(check.readiness.state == .verified, "\(state)")
        }
    }

    @Test func `asks the lag only where the plan has an objective, and takes its very seconds`() {
        var check = CheckCase.sound
        check.inventory[.sample(1)]?.lag = .seconds(300)
        #expect(check.readiness.state == .verified)
        check.plan.recoveryPointObjectiveSeconds = nil
        check.inventory[.sample(1)]?.lag = .seconds(86_400)
        #expect(check.readiness.state == .verified)
    }

    @Test func `says of a place without a spoke only that`() {
        var check = CheckCase.sound
        check.places[CheckCase.home] = PlaceStanding(isServed: false, isInventoryOld: true, access: nil)
        check.looks = [.sample(3): check.looks[.sample(3)]].compactMapValues { $0 }
        #expect(check.readiness.reasons.map(\.code) == ["NO_SPOKE"])
    }

    @Test func `counts a pinned recovery point that was found`() {
        var check = CheckCase.sound
        check.plan.waves[0].servers = [
            .init(serverId: .sample(1), impact: .critical, recoverySnapshotId: CheckCase.pin)
        ]
        check.looks[.sample(1)]?.foundSnapshotIds = [CheckCase.pin]
        #expect(check.readiness.state == .verified)
    }

    @Test func `takes a wave that waits for room, for it fits in the end`() {
        var check = CheckCase.sound
        check.places[CheckCase.home]?.quotas = Quotas(concurrentJobs: 1, serversPerJob: 1, serversInAllJobs: 1)
        #expect(check.readiness.state == .verified)
    }

    @Test func `puts faults before doubts, and doubts before remarks`() {
        var check = CheckCase.sound
        check.groups[.sample(2)]?.members = []
        check.inventory[.sample(1)]?.replicationState = "PAUSED"
        check.inventory[.sample(2)]?.replicationState = "STALLED"
        let readiness = check.readiness
        #expect(readiness.state == .notReady)
        #expect(readiness.reasons.map(\.code) == ["REPLICATION_STALLED", "REPLICATION_PAUSED", "WAVE_EMPTY"])
    }

    @Test func `names fifty servers and counts the rest`() throws {
        var check = CheckCase.sound
        check.groups[.sample(1)]?.members = (1...60).map { .sample($0) }
        let reason = try #require(check.readiness.reasons.first { $0.code == "UNKNOWN_SERVER" })
        #expect(reason.serverIds.count == Readiness.namedServers)
        #expect(reason.serverCount == 57)
    }

    @Test func `shows what lies outside a scope as counts only`() throws {
        var check = CheckCase.sound
        check.inventory[.sample(1)]?.replicationState = "STALLED"
        check.inventory[.sample(3)]?.replicationState = "STALLED"
        let reason = try #require(check.readiness.reasons.first)
        #expect(reason.seen(within: nil) == reason)
        #expect(reason.seen(within: [CheckCase.home.accountId, CheckCase.other.accountId]) == reason)
        let seen = reason.seen(within: [CheckCase.home.accountId])
        #expect(seen.accountIds == [CheckCase.home.accountId])
        #expect(seen.serverIds.isEmpty)
        #expect(seen.serverCount == 2)
    }
}
