import Ambient
import Hub
import JSON
import NIOHTTP1
import OrderedCollections
import Recovery
import Schema
import TestKit
import Testing

/// What the calls about accounts, groups and plans do, over a real socket and a real database, without any spoke.
@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `A hub without spokes` {
    private static let account = Place.sample().accountId.rawValue
    private static let region = Place.sample().region.rawValue

    /// A registered account with servers 1 to 6, of which the even ones have the tag tier=web.
    private static func prepare(_ hub: HubUnderTest) async throws -> JSON {
        let made = try await hub.send(
            .POST,
            "/accounts",
            ["accountId": .string(account), "accountName": "Shop", "regions": [.string(region)], "spokePrincipals": []]
        )
        try await TestDatabase.current.pool().sync([1, 3, 5])
        try await TestDatabase.current.pool().sync([2, 4, 6], tags: ["tier": "web"])
        return made
    }

    private static func group(_ name: String, _ servers: [Int], tags: JSON = [:]) -> JSON {
        [
            "groupName": .string(name), "accountId": .string(account), "region": .string(region),
            "sourceServerIds": .array(servers.map { .string(SourceServerID.sample($0).rawValue) }),
            "serverSelectionTags": tags,
        ]
    }

    @Test func `makes an account's external ID itself and shows it to administrators alone`() async throws {
        try await HubUnderTest.run { hub in
            let made = try await Self.prepare(hub)
            let secret = try #require(made["externalId"]?.string)
            #expect(secret.count == 32)
            let reader = try hub.issuer.token(.readOnly)
            let shown = try await hub.ask(.GET, "/api/v1/accounts/\(Self.account)", token: reader)
            #expect(shown.status == 200)
            #expect(shown.headers.first(name: "etag") == "\"1\"")
            #expect(!String(decoding: shown.bytes, as: UTF8.self).contains(secret))
            let changed: JSON = [
                "accountName": "Store", "regions": [.string(Self.region)], "spokePrincipals": [], "externalId": "mine",
            ]
            let refused = try await hub.attempt(.PUT, "/accounts/\(Self.account)", changed)
            #expect(refused.status == 400)
            #expect(refused.pointers == ["/externalId"])
        }
    }

    @Test func `refuses an unknown server at once, and says that nobody could be asked`() async throws {
        try await HubUnderTest.run { hub in
            _ = try await Self.prepare(hub)
            let answer = try await hub.attempt(.POST, "/protection-groups", Self.group("g", [1, 77, 78]))
            try hub.expectProblem(answer, 422, "UNKNOWN_SERVER")
            let problem = try answer.json
            #expect(problem["detail"]?.string?.contains("nobody could be asked") == true)
            let named = problem["serverIds"]?.array?.compactMap(\.string)
            #expect(named == [77, 78].map { SourceServerID.sample($0).rawValue })
            #expect(try await hub.send(.GET, "/protection-groups", nil)["items"]?.array?.isEmpty == true)
        }
    }

    @Test func `keeps groups apart and names what stands in the way`() async throws {
        try await HubUnderTest.run { hub in
            _ = try await Self.prepare(hub)
            let first = try await hub.send(.POST, "/protection-groups", Self.group("Databases", [1, 2]))
            #expect(first["serverCount"]?.integer == 2)
            #expect(first["servers"]?.array?.count == 2)
            let id = try #require(first["groupId"]?.string)
            let thief = try await hub.attempt(.POST, "/protection-groups", Self.group("Thief", [2, 3]))
            try hub.expectProblem(thief, 409, "SERVER_ASSIGNED")
            #expect(
                try thief.json["servers"]
                    == [
                        [
                            "serverId": .string(SourceServerID.sample(2).rawValue), "groupId": .string(id),
                            "groupName": "Databases",
                        ]
                    ]
            )
            let named = try await hub.attempt(.POST, "/protection-groups", Self.group("DATABASES", [3]))
            try hub.expectProblem(named, 409, "NAME_TAKEN")
            let web = try await hub.send(.POST, "/protection-groups", Self.group("Web", [], tags: ["tier": "web"]))
            #expect(web["serverCount"]?.integer == 2)
            #expect(web["conflicts"]?.array?.count == 1)
            let preview = try await hub.send(
                .POST,
                "/protection-groups/resolve",
                [
                    "accountId": .string(Self.account), "region": .string(Self.region),
                    "serverSelectionTags": ["tier": "web"],
                ]
            )
            #expect(preview["servers"]?.array?.count == 3)
            #expect(preview["conflicts"]?.array?.count == 3)
            let assigned = try await hub.send(.GET, "/drs/source-servers?assignment=ASSIGNED&limit=3", nil)
            #expect(assigned["items"]?.array?.count == 3)
            #expect(assigned["nextToken"]?.string != nil)
            let removed = try await hub.attempt(.DELETE, "/accounts/\(Self.account)", nil)
            try hub.expectProblem(removed, 409, "ACCOUNT_IN_USE")
        }
    }

    @Test func `saves a plan, changes it under its revision, and refuses what its rules forbid`() async throws {
        try await HubUnderTest.run { hub in
            _ = try await Self.prepare(hub)
            let made = try await hub.send(.POST, "/protection-groups", Self.group("All", [1, 2, 3]))
            let group = try #require(made["groupId"])
            func wave(_ number: Int, _ servers: [Int], after: [Int] = []) -> JSON {
                [
                    "waveNumber": .integer(Int64(number)), "protectionGroupIds": [group],
                    "serverIds": .array(servers.map { .string(SourceServerID.sample($0).rawValue) }),
                    "dependsOnWaves": .array(after.map { .integer(Int64($0)) }),
                ]
            }
            func plan(_ waves: [JSON], _ ordering: String = "SEQUENTIAL") -> JSON {
                ["planName": "Shop", "ordering": .string(ordering), "waves": .array(waves)]
            }
            let cycle = plan([wave(0, [1], after: [1]), wave(1, [2], after: [0])], "DEPENDENCIES")
            let refused = try await hub.attempt(.POST, "/recovery-plans", cycle)
            try hub.expectProblem(refused, 422, "WAVE_CYCLE")
            #expect(try refused.json["cycle"] == [0, 1])
            let many = try await hub.attempt(.POST, "/recovery-plans", plan([wave(0, [1, 1]), wave(2, [6, 1])]))
            try hub.expectProblem(many, 422, "RULE_BROKEN")
            #expect(
                many.pointers == [
                    "/waves/1/waveNumber", "/waves/0/serverIds/1", "/waves/1/serverIds/0", "/waves/1/serverIds/1",
                ]
            )
            let saved = try await hub.send(.POST, "/recovery-plans", plan([wave(1, [2], after: [0]), wave(0, [1])]))
            let path = "/recovery-plans/\(try #require(saved["planId"]?.string))"
            #expect(saved["waves"]?.array?.map { $0["waveNumber"] } == [0, 1])
            #expect(saved["totalServers"]?.integer == 2)
            let validation = try await hub.send(.POST, path + "/validate", nil)
            #expect(validation["startable"]?.bool == true)
            // Nobody serves the account: the verdict says so, is kept, and keeps nobody from a start.
            #expect(validation["readiness"]?["state"] == "NOT_READY")
            let reason = try #require(validation["readiness"]?["reasons"]?.array?.first)
            #expect(reason["code"] == "NO_SPOKE")
            #expect(reason["accountIds"] == [.string(Self.account)])
            #expect(reason["whatToDo"]?.string?.isEmpty == false)
            #expect(try await hub.send(.GET, path, nil)["readiness"] == validation["readiness"])
            let broken = try await hub.send(.GET, "/recovery-plans?readiness=NOT_READY", nil)
            #expect(broken["items"]?.array?.count == 1)
            let sound = try await hub.send(.GET, "/recovery-plans?readiness=VERIFIED", nil)
            #expect(sound["items"]?.array?.isEmpty == true)
            let dashboard = try await hub.send(.GET, "/dashboard", nil)
            #expect(
                dashboard["plans"] == ["total": 1, "verified": 0, "needsCheck": 0, "notReady": 1, "drillDue": 1]
            )
            #expect(dashboard["notReadyPlans"]?.array?.map { $0["planName"] } == ["Shop"])
            let inUse = try await hub.attempt(.DELETE, "/protection-groups/\(group.string ?? "")", nil)
            try hub.expectProblem(inUse, 409, "GROUP_IN_USE")
            let stale = try await hub.attempt(.PUT, path, plan([wave(0, [1])]), headers: [("if-match", "\"7\"")])
            try hub.expectProblem(stale, 412, "REVISION_STALE")
            let changed = try await hub.attempt(.PUT, path, plan([wave(0, [1])]), headers: [("if-match", "\"1\"")])
            #expect(changed.status == 200)
            #expect(changed.headers.first(name: "etag") == "\"2\"")
            // What was read can be written back as it is.
            let waves = try #require(try await hub.send(.GET, path, nil)["waves"])
            let again = try await hub.attempt(.PUT, path, ["planName": "Shop", "waves": waves])
            #expect(again.status == 200, "\(again.pointers)")
            #expect(try again.json["waves"] == waves)
            #expect(try await hub.attempt(.DELETE, path, nil).status == 204)
            try hub.expectProblem(try await hub.attempt(.GET, path, nil), 404, "NOT_FOUND")
        }
    }

    @Test func `refuses the cursor of another list, or of another order`() async throws {
        try await HubUnderTest.run { hub in
            _ = try await Self.prepare(hub)
            let page = try await hub.send(.GET, "/drs/source-servers?limit=2&sort=hostname", nil)
            let cursor = try #require(page["nextToken"]?.string)
            let next = try await hub.send(.GET, "/drs/source-servers?limit=9&sort=hostname&nextToken=\(cursor)", nil)
            #expect(next["items"]?.array?.count == 4)
            #expect(next["nextToken"]?.isNull == true)
            for path in [
                "/drs/source-servers?nextToken=\(cursor)", "/recovery-plans?nextToken=\(cursor)",
                "/protection-groups?nextToken=abc", "/accounts?nextToken=\(cursor)", "/spokes?nextToken=\(cursor)",
                "/drs/quotas?nextToken=\(cursor)", "/drs/regions?nextToken=\(cursor)",
            ] {
                let refused = try await hub.attempt(.GET, path, nil)
                try hub.expectProblem(refused, 400, "INVALID_REQUEST")
                #expect(refused.pointers == ["/nextToken"], "\(path)")
            }
        }
    }
}

extension HubUnderTest {
    /// Asks as an administrator.
    fileprivate func attempt(
        _ method: HTTPMethod,
        _ path: String,
        _ body: JSON?,
        headers: [(String, String)] = []
    ) async throws -> Answer {
        try await ask(method, "/api/v1" + path, token: try admin(), body: body?.text, headers: headers)
    }

    /// Asks as an administrator for what must succeed.
    fileprivate func send(_ method: HTTPMethod, _ path: String, _ body: JSON?) async throws -> JSON {
        let answer = try await attempt(method, path, body)
        try #require((200..<300).contains(answer.status), "\(String(decoding: answer.bytes, as: UTF8.self))")
        return try answer.json
    }
}
