import Hub
import JSON
import NIOHTTP1
import OrderedCollections
import Recovery
import Schema
import TestKit
import Testing

/// What is kept of each revision of a plan, and how a plan gets from one hub to another.
@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `A plan's versions and its file` {
    private func attempt(
        _ hub: HubUnderTest,
        _ method: HTTPMethod,
        _ path: String,
        _ body: JSON? = nil,
        token: String? = nil
    ) async throws -> HubUnderTest.Answer {
        try await hub.ask(method, "/api/v1" + path, token: token ?? hub.admin(), body: body?.text)
    }

    private func send(
        _ hub: HubUnderTest,
        _ method: HTTPMethod,
        _ path: String,
        _ body: JSON? = nil,
        token: String? = nil
    ) async throws -> JSON {
        let answer = try await attempt(hub, method, path, body, token: token)
        try #require((200..<300).contains(answer.status), "\(String(decoding: answer.bytes, as: UTF8.self))")
        return try answer.json
    }

    @Test func `are there as they were saved, page by page`() async throws {
        try await HubUnderTest.run(keys: ["MUSTER_RATE_LIMITS": "off"]) { hub in
            let world = try await AccessWorld(hub)
            let path = "/recovery-plans/\(world.name("planId", of: .here))"
            let first = try await send(hub, .GET, path)
            // While an execution of a plan runs it cannot be changed.
            _ = try await send(hub, .DELETE, "/executions/\(world.name("executionId", of: .here))")
            _ = try await send(hub, .PUT, path, AccessWorld.plan("Second", [world.name("groupId", of: .here)]))
            let list = try await send(hub, .GET, path + "/versions?limit=1")
            #expect(list["items"]?.array?.map { $0["revision"] } == [2])
            #expect(list["items"]?.array?.map { $0["planName"] } == ["Second"])
            let cursor = try #require(list["nextToken"]?.string)
            let rest = try await send(hub, .GET, path + "/versions?nextToken=\(cursor)")
            #expect(rest["items"]?.array?.map { $0["revision"] } == [1])
            #expect(rest["nextToken"]?.isNull == true)
            let version = try await send(hub, .GET, path + "/versions/1")
            for member in ["planName", "description", "ordering", "waves", "owner"] {
                #expect(version[member] == first[member], "\(member)")
            }
            #expect(version["groups"]?.array?.map { $0["groupName"] } == ["Here"])
            let none = try await attempt(hub, .GET, path + "/versions/3")
            try hub.expectProblem(none, 404, "NOT_FOUND")
        }
    }

    @Test func `show of others' accounts how much there is, and no more`() async throws {
        try await HubUnderTest.run(keys: ["MUSTER_RATE_LIMITS": "off"]) { hub in
            let world = try await AccessWorld(hub)
            let path = "/recovery-plans/\(world.name("planId", of: .both))"
            let token = try world.limited(.readOnly)
            let version = try await send(hub, .GET, path + "/versions/1", token: token)
            let wave = try #require(version["waves"]?.array?.first)
            #expect(wave["protectionGroupIds"]?.array?.count == 1)
            #expect(wave["outsideScope"]?["groups"]?.integer == 1)
            #expect(version["groups"]?.array?.map { $0["groupName"] } == ["Half here"])
        }
    }

    @Test func `make the same plan again, by the names of its groups`() async throws {
        try await HubUnderTest.run(keys: ["MUSTER_RATE_LIMITS": "off"]) { hub in
            let world = try await AccessWorld(hub)
            let path = "/recovery-plans/\(world.name("planId", of: .both))"
            var file = try #require(try await send(hub, .GET, path + "/file").object)
            #expect(file["waves"]?.array?.first?["protectionGroupIds"] == ["Half here", "Half there"])
            let taken = try await attempt(hub, .POST, "/recovery-plans/import", .object(file))
            try hub.expectProblem(taken, 409, "NAME_TAKEN")
            file["planName"] = "Again"
            let made = try await send(hub, .POST, "/recovery-plans/import", .object(file))
            let old = try await send(hub, .GET, path)
            #expect(made["waves"] == old["waves"])
            #expect(made["planId"] != old["planId"])
            #expect(made["revision"]?.integer == 1)
        }
    }

    @Test func `name every group that is missing, and make nothing`() async throws {
        try await HubUnderTest.run(keys: ["MUSTER_RATE_LIMITS": "off"]) { hub in
            _ = try await AccessWorld(hub)
            let body = AccessWorld.plan("New", ["HERE", "Nowhere", "There", "Gone"])
            let answer = try await attempt(hub, .POST, "/recovery-plans/import", body)
            try hub.expectProblem(answer, 422, "UNKNOWN_GROUP")
            let groups = "/waves/0/protectionGroupIds"
            #expect(answer.pointers == ["\(groups)/1", "\(groups)/3"])
            let plans = try await send(hub, .GET, "/recovery-plans?q=New")
            #expect(plans["items"]?.array?.isEmpty == true)
        }
    }
}
