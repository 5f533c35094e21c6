import AWS
import Ambient
import Contract
import JSON
import OrderedCollections
import PostgreSQL
import Recovery
import Schema
import Simulator
import Spoke
import TestKit
import Testing

/// What holds of every kind of command: performed twice it leaves what once leaves, and failing at each call to AWS in
/// turn it leaves something that the next attempt finishes. (Of launches and terminations their own suites say more.)
@Suite struct `A command without an effect of its own` {
    /// A failure that no client repeats by itself.
    private static func failure(ofCall number: Int) -> JSON {
        [
            "action": "ERROR", "status": 400, "code": "ValidationException", "message": "not now",
            "skip": .integer(Int64(number)), "count": 1,
        ]
    }

    /// Performs the work soundly once and twice, then fails it at each of its calls in turn and performs it again.
    ///
    /// - Returns: what the sound attempt reported.
    private func exhaust(
        _ cloud: Cloud,
        _ work: AgentCommand.Work,
        sees: ([ProgressEvent]) -> [ProgressEvent] = { $0 }
    ) async throws -> [ProgressEvent] {
        let begun = cloud.allCalls
        let bench = try Bench(cloud)
        let sound = try await bench.perform(work)
        let calls = cloud.allCalls - begun
        #expect(sound.kinds.last == .done)
        #expect(calls > 1)
        #expect(sees(try await bench.perform(work, attempt: 2)) == sees(sound))
        for skipped in 0..<calls {
            // One that holds no credentials yet, so that assuming the role is one of the calls.
            let bench = try Bench(cloud)
            cloud.clearFaults()
            cloud.addFault(Self.failure(ofCall: skipped))
            let first = (try? await bench.perform(work)) ?? []
            #expect(cloud.hasStruck, "call \(skipped) of \(calls)")
            let second = try await bench.perform(work, attempt: 2)
            #expect(sees(second) == sees(sound), "after call \(skipped): \(first.kinds)")
        }
        cloud.clearFaults()
        return sound
    }

    @Test func `looks at servers and finds the same`() async throws {
        try await Cloud.serve { cloud in
            let servers = cloud.servers()
            let gone = try #require(RecoverySnapshotID(rawValue: "pit-00000000000000000"))
            let kept = try #require(cloud.points(of: servers[0]).last)
            let look = CheckServers(
                servers: servers.map {
                    .init(sourceServerId: $0, recoverySnapshotIds: $0 == servers[0] ? [kept, gone] : [])
                }
            )
            let events = try await exhaust(cloud, .checkServers(look)) { $0 }
            #expect(
                events.findings
                    == servers.map {
                        ServerFinding(
                            sourceServerId: $0,
                            hasLaunchConfiguration: true,
                            hasRecoveryPoint: true,
                            foundSnapshotIds: $0 == servers[0] ? [kept] : [],
                            goneSnapshotIds: $0 == servers[0] ? [gone] : []
                        )
                    }
            )
        }
    }

    @Test func `looks at servers that are not there, or have nothing to launch from`() async throws {
        try await Cloud.serve(servers: "{hostname: new, replication: INITIAL_SYNC}") { cloud in
            let look = CheckServers(
                servers: (cloud.servers() + [.sample(1)]).map { .init(sourceServerId: $0, recoverySnapshotIds: []) }
            )
            let events = try await exhaust(cloud, .checkServers(look))
            #expect(events.findings.map(\.hasLaunchConfiguration) == [true, false])
            #expect(events.findings.map(\.hasRecoveryPoint) == [false, false])
        }
    }

    @Test func `tells what was found before a look was cut short`() async throws {
        try await Cloud.serve(servers: "{hostname: web, count: 15}") { cloud in
            let servers = cloud.servers()
            let look = CheckServers(servers: servers.map { .init(sourceServerId: $0, recoverySnapshotIds: []) })
            cloud.addFault([
                "action": "ERROR", "operation": "GetLaunchConfiguration", "status": 403,
                "code": "AccessDeniedException", "skip": 12, "count": 1,
            ])
            let (events, error) = await (try Bench(cloud)).attempt(.checkServers(look))
            #expect(events.findings.map(\.sourceServerId) == Array(servers.prefix(10)))
            #expect((error as? AWSFailure)?.isAccessDenied == true)
        }
    }

    @Test func `validates access and finds the same`() async throws {
        try await Cloud.serve { cloud in
            let events = try await exhaust(cloud, .validateAccess(ValidateAccess())) { $0.map(\.withoutWords) }
            let checks = events.checks
            #expect(checks.filter { $0.isAction && $0.result != .allowed } == [])
            #expect(checks.filter { !$0.isAction && $0.result != .denied } == [])
            #expect(Set(checks.map(\.action)).isSuperset(of: RequiredActions.called))
        }
    }

    @Test func `publishes, at least once where an answer is lost, and once where a call was refused`() async throws {
        try await Cloud.serve { cloud in
            let topic = "arn:aws:sns:us-east-1:111122223333:drills"
            let work = AgentCommand.Work.publish(Publish(topicArn: topic, subject: "Drill", message: "It is over."))
            for skipped in 0..<2 {
                let (bench, before) = (try Bench(cloud), cloud.publications.count)
                cloud.clearFaults()
                cloud.addFault(Self.failure(ofCall: skipped))
                _ = try? await bench.perform(work)
                #expect(cloud.hasStruck)
                #expect(cloud.publications.count == before)
                #expect(try await bench.perform(work, attempt: 2).kinds == [.done])
                #expect(cloud.publications.count == before + 1)
            }
            cloud.clearFaults()
            let before = cloud.publications.count
            cloud.addFault(["action": "DROP_ANSWER", "operation": "Publish", "count": 1])
            #expect(try await Bench(cloud).perform(work).kinds == [.done])
            #expect(Set(cloud.publications) == ["It is over."])
            #expect(cloud.publications.count > before)
        }
    }
}

