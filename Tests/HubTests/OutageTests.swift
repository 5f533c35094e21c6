import Ambient
import Hub
import JSON
import NIOHTTP1
import PostgreSQL
import Schema
import TestKit
import Testing

@Suite struct `A hub without its database` {
    @Test func `is not ready and answers 503, and recovers by itself`() async throws {
        // It is killed, and must then still have its schema.
        let server = try await DatabaseServer.start(settings: ["fsync": "on", "synchronous_commit": "on"])
        let url = server.url(database: "postgres")
        try await Migrator(Schema.migrations, ambient: Ambient(), logger: .quiet).apply(to: url)
        try await HubUnderTest.run(databaseURL: url) { hub in
            let token = try hub.admin()
            try await eventually("ready") { try await hub.ask(.GET, "/health/ready", token: nil).status == 200 }
            #expect(try await hub.ask(.GET, "/api/v1/accounts", token: token).status == 200)
            try await server.kill()
            let (live, ready) = (
                try await hub.ask(.GET, "/health/live", token: nil),
                try await hub.ask(.GET, "/health/ready", token: nil)
            )
            #expect(live.status == 200)
            try hub.expectProblem(ready, 503, "UNAVAILABLE")
            let answer = try await hub.ask(.GET, "/api/v1/accounts", token: token)
            try hub.expectProblem(answer, 503, "UNAVAILABLE")
            #expect(answer.headers.first(name: "retry-after") != nil)
            // Who is calling is known without the database, but not what they may do.
            #expect(try await hub.ask(.GET, "/api/v1/role-bindings", token: token).status == 503)
            #expect(try await hub.ask(.GET, "/api/v1/users/me", token: "x").status == 401)
            try await server.restart()
            try await eventually("ready again") { try await hub.ask(.GET, "/health/ready", token: nil).status == 200 }
            #expect(try await hub.ask(.GET, "/api/v1/accounts", token: token).status == 200)
        }
    }

    @Test func `is not ready while the schema is not there`() async throws {
        let server = try await DatabaseServer.start()
        try await HubUnderTest.run(databaseURL: server.url(database: "postgres")) { hub in
            try hub.expectProblem(try await hub.ask(.GET, "/health/ready", token: nil), 503, "UNAVAILABLE")
        }
    }
}
