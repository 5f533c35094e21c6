import Commands
import Contract
import Foundation
import JSON
import Recovery
import Testing

@Suite struct `The program` {
    private static let waves = [Sample.wave(0, "Database", .completed, [.launched])]

    /// A hub with one execution that stands so, and one event in its journal.
    private static func hub(of status: ExecutionStatus) -> PlayedHub.Play {
        { request, _ in
            if request.header("accept") == "text/event-stream" { return .problem(406, "NOT_ACCEPTABLE") }
            if request.target.contains("/events") {
                let isNew = !request.target.contains("after=1")
                return .answer(Sample.page(isNew ? [Sample.entry(1, "EXECUTION_ENDED", status.rawValue)] : []))
            }
            let execution = Sample.execution(status, waves: waves)
            return .answer(request.target.contains("?") ? Sample.page([execution]) : execution.text)
        }
    }

    @Test(arguments: [
        (ExecutionStatus.completed, Int32(0)), (.partial, 3), (.failed, 4), (.cancelled, 5), (.paused, 6),
    ])
    func `ends as the execution that it watched`(status: ExecutionStatus, code: Int32) async throws {
        try await PlayedHub.running(Self.hub(of: status)) { hub in
            let run = try await BuiltProgram(hub: hub.address).run("execution", "watch", "latest", "--until-paused")
            #expect(run.status == code, "\(run.errors)")
            let first = try #require(run.output.split(separator: "\n").first)
            #expect(first == "2026-11-26T18:54:41Z  wave 0 Database  execution ended  \(status.rawValue)")
            #expect(run.output.contains("\n\(status.rawValue)"))
        }
    }

    @Test func `shows a table, the hub's own answer, or identifiers`() async throws {
        try await PlayedHub.running(Self.hub(of: .completed)) { hub in
            let program = BuiltProgram(hub: hub.address)
            let table = try await program.run("execution", "list").output.split(separator: "\n")
            #expect(table.count == 2 && table[0].hasPrefix("PLAN     TYPE   STATUS"))
            #expect(table[1].hasPrefix("Payroll  DRILL  COMPLETED") && table[1].hasSuffix(Sample.executionId))
            let text = try await program.run("execution", "list", "--format", "json").output
            let answer = try JSON(parsing: Array(text.utf8))
            #expect(answer["items"]?[0]?["aFieldOfTheFuture"] == true)
            #expect(try await program.run("execution", "list", "-q").output == "\(Sample.executionId)\n")
        }
    }

    @Test func `finds a plan by its name, whatever its case`() async throws {
        let play: PlayedHub.Play = { request, _ in
            if request.target.contains("recovery-plans") { return .answer(Sample.page([])) }
            return .answer(Sample.execution(.pending, waves: []).text, status: 202)
        }
        try await PlayedHub.running(play) { hub in
            let program = BuiltProgram(hub: hub.address)
            let missing = try await program.run("execution", "start", "pay roll")
            #expect(missing.status == 1)
            #expect(missing.errors.hasPrefix("muster: There is no recovery plan named pay roll (NOT_FOUND)\n"))
            #expect(hub.requests.first?.target == "/api/v1/recovery-plans?q=pay%20roll&limit=200")
            let started = try await program.run("execution", "start", Sample.planId)
            #expect(started.output == "Started a drill of Payroll: \(Sample.executionId)\n")
        }
    }

