import Ambient
import JSON
import Simulator
import Testing

@Suite struct `A native recovery plan` {
    /// A plan whose steps have these servers each, and its execution.
    private func begin(
        _ sample: inout Sample,
        _ steps: [[String]],
        named name: String = "Native",
        impact: String = "CRITICAL",
        waiting minutes: Int? = nil
    ) throws -> (plan: JSON, execution: JSON) {
        let plan = try #require(
            try sample.drs("CreateRecoveryPlan", ["name": .string(name)]).body["recoveryPlan"]?["recoveryPlanArn"]
        )
        for (index, servers) in steps.enumerated() {
            let members = servers.map { server -> JSON in
                [
                    "serverArn": .string("arn:aws:drs:us-east-1:111122223333:source-server/\(server)"),
                    "impactLevel": .string(impact),
                ]
            }
            let work: JSON = ["serverStepConfiguration": ["servers": .array(members)]]
            if index > 0, let minutes {
                let wait: JSON = ["waitStepConfiguration": ["waitDurationMinutes": .integer(Int64(minutes))]]
                #expect(try step(&sample, plan, wait).status == 201)
            }
            #expect(try step(&sample, plan, work).status == 201)
        }
        let answer = try sample.drs("StartRecoveryPlanExecution", ["recoveryPlanArn": plan, "mode": "DRILL"])
        #expect(answer.status == 201)
        return (plan, try #require(answer.body["recoveryPlanExecution"]?["recoveryPlanExecutionArn"]))
    }

    private func step(_ sample: inout Sample, _ plan: JSON, _ work: JSON) throws -> Sample.Answer {
        try sample.drs(
            "CreateRecoveryPlanStep",
            ["recoveryPlanArn": plan, "stepName": "a step", "configuration": work]
        )
    }

    private func status(_ sample: inout Sample, _ execution: JSON) throws -> String {
        try sample.drs("GetRecoveryPlanExecution", ["recoveryPlanExecutionArn": execution])
            .body["recoveryPlanExecution"]?["status"]?.string ?? ""
    }

    private func steps(_ sample: inout Sample, _ execution: JSON) throws -> [String] {
        let answer = try sample.drs("ListRecoveryPlanExecutionSteps", ["recoveryPlanExecutionArn": execution])
        return (answer.body["recoveryPlanExecutionSteps"]?.array ?? []).map { $0["status"]?.string ?? "" }
    }

    @Test func `launches one step after the other, with ordinary jobs`() throws {
        var sample = try Sample()
        let servers = sample.servers
        let (_, execution) = try begin(&sample, [[servers[0], servers[1]], [servers[2]]], waiting: 10)
        #expect(try status(&sample, execution) == "CREATED")
        sample.pass(.seconds(2))
        #expect(try status(&sample, execution) == "IN_PROGRESS")
        #expect(try steps(&sample, execution) == ["EXECUTING", "NOT_STARTED", "NOT_STARTED"])
        #expect(try sample.start([servers[0]]).code == "ConflictException")
        sample.pass(.seconds(600))
        #expect(try steps(&sample, execution) == ["COMPLETED", "WAITING", "NOT_STARTED"])
        sample.pass(.seconds(600))
        #expect(try steps(&sample, execution) == ["COMPLETED", "COMPLETED", "EXECUTING"])
        sample.pass(.seconds(600))
        #expect(try status(&sample, execution) == "COMPLETED")
        #expect(try sample.instances().count == 3)
        let starts = sample.world.ledger.starts
        #expect(starts.count == 2 && starts.allSatisfy(\.isForeign))
        // Nobody asked for half an hour: what happened meanwhile has the times at which it happened.
        #expect(starts[1].at < sample.now - .seconds(600))
    }

    @Test func `that nobody looks at ends the same`() throws {
        var sample = try Sample()
        let servers = sample.servers
        let (_, execution) = try begin(&sample, [[servers[0]], [servers[1]]], waiting: 5)
        sample.pass(.seconds(86_400))
        #expect(try status(&sample, execution) == "COMPLETED")
        #expect(sample.world.ledger.starts.count == 2)
    }

    @Test(arguments: [("CRITICAL", "FAILED", 1), ("OPTIONAL", "COMPLETED", 2)])
    func `fails by a critical server and goes on without an optional one`(impact: String, end: String, jobs: Int) throws
    {
        var sample = try Sample()
        let servers = sample.servers
        let failure = #"{"failure": {"ending": "LAUNCH_FAILED", "launches": 1}}"#
        #expect(try sample.control("POST", "/simulator/servers/\(servers[0])", failure).status == 200)
        let (_, execution) = try begin(&sample, [[servers[0]], [servers[1]]], impact: impact)
        sample.pass(.seconds(7200))
        #expect(try status(&sample, execution) == end)
        #expect(sample.world.ledger.starts.count == jobs)
    }

    @Test func `launches nothing when any of its servers has a job already`() throws {
        var sample = try Sample()
        let servers = sample.servers
        _ = try sample.start([servers[1]])
        let (_, execution) = try begin(&sample, [[servers[0]], [servers[1]]])
        sample.pass(.seconds(2))
        #expect(try status(&sample, execution) == "FAILED")
        #expect(sample.world.ledger.starts.count == 1)
    }

    @Test func `is cancelled when its running step has ended, and starts no other`() throws {
        var sample = try Sample()
        let servers = sample.servers
        let (plan, execution) = try begin(&sample, [[servers[0]], [servers[1]]])
        sample.pass(.seconds(60))
        let cancel = try sample.drs("CancelRecoveryPlanExecution", ["recoveryPlanExecutionArn": execution])
        #expect(cancel.body["recoveryPlanExecution"]?["status"] == "CANCELLING")
        sample.pass(.seconds(60))
        #expect(try status(&sample, execution) == "CANCELLING")
        #expect(try sample.drs("DeleteRecoveryPlan", ["recoveryPlanArn": plan]).code == "ConflictException")
        sample.pass(.seconds(600))
        #expect(try status(&sample, execution) == "CANCELLED")
        #expect(sample.world.ledger.starts.count == 1)
    }

    @Test func `is refused while another plan's execution has one of its servers`() throws {
        var sample = try Sample()
        let servers = sample.servers
        let (_, first) = try begin(&sample, [[servers[0]]])
        let other = try sample.drs("CreateRecoveryPlan", ["name": "Other"]).body["recoveryPlan"]?["recoveryPlanArn"]
        let plan = try #require(other)
        let arn = JSON.string("arn:aws:drs:us-east-1:111122223333:source-server/\(servers[0])")
        _ = try step(&sample, plan, ["serverStepConfiguration": ["servers": [["serverArn": arn]]]])
        let order: JSON = ["recoveryPlanArn": plan, "mode": "RECOVERY"]
        let refused = try sample.drs("StartRecoveryPlanExecution", order)
        #expect(refused.code == "ConflictException" && refused.body["resourceId"] == first)
        sample.pass(.seconds(600))
        #expect(try sample.drs("StartRecoveryPlanExecution", order).status == 201)
    }
}
