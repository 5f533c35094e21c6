import Ambient
import Hub
import JSON
import NIOHTTP1
import PostgreSQL
import Recovery
import Schema
import TestKit
import Testing

@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `A caller` {
    @Test func `learns who they are, with the permissions of all their roles`() async throws {
        try await HubUnderTest.run { hub in
            let token = try hub.issuer.token(.planManager, .recoveryOperator)
            let me = try (try await hub.ask(.GET, "/api/v1/users/me", token: token)).json
            #expect(me["name"]?.string == "ada")
            #expect(me["subject"]?.string == "subject-of-ada")
            #expect(me["kind"]?.string == "PERSON")
            let permissions = Set(me["permissions"]?.array?.compactMap(\.string) ?? [])
            let expected = Role.planManager.permissions.union(Role.recoveryOperator.permissions)
            #expect(permissions == Set(expected.map(\.rawValue)))
            #expect(me["scope"]?["allAccounts"]?.bool == true)
        }
    }

    @Test(arguments: [("muster/read", Role.readOnly), ("muster/operate", .recoveryManager), ("muster/admin", .admin)])
    func `that is a program has the role of its scope`(scope: String, role: Role) async throws {
        try await HubUnderTest.run { hub in
            let token = try hub.issuer.machineToken(scope: "other/thing \(scope)")
            let me = try (try await hub.ask(.GET, "/api/v1/users/me", token: token)).json
            #expect(me["kind"]?.string == "MACHINE")
            #expect(me["roles"]?.array?.compactMap(\.string) == [role.rawValue])
        }
    }

    @Test func `is turned away in the same words, whatever is wrong with the token`() async throws {
        try await HubUnderTest.run { hub in
            let past = JSON.integer(SystemTime().now().milliseconds / 1000 - 61)
            let tokens = [
                "x", "a.b.c", try hub.issuer.token(.admin, changing: ["exp": past]),
                try hub.issuer.token(.admin, changing: ["token_use": "id"]),
                try hub.issuer.token(.admin, changing: ["client_id": "other"]),
                try hub.issuer.token(.admin, changing: ["iss": "http://127.0.0.1:1/pool"]),
                String(repeating: "x", count: 9000), String(try hub.admin().dropLast(4)) + "AAAA",
            ]
            var details: Set<String> = []
            for token in tokens {
                let answer = try await hub.ask(.GET, "/api/v1/users/me", token: token)
                try hub.expectProblem(answer, 401, "UNAUTHENTICATED")
                details.insert(try answer.json["detail"]?.string ?? "")
                let challenge = answer.headers.first(name: "www-authenticate")
                #expect(challenge == #"Bearer realm="muster", error="invalid_token""#)
            }
            #expect(details.count == 1)
        }
    }

    @Test func `may write the scheme in any case, but needs it, once`() async throws {
        try await HubUnderTest.run { hub in
            let token = try hub.admin()
            func ask(_ values: [String]) async throws -> Int {
                let headers = values.map { ("authorization", $0) }
                return try await hub.ask(.GET, "/api/v1/users/me", token: nil, bytes: nil, headers: headers).status
            }
            let (good, lower) = (try await ask(["Bearer \(token)"]), try await ask(["bearer  \(token)"]))
            #expect(good == 200 && lower == 200)
            for values in [
                [token], ["Basic \(token)"], ["Bearer"], ["Bearer a b"], ["Bearer \(token)", "Bearer \(token)"],
            ] {
                #expect(try await ask(values) == 401, "\(values.count)")
            }
        }
    }

    @Test func `that asks too often is told how long to wait`() async throws {
        try await HubUnderTest.run(keys: ["MUSTER_RATE_LIMITS": "failures=3/0.01,requests=5/0.01"]) { hub in
            let token = try hub.admin()
            for _ in 0..<5 { #expect(try await hub.ask(.GET, "/api/v1/users/me", token: token).status == 200) }
            let slow = try await hub.ask(.GET, "/api/v1/users/me", token: token)
            try hub.expectProblem(slow, 429, "TOO_MANY_REQUESTS")
            let wait = try #require(slow.headers.first(name: "retry-after").flatMap { Int($0) })
            #expect((1...100).contains(wait))
            #expect(try await hub.ask(.GET, "/api/v1/users/me", token: try hub.admin("grace")).status == 200)
            for _ in 0..<3 { #expect(try await hub.ask(.GET, "/api/v1/users/me", token: "x").status == 401) }
            try hub.expectProblem(try await hub.ask(.GET, "/api/v1/users/me", token: "x"), 429, "TOO_MANY_REQUESTS")
            // Whoever has a good token is not kept out by others at the same address.
            #expect(try await hub.ask(.GET, "/api/v1/users/me", token: try hub.admin("grace")).status == 200)
        }
    }

    @Test func `has their changes in the audit, and nothing else`() async throws {
        try await HubUnderTest.run { hub in
            let token = try hub.admin()
            let new = #"{"accountId":"111122223333","accountName":"A","regions":[],"spokePrincipals":[]}"#
            let created = try await hub.ask(
                .POST,
                "/api/v1/accounts",
                token: token,
                bytes: Array(new.utf8),
                headers: [("x-request-id", "request-1")]
            )
            #expect(created.status == 201)
            _ = try await hub.ask(.POST, "/api/v1/accounts", token: token, body: new)
            _ = try await hub.ask(.GET, "/api/v1/accounts", token: token)
            _ = try await hub.ask(.POST, "/api/v1/accounts/111122223333/validate", token: token)
            #expect(try await hub.ask(.DELETE, "/api/v1/accounts/111122223333", token: token).status == 204)
            let pool = try TestDatabase.current.pool()
            defer { pool.close() }
            let events = try await pool.run(
                Query(
                    "SELECT action, principal, subject_id, request_id, source_address FROM audit_event ORDER BY event_id",
                    as: String.self,
                    String.self,
                    String?.self,
                    String?.self,
                    String?.self
                )
            )
            #expect(events.map(\.0) == ["CreateAccount", "DeleteAccount"])
            #expect(events.allSatisfy { $0.1 == "subject-of-ada@\(hub.issuer.url)" && $0.2 == "111122223333" })
            #expect(events.first?.3 == "request-1")
            #expect(events.first?.4 == "127.0.0.1")
        }
    }
}
