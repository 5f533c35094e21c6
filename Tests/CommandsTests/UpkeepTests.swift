import Ambient
import Commands
import Foundation
import JSON
import Recovery
import Testing

@Suite struct `Commands of upkeep` {
    private static let account: JSON = [
        "accountId": "111122223333", "accountName": "production", "regions": ["us-east-1"],
        "spokePrincipals": ["arn:aws:iam::111122223333:role/spoke"], "owner": "ada", "tags": ["stage": "live"],
        "externalId": "7c1f", "revision": 7,
    ]

    @Test func `change of an account what was named, and of the revision that was seen`() async throws {
        try await PlayedHub.running { _, _ in
            .answer(Self.account.text)
        } _: { hub in
            let program = BuiltProgram(hub: hub.address)
            let run = try await program.run(
                "account",
                "update",
                "111122223333",
                "--region",
                "us-west-2",
                "eu-west-1",
                "--no-owner"
            )
            #expect(run.status == 0 && run.output == "Changed the account 111122223333: revision 7.\n", "\(run.errors)")
            let sent = try #require(hub.requests.last)
            #expect(sent.method == "PUT" && sent.header("if-match") == #""7""#)
            let body = try JSON(parsing: Array(sent.body.utf8))
            #expect(body["regions"] == ["us-west-2", "eu-west-1"] && body["owner"] == nil)
            #expect(body["accountName"] == "production" && body["tags"] == ["stage": "live"])
            #expect(body["spokePrincipals"] == ["arn:aws:iam::111122223333:role/spoke"])
            for wrong in [[], ["--owner", "b", "--no-owner"], ["--tag", "a=b", "--no-tags"]] {
                let refused = try await program.run(list: ["account", "update", "111122223333"] + wrong)
                #expect(refused.status == 2, "\(wrong)")
            }
            #expect(hub.requests.count == 2)
        }
    }

    @Test func `preview what tags pick, and say who holds it`() async throws {
        let server: JSON = [
            "sourceServerId": "s-11111111111111110", "accountId": "111122223333", "region": "us-east-1",
            "hostname": "db-1", "tags": ["tier": "db"], "replicationState": "CONTINUOUS", "lagSeconds": 0,
            "assignment": "ASSIGNED", "groupId": .null, "groupName": .null,
            "readiness": ["state": "READY", "reasons": []], "lastLaunch": .null, "recoveryInstanceId": .null,
            "syncedAt": "2026-11-26T18:54:40.000Z",
        ]
        let holder: JSON = [
            "serverId": "s-11111111111111110", "groupId": "019a0000-0000-7000-8000-000000000003", "groupName": "others",
        ]
        try await PlayedHub.running { request, _ in
            let conflicts: JSON = request.body.contains("free") ? [] : [holder]
            let answer: JSON = ["servers": [server], "conflicts": conflicts]
            return .answer(answer.text)
        } _: { hub in
            let program = BuiltProgram(hub: hub.address)
            let place = ["group", "resolve", "--account", "111122223333", "--region", "us-east-1"]
            let held = try await program.run(list: place + ["--tag", "tier=db", "--tag", "stage=live"])
            #expect(held.status == 1 && held.output.contains("others") && held.output.contains("db-1"))
            let sent = try #require(hub.requests.last)
            #expect(sent.method == "POST" && sent.target == "/api/v1/protection-groups/resolve")
            let tags = try JSON(parsing: Array(sent.body.utf8))["serverSelectionTags"]
            #expect(tags == ["tier": "db", "stage": "live"])
            let free = try await program.run(list: place + ["--tag", "tier=free", "-q"])
            #expect(free.status == 0 && free.output == "s-11111111111111110\n")
            #expect(try await program.run(list: place).status == 2)
        }
    }

    @Test func `ask for the inventory, and say where nobody can look`() async throws {
        try await PlayedHub.running { request, _ in
            let isServed = request.body.contains("us-east-1")
            let place: JSON = [
                "accountId": "111122223333", "region": isServed ? "us-east-1" : "us-west-2",
                "state": isServed ? "REQUESTED" : "NO_SPOKE", "syncedAt": .null,
            ]
            let answer: JSON = ["items": [place]]
            return .answer(answer.text, status: 202)
        } _: { hub in
            let program = BuiltProgram(hub: hub.address)
            let served = try await program.run("server", "refresh", "--region", "us-east-1")
            #expect(served.status == 0 && served.output.contains("REQUESTED"), "\(served.errors)")
            #expect(hub.requests.last?.target == "/api/v1/drs/source-servers/refresh")
            let unserved = try await program.run("server", "refresh", "--account", "111122223333")
            #expect(unserved.status == 1 && unserved.output.contains("NO_SPOKE"))
        }
    }

