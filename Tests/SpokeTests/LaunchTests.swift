import Ambient
import Contract
import JSON
import Recovery
import Spoke
import Testing

@Suite struct `A launch` {
    @Test func `starts one tagged job and tells everything of it in order`() async throws {
        try await Cloud.serve { cloud in
            let bench = try Bench(cloud)
            let servers = cloud.servers()
            let events = try await bench.perform(bench.launch("a/1/x/1", servers))
            #expect(cloud.starts(of: "a/1/x/1").count == 1)
            #expect(events.kinds.first == .jobAccepted)
            #expect(events.kinds.suffix(2) == [.jobEnded, .done])
            #expect(events.servers.count == servers.count)
            #expect(events.servers.values.allSatisfy { $0.launchStatus == "LAUNCHED" })
            #expect(
                events.servers.values.allSatisfy { $0.recoveryInstanceId?.hasPrefix("i-") == true && $0.note == nil }
            )
            #expect(events.logEvents.first == "JOB_START")
            #expect(events.logEvents.last == "JOB_END")
            #expect(events.logEvents.count { $0 == "LAUNCH_END" } == servers.count)
        }
    }

    @Test func `performed twice is performed once`() async throws {
        try await Cloud.serve { cloud in
            let bench = try Bench(cloud)
            let first = try await bench.perform(bench.launch("b/1/x/1", cloud.servers()))
            let second = try await bench.perform(bench.launch("b/1/x/1", cloud.servers(), settle: 1), attempt: 2)
            #expect(cloud.starts(of: "b/1/x/1").count == 1)
            #expect(first.jobId == second.jobId)
            #expect(second.servers == first.servers)
            #expect(second.kinds.last == .done)
        }
    }

    @Test func `whose answer is lost finds its job and follows that`() async throws {
        try await Cloud.serve { cloud in
            cloud.addFault(["action": "DROP_ANSWER", "operation": "StartRecovery", "count": 1])
            let bench = try Bench(cloud)
            let events = try await bench.perform(bench.launch("c/1/x/1", cloud.servers()))
            #expect(cloud.starts(of: "c/1/x/1").count == 1)
            #expect(events.kinds.last == .done)
            #expect(events.servers.values.allSatisfy { $0.launchStatus == "LAUNCHED" })
        }
    }

    @Test func `whose request is lost says that this is unclear, and the next attempt starts the job`() async throws {
        try await Cloud.serve { cloud in
            cloud.addFault(["action": "DROP_REQUEST", "operation": "StartRecovery", "count": 1])
            let bench = try Bench(cloud)
            let first = try await bench.perform(bench.launch("d/1/x/1", cloud.servers()))
            #expect(first.kinds == [.startDeferred])
            #expect(first.problem?.isUnclear == true)
            let second = try await bench.perform(bench.launch("d/1/x/1", cloud.servers(), settle: 1), attempt: 2)
            #expect(second.kinds.last == .done)
            #expect(cloud.starts(of: "d/1/x/1").count == 1)
        }
    }

    @Test(arguments: refusals) func `is deferred with AWS's own words when DRS says no for now`(
        _ code: (Int, String)
    ) async throws {
        try await Cloud.serve { cloud in
            cloud.addFault([
                "action": "ERROR", "operation": "StartRecovery", "status": .integer(Int64(code.0)),
                "code": .string(code.1), "message": "not now",
            ])
            let bench = try Bench(cloud)
            let events = try await bench.perform(bench.launch("e/1/x/1", cloud.servers()))
            #expect(events.kinds == [.startDeferred])
            #expect(events.problem?.code == code.1)
            #expect(events.problem?.isUnclear == false)
            #expect(cloud.starts(of: "e/1/x/1").isEmpty)
        }
    }

    @Test func `fails when trying again cannot help`() async throws {
        try await Cloud.serve(role: "{name: MusterRecovery, denied: [\"drs:StartRecovery\"]}") { cloud in
            let bench = try Bench(cloud)
            let events = try await bench.perform(bench.launch("f/1/x/1", cloud.servers()))
            #expect(events.kinds == [.failed])
            #expect(events.problem?.code == "AccessDeniedException")
        }
    }

    @Test func `is not sent without a lease that certainly holds`() async throws {
        try await Cloud.serve { cloud in
            let bench = try Bench(cloud)
            let events = try await bench.perform(bench.launch("g/1/x/1", cloud.servers()), keepsLease: false)
            #expect(events.problem?.code == SpokeProblem.leaseLost.rawValue)
            #expect(cloud.calls("drs:StartRecovery") == 0)
        }
    }

    @Test func `tells a server's failure with DRS's reason while the others go on`() async throws {
        let servers =
            "{hostname: web, count: 2}, {hostname: bad, failure: {ending: LAUNCH_FAILED, message: no capacity}}"
        try await Cloud.serve(servers: servers) { cloud in
            let bench = try Bench(cloud)
            let events = try await bench.perform(bench.launch("h/1/x/1", cloud.servers()))
            let failed = events.servers.values.filter { $0.launchStatus == "FAILED" }
            #expect(failed.count == 1)
            #expect(failed.first?.error?.contains("no capacity") == true)
            #expect(events.servers.values.count { $0.launchStatus == "LAUNCHED" } == 2)
            #expect(events.kinds.last == .done)
        }
    }

    @Test func `follows many jobs of a place with one look at all of them`() async throws {
        try await Cloud.serve(servers: "{hostname: web, count: 6}") { cloud in
            let bench = try Bench(cloud)
            let servers = cloud.servers()
            let begin = bench.ambient.time.elapsed()
            try await withThrowingTaskGroup(of: [ProgressEvent]?.self) { group in
                group.addTask {
                    try await bench.places.run()
                    return nil
                }
                for (index, server) in servers.enumerated() {
                    group.addTask {
                        try await bench.perform(bench.launch("i/1/\(index)/1", [server]), looksAtJobs: false)
                    }
                }
                for _ in servers {
                    let events = try #require(try await group.next() ?? nil)
                    #expect(events.kinds.last == .done, "\(events)")
                }
                group.cancelAll()
            }
            #expect(servers.indices.allSatisfy { cloud.starts(of: "i/1/\($0)/1").count == 1 })
            // One look each 30 ms for as long as it took, and a search for each job's tag; six times as many one by one.
            let looks = (bench.ambient.time.elapsed() - begin) / Cloud.cadence.poll
            #expect(Double(cloud.calls("drs:DescribeJobs")) <= looks + Double(2 * servers.count))
        }
    }
}

/// What DRS says when it has no room, or another job has a server.
private let refusals = [(402, "ServiceQuotaExceededException"), (409, "ConflictException")]
