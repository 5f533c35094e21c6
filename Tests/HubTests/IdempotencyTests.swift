import Ambient
import Audit
import Conductor
import Hub
import JSON
import NIOHTTP1
import OpenSSL
import PostgreSQL
import Recovery
import Schema
import Store
import TestKit
import Testing

@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `An idempotency key` {
    private static let path = "/api/v1/accounts"

    private static func account(_ number: String, name: String = "Payments") -> String {
        #"""
        {"accountId":"\#(number)","accountName":"\#(name)","regions":["eu-west-1"],
         "spokePrincipals":["arn:aws:iam::\#(number):role/MusterSpoke"]}
        """#
    }

    private static func use(
        _ key: String,
        of body: JSON,
        at path: String,
        _ hub: HubUnderTest
    ) -> IdempotencyStatements.Use {
        IdempotencyStatements.Use(
            principal: "subject-of-ada@\(hub.issuer.url)",
            path: path,
            key: key,
            bodyHash: SHA256.digest(Array(body.canonicalText.utf8))
        )
    }

    private func create(
        _ hub: HubUnderTest,
        _ body: String,
        key: String,
        by name: String = "ada"
    ) async throws -> HubUnderTest.Answer {
        try await hub.ask(
            .POST,
            Self.path,
            token: try hub.admin(name),
            body: body,
            headers: [("idempotency-key", key)]
        )
    }

    @Test func `answers the same twice, though it is done once`() async throws {
        try await HubUnderTest.run { hub in
            let first = try await create(hub, Self.account("111122223333"), key: "one")
            let second = try await create(hub, Self.account("111122223333"), key: "one")
            #expect(first.status == 201)
            #expect(second.status == 201)
            #expect(second.bytes == first.bytes)
            for header in ["location", "etag"] {
                #expect(first.headers.first(name: header) != nil)
                #expect(second.headers.first(name: header) == first.headers.first(name: header))
            }
            let without = try await hub.ask(
                .POST,
                Self.path,
                token: try hub.admin(),
                body: Self.account("111122223333")
            )
            try hub.expectProblem(without, 409, "NAME_TAKEN")
        }
    }

    @Test func `does not mind another order of the body's members`() async throws {
        try await HubUnderTest.run { hub in
            let principals = #""spokePrincipals":[]"#
            let one = #"{"accountId":"111122223333","accountName":"A","regions":[],\#(principals)}"#
            let other = #"{\#(principals),"regions":[],"accountName":"A","accountId":"111122223333"}"#
            let first = try await create(hub, one, key: "order")
            let second = try await create(hub, other, key: "order")
            #expect(first.status == 201 && second.status == 201 && first.bytes == second.bytes)
        }
    }

    @Test func `is refused with another body, whether the first is done or not`() async throws {
        try await HubUnderTest.run { hub in
            #expect(try await create(hub, Self.account("111122223333"), key: "one").status == 201)
            let other = try await create(hub, Self.account("444455556666"), key: "one")
            try hub.expectProblem(other, 422, "IDEMPOTENCY_KEY_REUSED")
        }
    }

    @Test func `belongs to one principal and one path`() async throws {
        try await HubUnderTest.run { hub in
            #expect(try await create(hub, Self.account("111122223333", name: "A"), key: "one").status == 201)
            let other = try await create(hub, Self.account("444455556666", name: "B"), key: "one", by: "grace")
            #expect(other.status == 201)
        }
    }

    @Test func `keeps no failure, so that it can be tried again`() async throws {
        try await HubUnderTest.run { hub in
            #expect(try await create(hub, Self.account("111122223333"), key: "first").status == 201)
            let taken = try await create(hub, Self.account("444455556666"), key: "again")
            try hub.expectProblem(taken, 409, "NAME_TAKEN")
            #expect(try await hub.ask(.DELETE, Self.path + "/111122223333", token: try hub.admin()).status == 204)
            #expect(try await create(hub, Self.account("444455556666"), key: "again").status == 201)
        }
    }

    @Test func `does many calls at once one time`() async throws {
        try await HubUnderTest.run { hub in
            let answers = try await withThrowingTaskGroup(of: HubUnderTest.Answer.self) { group in
                for _ in 0..<20 { group.addTask { try await create(hub, Self.account("111122223333"), key: "many") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0.status == 201 }, "\(answers.map { $0.code ?? "\($0.status)" })")
            #expect(Set(answers.map(\.bytes)).count == 1)
            let pool = try TestDatabase.current.pool()
            defer { pool.close() }
            let created = Query("SELECT count(*) FROM audit_event WHERE action = 'CreateAccount'", as: Int.self)
            #expect(try await pool.first(created) == 1)
        }
    }

    @Test func `whose hub died is taken over by the next call with its intent, but not at once`() async throws {
        let pool = try TestDatabase.current.pool()
        defer { pool.close() }
        let now = SystemTime().now()
        let use = IdempotencyStatements.Use(principal: "p", path: "/x", key: "k", bodyHash: [1])
        let other = IdempotencyStatements.Use(principal: "p", path: "/x", key: "k", bodyHash: [2])
        func claim(
            _ use: IdempotencyStatements.Use,
            _ intent: String,
            after seconds: Int
        ) async throws -> IdempotencyStatements.Claim? {
            let later = now + .seconds(seconds)
            let (abandoned, expired) = (later - .seconds(15), later - .seconds(86_400))
            return try await pool.first(
                IdempotencyStatements.claim(use, intending: intent, at: later, abandoned: abandoned, expired: expired)
            )
        }
        let first = try await claim(use, "a", after: 0)
        #expect(first?.intent == "a" && first?.wasTakenOver == false)
        let (soon, otherBody) = (try await claim(use, "b", after: 14), try await claim(other, "c", after: 16))
        #expect(soon == nil && otherBody == nil)
        let taken = try await claim(use, "d", after: 16)
        #expect(taken?.intent == "a" && taken?.wasTakenOver == true)
        try await pool.execute(IdempotencyStatements.keep(use, status: 201, headers: [:], body: "{}"))
        #expect(try await claim(use, "e", after: 40) == nil)
        let anew = try await claim(other, "f", after: 86_500)
        #expect(anew?.intent == "f" && anew?.wasTakenOver == false)
    }

    @Test func `of a hub that slept is answered as by the hub that took it over`() async throws {
        let pool = try TestDatabase.current.pool()
        defer { pool.close() }
        try await HubUnderTest.run { hub in
            let body = Self.account("555566667777", name: "Slept")
            let use = Self.use("slept", of: try JSON(parsing: body.utf8), at: Self.path, hub)
            let intent = Ambient().identifier(for: AuditEvent.self)
            let long = SystemTime().now() - .seconds(16)
            let claim = IdempotencyStatements.claim(
                use,
                intending: intent.description,
                at: long,
                abandoned: long,
                expired: long
            )
            #expect(try await pool.first(claim)?.wasTakenOver == false)
            let event = AuditEvent(
                eventId: intent,
                at: long,
                principal: use.principal,
                action: "CreateAccount",
                outcome: .done
            )
            // The other hub has made it and not yet committed; this one, which saw nothing of it, waits for its turn.
            let waiting = Query(
                """
                SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
                 WHERE NOT granted AND datname = current_database()
                """,
                as: Int.self
            )
            let answer = try await withThrowingTaskGroup(of: HubUnderTest.Answer.self) { group in
                try await pool.transaction { transaction in
                    try await transaction.execute(event.insert)
                    group.addTask { try await create(hub, body, key: "slept") }
                    try await eventually("this hub waits for the other") { (try await pool.first(waiting) ?? 0) > 0 }
                    try await transaction.execute(
                        IdempotencyStatements.keep(use, status: 201, headers: [:], body: #"{"made":"by the other"}"#)
                    )
                }
                return try #require(try await group.next())
            }
            #expect(answer.status == 201)
            #expect(try answer.json["made"]?.string == "by the other")
        }
    }

    @Test func `finds what a hub that died had started, and starts nothing more`() async throws {
        let id = Ambient().identifier(for: Execution.self)
        let started = try await Conductor.startDrill(as: id)
        let body: JSON = ["planId": .string(started.plan.planId.description), "executionType": "DRILL"]
        try await HubUnderTest.run { hub in
            let pool = try TestDatabase.current.pool()
            defer { pool.close() }
            let use = Self.use("drill", of: body, at: "/api/v1/executions", hub)
            let long = SystemTime().now() - .seconds(16)
            let claim = IdempotencyStatements.claim(
                use,
                intending: id.description,
                at: long,
                abandoned: long,
                expired: long
            )
            #expect(try await pool.first(claim)?.wasTakenOver == false)
            // What it had committed with the start.
            let event = AuditEvent(
                eventId: Identifier(id.uuid),
                at: long,
                principal: use.principal,
                action: "StartExecution",
                outcome: .done
            )
            try await pool.execute(event.insert)
            for _ in 0..<2 {
                let answer = try await hub.ask(
                    .POST,
                    "/api/v1/executions",
                    token: try hub.admin(),
                    body: body.text,
                    headers: [("idempotency-key", "drill")]
                )
                #expect(answer.status == 202)
                let execution = try answer.json
                #expect(execution["executionId"]?.string == id.description)
            }
        }
    }

    @Test(arguments: ["", String(repeating: "k", count: 65), "a b", "ä"])
    func `of another form is 400`(key: String) async throws {
        try await HubUnderTest.run { hub in
            try hub.expectProblem(try await create(hub, Self.account("111122223333"), key: key), 400, "INVALID_REQUEST")
        }
    }
}