@Suite(.database(Schema.migrations)) struct `A sync of the inventory, as a command` {
    /// What the hub's inventory says, but for when it was read.
    private func inventory(_ hub: HubUnderTest) async throws -> [String] {
        try await hub.pool.run(
            Query(
                """
                SELECT s::text FROM source_server s
                UNION ALL SELECT j::text FROM observed_job j
                UNION ALL SELECT i::text FROM recovery_instance i
                 ORDER BY 1
                """,
                as: String.self
            )
        )
    }

    @Test func `done twice is done once, and failing anywhere leaves the whole of it or nothing`() async throws {
        try await Cloud.serve { cloud in
            try await HubUnderTest.serve(trusting: cloud) { hub in
                try await hub.register()
                let grant = try await hub.post("/agent/v1/sessions", try await Forgery(hub, cloud).request())
                let session: SessionGrant = try grant.body.decoded()
                let work = AgentCommand.Work.syncInventory(SyncInventory())
                let begun = cloud.allCalls
                let bench = try Bench(cloud, hub: hub.origin, session: session)
                #expect(try await bench.perform(work).kinds == [.done])
                let calls = cloud.allCalls - begun
                let whole = try await inventory(hub)
                #expect(whole.count == cloud.servers().count)
                #expect(try await bench.perform(work, attempt: 2).kinds == [.done])
                #expect(try await inventory(hub) == whole)
                for skipped in 0..<calls {
                    try await hub.pool.execute(Statement("DELETE FROM source_server"))
                    let bench = try Bench(cloud, hub: hub.origin, session: session)
                    cloud.clearFaults()
                    cloud.addFault([
                        "action": "ERROR", "status": 400, "code": "ValidationException",
                        "skip": .integer(Int64(skipped)), "count": 1,
                    ])
                    _ = try? await bench.perform(work)
                    #expect(cloud.hasStruck, "call \(skipped) of \(calls)")
                    let left = try await inventory(hub)
                    #expect(left.isEmpty || left == whole, "call \(skipped) of \(calls)")
                    #expect(try await bench.perform(work, attempt: 2).kinds == [.done])
                    #expect(try await inventory(hub) == whole)
                }
            }
        }
    }
}

extension Cloud {
    /// Every call to every service.
    fileprivate var allCalls: Int { simulation.withWorld { $0.ledger.calls.values.reduce(0, +) } }

    /// Whether a rule of what shall go wrong has hit a call.
    fileprivate var hasStruck: Bool { simulation.withWorld { $0.faults.entries.contains { $0.hits > 0 } } }

    fileprivate func clearFaults() {
        _ = simulation.answer(
            Simulator.Request(method: "DELETE", path: "/simulator/faults", query: "", headers: [], body: [])
        )
    }

    /// A server's recovery points, newest first.
    fileprivate func points(of server: SourceServerID) -> [RecoverySnapshotID] {
        simulation.withWorld { world in
            world.estates.values.compactMap { $0.servers[server.rawValue] }
                .flatMap { $0.recoveryPoints(at: Ambient().now) }
                .compactMap { RecoverySnapshotID(rawValue: $0.id) }
        }
    }
}

extension Bench {
    /// Performs a command that may fail: what it reported, and why it ended.
    fileprivate func attempt(_ work: AgentCommand.Work) async -> ([ProgressEvent], (any Error)?) {
        let outbox = Watched(Outbox())
        do {
            return (try await perform(work, into: outbox), nil)
        } catch {
            return (outbox.value.batch.map(\.event), error)
        }
    }
}

extension [ProgressEvent] {
    fileprivate var findings: [ServerFinding] {
        flatMap { event in if case .findings(let findings) = event { findings } else { [ServerFinding]() } }
    }

    fileprivate var checks: [AccessCheck] {
        flatMap { event in if case .access(let checks) = event { checks } else { [AccessCheck]() } }
    }
}

extension ProgressEvent {
    /// Checks without the sentences that name a request.
    fileprivate var withoutWords: ProgressEvent {
        guard case .access(let checks) = self else { return self }
        return .access(checks.map { AccessCheck(action: $0.action, result: $0.result) })
    }
}