    @Test func `hide executions only when told how old`() async throws {
        try await PlayedHub.running { _, _ in
            .answer(#"{"deleted": 3}"#)
        } _: { hub in
            let program = BuiltProgram(hub: hub.address)
            let run = try await program.run("execution", "hide", "--older-than", "2026-01-01T00:00:00Z")
            #expect(run.status == 0 && run.output == "Hidden: 3 executions.\n", "\(run.errors)")
            #expect(hub.requests.last?.method == "DELETE")
            #expect(hub.requests.last?.target == "/api/v1/executions?olderThan=2026-01-01T00%3A00%3A00.000Z")
            #expect(try await program.run("execution", "hide").status == 2)
            #expect(try await program.run("execution", "hide", "--all-ended", "-q").output == "3\n")
            #expect(hub.requests.last?.target == "/api/v1/executions" && hub.requests.count == 2)
        }
    }

    @Test func `choose what a server is launched from, and why`() async throws {
        try await PlayedHub.running { request, _ in
            request.body.contains("pit-00000000000000009")
                ? .problem(409, "SERVER_STARTED", #", "serverIds": ["s-11111111111111110"]"#)
                : .answer(Sample.execution(.running, waves: []).text)
        } _: { hub in
            let program = BuiltProgram(hub: hub.address)
            let start = ["execution", "recovery-point", Sample.executionId, "--server", "s-11111111111111110"]
            let reason = ["--reason", "encrypted"]
            let pinned = try await program.run(list: start + ["--to", "pit-00000000000000001"] + reason)
            #expect(pinned.status == 0, "\(pinned.errors)")
            #expect(
                pinned.output
                    == "s-11111111111111110 is launched from the recovery point pit-00000000000000001.\n"
            )
            let sent = try #require(hub.requests.last)
            let path = "/api/v1/executions/\(Sample.executionId)/servers/s-11111111111111110/recovery-point"
            #expect(sent.method == "PUT" && sent.target == path)
            let body = try JSON(parsing: Array(sent.body.utf8))
            #expect(body == ["recoverySnapshotId": "pit-00000000000000001", "reason": "encrypted"])
            let latest = try await program.run(list: start + ["--latest"] + reason)
            #expect(latest.output == "s-11111111111111110 is launched from its latest data.\n")
            let unpinned = try JSON(parsing: Array(hub.requests.last?.body.utf8 ?? "".utf8))
            #expect(unpinned == ["recoverySnapshotId": .null, "reason": "encrypted"])
            let late = try await program.run(list: start + ["--to", "pit-00000000000000009"] + reason)
            #expect(late.status == 1 && late.errors.contains("(SERVER_STARTED)"))
            #expect(try await program.run(list: start + reason).status == 2)
        }
    }

    private static func diagnosis(_ state: String, version: String = MusterVersion.text) -> JSON {
        [
            "examinedAt": "2020-01-01T00:00:00.000Z", "version": .string(version),
            "findings": [
                ["state": "GOOD", "subject": "database", "detail": "PostgreSQL 15, as muster_hub", "remedy": .null],
                ["state": .string(state), "subject": "spoke east", "detail": "last heard of", "remedy": "Its log."],
            ],
        ]
    }

    @Test func `tell what is wrong with the hub and what to do, and end with 1`() async throws {
        try await PlayedHub.running { _, number in
            .answer(Self.diagnosis(number == 1 ? "WRONG" : "DOUBTFUL").text)
        } _: { hub in
            let program = BuiltProgram(hub: hub.address)
            let wrong = try await program.run("doctor")
            #expect(wrong.status == 1)
            #expect(wrong.output.hasPrefix("ok     this program: version \(MusterVersion.text), as the hub\n"))
            #expect(wrong.output.contains("ok     database: PostgreSQL 15, as muster_hub\n"), "\(wrong.output)")
            #expect(wrong.output.contains("WRONG  spoke east: last heard of\n       → Its log.\n"), "\(wrong.output)")
            #expect(wrong.output.contains("look   this machine's clock: "), "\(wrong.output)")
            #expect(hub.requests.map(\.target) == ["/api/v1/diagnosis"])
            let doubtful = try await program.run("doctor", "--quiet")
            #expect(doubtful.status == 0 && doubtful.output == "GOOD\n", "\(doubtful.output)")
        }
    }

    @Test func `tell that the hub is another version`() async throws {
        try await PlayedHub.running { _, _ in
            .answer(Self.diagnosis("GOOD", version: "99.0.0").text)
        } _: { hub in
            let run = try await BuiltProgram(hub: hub.address).run("doctor")
            let said = "this program: version \(MusterVersion.text), and the hub is 99.0.0\n"
            #expect(run.status == 0 && run.output.hasPrefix("look"), "\(run.output)")
            #expect(run.output.contains(said), "\(run.output)")
        }
    }

    @Test(arguments: [
        ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true), ("00-4bf9-00f0-01", false), ("", false),
    ]) func `go on with the trace that they were started in`(_ trace: String, isOne: Bool) async throws {
        try await PlayedHub.running { _, _ in
            .answer(Self.account.text)
        } _: { hub in
            var program = BuiltProgram(hub: hub.address)
            program.environment["TRACEPARENT"] = trace
            let run = try await program.run("account", "show", "111122223333")
            #expect(run.status == 0, "\(run.errors)")
            #expect(hub.requests.map { $0.header("traceparent") } == [isOne ? trace : nil])
        }
    }

    @Test func `say which version they are`() async throws {
        let run = try await BuiltProgram(hub: "http://127.0.0.1:1", token: nil).run("--version")
        #expect(run.status == 0 && run.output == MusterVersion.text + "\n")
    }
}
