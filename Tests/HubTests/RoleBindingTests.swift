import Ambient
import Hub
import JSON
import NIOHTTP1
import Recovery
import Schema
import TestKit
import Testing

@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `A role binding` {
    private func bind(_ hub: HubUnderTest, _ body: JSON, as token: String? = nil) async throws -> HubUnderTest.Answer {
        try await hub.ask(.POST, "/api/v1/role-bindings", token: try token ?? hub.admin(), body: body.text)
    }

    private func me(_ hub: HubUnderTest, _ token: String) async throws -> JSON {
        try await hub.ask(.GET, "/api/v1/users/me", token: token).json
    }

    @Test func `holds from the next request on, and no longer than it is there`() async throws {
        try await HubUnderTest.run { hub in
            let token = try hub.issuer.token(changing: ["cognito:groups": ["night-shift"]])
            #expect(try await me(hub, token)["roles"]?.array == [])
            let made = try await bind(hub, AccessWorld.binding("night-shift", .recoveryOperator, nil))
            #expect(made.status == 201 && made.headers.first(name: "etag") == "\"1\"")
            #expect(try await me(hub, token)["roles"] == ["DRSOperator"])
            let path = try #require(made.headers.first(name: "location"))
            let changed = try await hub.ask(
                .PUT,
                path,
                token: try hub.admin(),
                body: AccessWorld.binding("night-shift", .readOnly, nil).text,
                headers: [("if-match", "\"1\"")]
            )
            #expect(changed.status == 200 && changed.headers.first(name: "etag") == "\"2\"")
            #expect(try await me(hub, token)["roles"] == ["DRSReadOnly"])
            let stale = try await hub.ask(.DELETE, path, token: try hub.admin(), headers: [("if-match", "\"1\"")])
            try hub.expectProblem(stale, 412, "REVISION_STALE")
            #expect(try await hub.ask(.DELETE, path, token: try hub.admin()).status == 204)
            #expect(try await me(hub, token)["roles"]?.array == [])
        }
    }

    @Test func `is known to the other replica too`() async throws {
        try await HubUnderTest.run { first in
            try await HubUnderTest.run { second in
                let token = try second.issuer.token(changing: ["cognito:groups": ["night-shift"]])
                #expect(try await me(second, token)["roles"]?.array == [])
                let made = try await bind(first, AccessWorld.binding("night-shift", .readOnly, nil))
                #expect(made.status == 201)
                try await eventually("the other replica knows") {
                    try await me(second, token)["roles"] == ["DRSReadOnly"]
                }
            }
        }
    }

    @Test func `takes the place of what a group has by its name`() async throws {
        try await HubUnderTest.run { hub in
            let world = try await AccessWorld(hub)
            let token = try hub.issuer.token(.recoveryOperator)
            #expect(try await me(hub, token)["scope"]?["allAccounts"]?.bool == true)
            let made = try await bind(hub, AccessWorld.binding("DRSOperator", .recoveryOperator, [world.here]))
            #expect(made.status == 201)
            #expect(try await me(hub, token)["scope"]?["accountIds"] == [.string(world.here.accountId.rawValue)])
        }
    }

    @Test func `gives each permission its own reach`() async throws {
        try await HubUnderTest.run { hub in
            let world = try await AccessWorld(hub)
            let token = try hub.issuer.token(changing: [
                "cognito:groups": ["DRSReadOnly", "limited DRSRecoveryManager"]
            ])
            let path = "/api/v1/executions/\(world.name("executionId", of: .there))"
            #expect(try await hub.ask(.GET, path, token: token).status == 200)
            let refused = try await hub.ask(.POST, path + "/notes", token: token, body: #"{"text":"mine?"}"#)
            try hub.expectProblem(refused, 403, "OUTSIDE_SCOPE")
            let own = "/api/v1/executions/\(world.name("executionId", of: .here))/notes"
            #expect(try await hub.ask(.POST, own, token: token, body: #"{"text":"mine"}"#).status < 300)
        }
    }

    @Test func `is for one principal, or for a program's scope, as well`() async throws {
        try await HubUnderTest.run { hub in
            let token = try hub.issuer.token(name: "grace")
            let principal = try #require(try await me(hub, token)["principal"]?.string)
            let body: JSON = ["kind": "SUBJECT", "name": .string(principal), "role": "DRSReadOnly"]
            #expect(try await bind(hub, body).status == 201)
            #expect(try await me(hub, token)["roles"] == ["DRSReadOnly"])
            #expect(try await me(hub, try hub.issuer.token(name: "eve"))["roles"]?.array == [])
            let scope: JSON = ["kind": "CLIENT_SCOPE", "name": "muster/admin", "role": "DRSReadOnly"]
            #expect(try await bind(hub, scope).status == 201)
            let machine = try hub.issuer.machineToken(scope: "muster/admin")
            #expect(try await me(hub, machine)["roles"] == ["DRSReadOnly"])
        }
    }

    @Test func `is refused where it would lock out whoever makes it, is there already, or is of nothing`() async throws
    {
        try await HubUnderTest.run { hub in
            let world = try await AccessWorld(hub)
            let locked = try await bind(hub, AccessWorld.binding("DRSOrchestrationAdmin", .admin, [world.here]))
            try hub.expectProblem(locked, 409, "ADMINISTRATION_LOST")
            #expect(try await me(hub, try hub.admin())["scope"]?["allAccounts"]?.bool == true)
            let twice = try await bind(hub, AccessWorld.binding("of here", .readOnly, [world.there]))
            try hub.expectProblem(twice, 409, "NAME_TAKEN")
            let unknown = try await bind(hub, AccessWorld.binding("new", .readOnly, [Place.sample(7)]))
            try hub.expectProblem(unknown, 422, "UNKNOWN_ACCOUNT")
            let nothing = try await bind(hub, AccessWorld.binding("new", .readOnly, []))
            try hub.expectProblem(nothing, 400, "INVALID_REQUEST")
        }
    }
}