    @Test func `sends a plan from a file, and nothing of one that has mistakes`() async throws {
        let group = "019a0000-0000-7000-8000-000000000003"
        try await PlayedHub.running { _, _ in
            .problem(422, "WAVE_CYCLE", #", "cycle": [0, 1]"#)
        } _: { hub in
            let program = BuiltProgram(hub: hub.address)
            let wrong = #"{"planName": "P", "waves": [{"waveNumber": 0, "protectionGroupIds": [], "surprise": 1}]}"#
            let refused = try await program.run("plan", "create", "--file", "-", input: wrong)
            #expect(refused.status == 1 && refused.errors.contains("/waves/0/surprise") && hub.requests.isEmpty)
            let right = #"{"planName": "P", "waves": [{"waveNumber": 0, "protectionGroupIds": ["\#(group)"]}]}"#
            let sent = try await program.run("plan", "create", "--file", "-", input: right)
            #expect(hub.requests.first.map { $0.body == right.replacingOccurrences(of: " ", with: "") } == true)
            #expect(sent.errors.contains("(WAVE_CYCLE)\n  waves: 0, 1"))
        }
    }

    @Test func `tells a wrong command line, a missing token and a missing hub apart`() async throws {
        let program = BuiltProgram(hub: "http://127.0.0.1:1")
        #expect(try await program.run("execution", "watch").status == 2)
        #expect(try await program.run("server", "list", "--region", "nowhere").status == 2)
        #expect(try await program.run("server", "list", "--hub-url", "http://example.com").status == 2)
        #expect(try await program.run("--help").status == 0)
        #expect(try await BuiltProgram(hub: "http://127.0.0.1:1", token: nil).run("whoami").status == 7)
        let away = try await program.run("plan", "delete", Sample.planId)
        #expect(away.status == 8 && away.errors.hasPrefix("muster: The hub at http://127.0.0.1:1 does not answer"))
        #expect(away.errors.contains("\n  nobody listens there\n"))
        try await PlayedHub.running { _, _ in
            .problem(401, "UNAUTHENTICATED")
        } _: { hub in
            let run = try await BuiltProgram(hub: hub.address).run("whoami")
            #expect(run.status == 7 && run.errors.contains("Sign in with: muster sign-in"))
        }
    }

    @Test func `signs in a person and a program, and keeps no token that the hub does not take`() async throws {
        let user = #"""
            {"subject": "s", "principal": "s@issuer", "name": "ada", "kind": "PERSON", "groups": [], "roles": [],
            "permissions": [], "scope": {"allAccounts": true, "accountIds": []}, "grants": []}
            """#
        let play: PlayedHub.Play = { request, _ in
            if request.target == "/oauth2/token" {
                let isKnown = request.header("authorization") == "Basic bWU6c2VjcmV0"
                return isKnown
                    ? .answer(#"{"access_token": "fresh", "expires_in": 3600}"#)
                    : .answer(#"{"error": "invalid_client"}"#, status: 400)
            }
            let isGood = ["Bearer good", "Bearer fresh"].contains(request.header("authorization"))
            return isGood ? .answer(user) : .problem(401, "UNAUTHENTICATED")
        }
        try await PlayedHub.running(play) { hub in
            try await withDirectory { home in
                var program = BuiltProgram(hub: hub.address, token: nil, home: home.path())
                #expect(try await program.run("sign-in", "--token-stdin", input: "bad\n").status == 7)
                #expect(try await program.run("whoami").status == 7)
                #expect(try await program.run("sign-in", "--token-stdin", input: " good \n").status == 0)
                #expect(try await program.run("whoami", "-q").output == "s\n")
                #expect(try await program.run("sign-out").status == 0)
                let flags = ["--client-id", "me", "--token-endpoint", "\(hub.address)/oauth2/token"]
                program.environment["MUSTER_CLIENT_SECRET"] = "wrong"
                let wrong = try await program.run("sign-in", flags[0], flags[1], flags[2], flags[3])
                #expect(wrong.status == 7 && wrong.errors.contains("invalid_client"))
                program.environment["MUSTER_CLIENT_SECRET"] = "secret"
                #expect(try await program.run("sign-in", flags[0], flags[1], flags[2], flags[3]).status == 0)
                #expect(try await program.run("whoami").status == 0)
            }
        }
    }

    @Test func `ends with what its guide says`() throws {
        let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        let file = root.appending(path: "../../Docs/Guides/command-line.md").standardized
        let guide = try String(contentsOf: file, encoding: .utf8).replacingOccurrences(of: "`", with: "")
        for status in ExitStatus.allCases {
            #expect(guide.contains("| \(status.rawValue) | \(status.meaning) |"), "\(status)")
        }
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `completes itself in each shell`(shell: String) async throws {
        let run = try await BuiltProgram(hub: "").run("completions", shell)
        #expect(run.status == 0 && run.output.contains("execution") && run.output.contains("terminate"))
    }
}
