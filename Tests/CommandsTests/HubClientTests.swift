import Ambient
import Commands
import Contract
import JSON
import Recovery
import Testing

@Suite struct `A client of the hub` {
    @Test func `makes path, query and body of any call from its declaration`() throws {
        let account = try #require(AccountNumber(rawValue: "111122223333"))
        let list = try HubRequest(ListExecutions(status: .running, accountId: account, active: true, limit: 7))
        #expect(list.target == "/api/v1/executions?status=RUNNING&accountId=111122223333&active=true&limit=7")
        #expect(list.method == .get && list.body == nil && list.isRepeatable && !list.takesKey)
        let id = try #require(Execution.ID(Sample.executionId))
        let approve = try HubRequest(ApproveWave(executionId: id, waveNumber: 3, body: CommentBody(comment: "go")))
        #expect(approve.target == "/api/v1/executions/\(Sample.executionId)/waves/3/approve")
        #expect(approve.body == Array(#"{"comment":"go"}"#.utf8) && approve.takesKey)
        let search = try HubRequest(ListProtectionGroups(q: "café & more/100%"))
        #expect(search.target == "/api/v1/protection-groups?q=caf%C3%A9%20%26%20more%2F100%25")
    }

    @Test func `reads every list of the contract in pages`() {
        let lists = Contract.calls.filter { call in call.parameters.contains { $0.name == "nextToken" } }
        for list in lists { #expect(list.type is any ListCall.Type, "\(list.name)") }
    }

    @Test func `says who is calling, and sends a key with what creates or starts`() async throws {
        try await PlayedHub.running { _, _ in
            .answer(Sample.execution(.pending, waves: []).text, status: 202)
        } _: { hub in
            try await HubClient.of(hub) { client in
                let plan = try #require(RecoveryPlan.ID(Sample.planId))
                let call = StartExecution(body: .init(planId: plan, executionType: .drill))
                #expect(try await client.send(call).planName == "Payroll")
            }
            let request = try #require(hub.requests.first)
            #expect(request.method == "POST" && request.target == "/api/v1/executions")
            #expect(request.header("authorization") == "Bearer secret")
            #expect(request.header("idempotency-key")?.utf8.count == 36)
            #expect(request.header("content-type") == "application/json")
            #expect(request.body == #"{"planId":"\#(Sample.planId)","executionType":"DRILL"}"#)
        }
    }

    @Test func `says a start again under the same key when the answer is lost`() async throws {
        try await PlayedHub.running { _, number in
            number < 3 ? .drop : .answer(Sample.execution(.pending, waves: []).text, status: 202)
        } _: { hub in
            try await HubClient.of(hub) { client in
                let plan = try #require(RecoveryPlan.ID(Sample.planId))
                _ = try await client.send(StartExecution(body: .init(planId: plan, executionType: .drill)))
            }
            #expect(hub.requests.count == 3)
            #expect(Set(hub.requests.map { $0.header("idempotency-key") }).count == 1)
        }
    }

    @Test func `tries a read a few times, then says that the hub does not answer`() async throws {
        try await PlayedHub.running { _, _ in
            .drop
        } _: { hub in
            await #expect(throws: Unreachable.self) {
                try await HubClient.of(hub) { try await $0.send(GetCurrentUser()) }
            }
            #expect(hub.requests.count == HubClient.attempts)
        }
    }

    @Test func `tries a read again that the hub cannot answer now`() async throws {
        try await PlayedHub.running { _, number in
            number == 1 ? .problem(503, "UNAVAILABLE") : .answer(Sample.page([]))
        } _: { hub in
            let page = try await HubClient.of(hub) { try await $0.send(ListAccounts()) }
            #expect(page.items.isEmpty && hub.requests.count == 2)
        }
    }

    @Test func `sends a change once, and only to the revision that was seen`() async throws {
        try await PlayedHub.running { _, _ in
            .drop
        } _: { hub in
            let id = try #require(RecoveryPlan.ID(Sample.planId))
            await #expect(throws: Unreachable.self) {
                try await HubClient.of(hub) { try await $0.send(DeleteRecoveryPlan(planId: id), ifMatch: 7) }
            }
            #expect(hub.requests.map(\.method) == ["DELETE"])
            #expect(hub.requests.first?.header("if-match") == "\"7\"")
        }
    }

    @Test func `reads a problem with every error and what stands in the way`() async throws {
        let members = #"""
            , "requestId": "r-1", "errors": [{"pointer": "/waves/0", "message": "is required"}],
            "conflicts": [{"kind": "EXECUTION", "id": "e-1", "status": "RUNNING", "serverIds": ["s-1", "s-2"]}]
            """#
        try await PlayedHub.running { _, _ in
            .problem(409, "SERVER_CONFLICT", members)
        } _: { hub in
            let refused = await #expect(throws: Refused.self) {
                try await HubClient.of(hub) { try await $0.send(GetCurrentUser()) }
            }
            #expect(refused?.status == 409 && refused?.code == "SERVER_CONFLICT" && refused?.requestId == "r-1")
            let text = try Trouble(#require(refused)).text
            #expect(
                text == """
                    muster: No: SERVER_CONFLICT (SERVER_CONFLICT)
                      /waves/0 is required
                      EXECUTION e-1 is RUNNING and uses s-1, s-2
                    Wait for what runs, or cancel it; a recovery may cancel waiting drills with --cancel-drills.
                    """
            )
        }
    }

    @Test func `does not take something else for a hub`() async throws {
        try await PlayedHub.running { _, _ in
            .answer("<html>welcome</html>")
        } _: { hub in
            _ = await #expect(throws: Unreadable.self) {
                try await HubClient.of(hub) { try await $0.send(GetCurrentUser()) }
            }
        }
    }

    @Test func `reads all pages of a list, or as much as is asked for`() async throws {
        let item: JSON = ["region": "us-east-1", "accounts": []]
        let play: PlayedHub.Play = { request, _ in
            let isFirst = !request.target.contains("nextToken")
            return .answer(Sample.page([item, item], next: isFirst ? "more" : nil))
        }
        try await PlayedHub.running(play) { hub in
            let all = try await HubClient.of(hub) { try await $0.every(ListRegions()) }
            #expect(all.answer.count == 4 && all.document["items"]?.array?.count == 4)
            #expect(all.document["nextToken"] == .null)
            #expect(hub.requests.map(\.target).last == "/api/v1/drs/regions?limit=200&nextToken=more")
            let two = try await HubClient.of(hub) { try await $0.every(ListRegions(), atMost: 2) }
            #expect(two.answer.count == 2 && two.document["nextToken"] == "more")
        }
    }

    @Test(arguments: [
        "http://example.com", "ftp://127.0.0.1", "https://a.example/path", "nonsense", "http://127.0.0.1.evil.example",
        "https://u@a.example",
    ])
    func `sends a token nowhere else`(address: String) {
        #expect(throws: Trouble.self) { try HubAddress(address) }
    }

    @Test(arguments: ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:8080", "https://muster.example.com/"])
    func `takes https anywhere, and plain http on this machine`(address: String) throws {
        #expect(try HubAddress(address).description == address.trimmingSuffix("/"))
    }
}

extension String {
    func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
