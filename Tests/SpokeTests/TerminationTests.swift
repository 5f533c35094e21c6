import Ambient
import Contract
import JSON
import Recovery
import Spoke
import Testing

@Suite struct `A termination` {
    private func launched(_ bench: Bench, _ cloud: Cloud, key: String) async throws -> (String, [SourceServerID]) {
        let servers = cloud.servers()
        let events = try await bench.perform(bench.launch(key, servers))
        return (try #require(events.jobId), servers)
    }

    private func work(_ bench: Bench, jobs: [String], _ servers: [SourceServerID]) -> AgentCommand.Work {
        .terminateInstances(
            TerminateInstances(
                key: "t",
                executionId: bench.ambient.identifier(),
                jobIds: jobs,
                servers: servers.map { .init(sourceServerId: $0, recoveryInstanceId: nil) }
            )
        )
    }

    @Test func `ends when DRS shows none of the instances any more`() async throws {
        try await Cloud.serve { cloud in
            let bench = try Bench(cloud)
            let (job, servers) = try await launched(bench, cloud, key: "a")
            let events = try await bench.perform(work(bench, jobs: [job], servers))
            #expect(events.kinds.last == .done)
            #expect(events.instances.count == servers.count)
            #expect(events.instances.values.allSatisfy { $0.state == .terminated && $0.recoveryInstanceId != nil })
            #expect(cloud.calls("drs:TerminateRecoveryInstances") == 1)
        }
    }

    @Test func `performed twice is performed once`() async throws {
        try await Cloud.serve { cloud in
            let bench = try Bench(cloud)
            let (job, servers) = try await launched(bench, cloud, key: "b")
            _ = try await bench.perform(work(bench, jobs: [job], servers))
            let calls = cloud.calls("drs:TerminateRecoveryInstances")
            let events = try await bench.perform(work(bench, jobs: [job], servers), attempt: 2)
            #expect(events.instances.values.allSatisfy { $0.state == .terminated })
            #expect(events.kinds.last == .done)
            #expect(cloud.calls("drs:TerminateRecoveryInstances") == calls)
        }
    }

    @Test func `leaves instances of other jobs alone`() async throws {
        try await Cloud.serve { cloud in
            let bench = try Bench(cloud)
            let (_, servers) = try await launched(bench, cloud, key: "c")
            let events = try await bench.perform(work(bench, jobs: ["drsjob-00000000000000000"], servers))
            #expect(events.kinds.last == .done)
            #expect(cloud.calls("drs:TerminateRecoveryInstances") == 0)
        }
    }

    @Test(arguments: faults) func `goes on after conflicts, throttles and lost answers`(_ fault: String) async throws {
        try await Cloud.serve { cloud in
            let bench = try Bench(cloud)
            let (job, servers) = try await launched(bench, cloud, key: "d")
            switch fault {
            case "conflict":
                cloud.addFault([
                    "action": "ERROR", "operation": "TerminateRecoveryInstances", "status": 409,
                    "code": "ConflictException", "count": 2,
                ])
            case "throttle":
                cloud.addFault([
                    "action": "THROTTLE", "operation": "TerminateRecoveryInstances", "count": 2,
                    "retryAfterSeconds": 0,
                ])
            default: cloud.addFault(["action": "DROP_ANSWER", "operation": "TerminateRecoveryInstances", "count": 1])
            }
            let events = try await bench.perform(work(bench, jobs: [job], servers))
            #expect(events.instances.count == servers.count)
            #expect(events.instances.values.allSatisfy { $0.state == .terminated })
            #expect(events.kinds.last == .done)
        }
    }

    @Test func `tells which instances cannot be terminated, and why`() async throws {
        try await Cloud.serve(role: "{name: MusterRecovery, denied: [\"drs:TerminateRecoveryInstances\"]}") { cloud in
            let bench = try Bench(cloud)
            let (job, servers) = try await launched(bench, cloud, key: "e")
            let events = try await bench.perform(work(bench, jobs: [job], servers))
            #expect(events.instances.count == servers.count)
            #expect(events.instances.values.allSatisfy { $0.state == .failed })
            #expect(events.instances.values.allSatisfy { $0.error?.contains("AccessDenied") == true })
            #expect(events.kinds.last == .done)
        }
    }
}

private let faults = ["conflict", "throttle", "lost answer"]
