import AWS
import Testing

/// Recovery plans of DRS's own are asked about where that is possible, and never in the way where it is not.
@Suite struct `DRS's own recovery plans` {
    private static let plan = "arn:aws:drs:eu-west-1:111122223333:recovery-plan/rp-00000000000000001"
    private static let execution = "arn:aws:drs:eu-west-1:111122223333:recovery-plan-execution/rpe-00000000000000001"
    private static let server = "arn:aws:drs:eu-west-1:111122223333:source-server/s-0000000000000000"

    private static func answer(to request: TestServer.Request) -> String {
        switch request.target {
        case "/ListRecoveryPlans":
            #"{"recoveryPlans":[{"recoveryPlanArn":"\#(plan)","name":"Payroll","status":"ACTIVE"}]}"#
        case "/ListRecoveryPlanExecutions":
            // Whatever the filter says: a stand-in for AWS may not know it.
            """
            {"recoveryPlanExecutions":[{"recoveryPlanExecutionArn":"\(execution)","recoveryPlanArn":"\(plan)",
            "mode":"DRILL","status":"IN_PROGRESS","startedAt":"2026-11-26T18:54:40Z"},
            {"recoveryPlanExecutionArn":"\(execution)0","recoveryPlanArn":"\(plan)","mode":"DRILL",
            "status":"TIMED_OUT","startedAt":"2026-11-25T18:54:40Z"}]}
            """
        case "/ListRecoveryPlanExecutionSteps":
            """
            {"recoveryPlanExecutionSteps":[{"stepIndex":1,"status":"COMPLETED","configuration":
            {"executionServerStepConfiguration":{"servers":[{"serverArn":"\(server)1","jobID":"drsjob-1"}]}}},
            {"stepIndex":2,"configuration":{"waitStepConfiguration":{"waitDurationMinutes":5}}},
            {"stepIndex":3,"configuration":{"executionServerStepConfiguration":{"servers":
            [{"serverArn":"\(server)2"},{"serverArn":"\(server)1"}]}}}]}
            """
        case "/ListRecoveryPlanSteps":
            #"{"recoveryPlanSteps":[{"configuration":{"serverStepConfiguration":{"servers":[{"serverArn":"\#(server)3"}]}}}]}"#
        default: "{}"
        }
    }

    @Test func `show what is active, once, with every server of every step`() async throws {
        try await Bench.running { request, _ in
            .answer(body: Self.answer(to: request))
        } _: { bench in
            let answer = try await bench.drs.activePlanExecutions()
            let found = try #require(answer)
            #expect(found.map(\.execution.recoveryPlanExecutionArn) == [Self.execution])
            #expect(found.first?.execution.status == .inProgress && found.first?.planName == "Payroll")
            #expect(found.first?.sourceServerIDs == ["s-00000000000000001", "s-00000000000000002"])
            let asked = bench.server.requests.filter { $0.target == "/ListRecoveryPlanExecutions" }.map(\.text)
            for status in ["CREATED", "IN_PROGRESS", "CANCELLING"] {
                #expect(asked.contains { $0.contains(#""status":"\#(status)""#) })
            }
        }
    }

    @Test func `cost one call where there are none`() async throws {
        try await Bench.running { _, _ in
            .answer(body: #"{"recoveryPlans":[]}"#)
        } _: { bench in
            let found = try await bench.drs.activePlanExecutions()
            #expect(found == [])
            #expect(bench.server.requests.map(\.target) == ["/ListRecoveryPlans"])
        }
    }

    @Test func `are read from the plan where the steps of an execution cannot be asked for`() async throws {
        try await Bench.running { request, _ in
            request.target == "/ListRecoveryPlanExecutionSteps"
                ? .answer(status: 501, body: "") : .answer(body: Self.answer(to: request))
        } _: { bench in
            let answer = try await bench.drs.activePlanExecutions()
            let found = try #require(answer)
            #expect(found.map(\.sourceServerIDs) == [["s-00000000000000003"]])
        }
    }

    @Test(arguments: [
        (403, #"{"code":"AccessDeniedException"}"#), (501, ""), (404, #"{"code":"UnknownOperationException"}"#),
    ])
    func `are none where nobody can ever say`(status: Int, body: String) async throws {
        try await Bench.running { _, _ in
            .answer(status: status, body: body)
        } _: { bench in
            let found = try await bench.drs.activePlanExecutions()
            #expect(found == [])
        }
    }

    @Test func `are unknown where DRS does not say now, and that takes no more than two tries`() async throws {
        try await Bench.running { _, _ in
            .answer(status: 500, body: "")
        } _: { bench in
            let found = try await bench.drs.activePlanExecutions()
            #expect(found == nil)
            #expect(bench.server.requests.count == 2)
        }
    }
}
