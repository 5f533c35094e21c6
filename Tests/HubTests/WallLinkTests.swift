import Ambient
import AsyncHTTPClient
import Conductor
import Contract
import Hub
import JSON
import NIOCore
import NIOHTTP1
import PostgreSQL
import Recovery
import Schema
import TestKit
import Testing

@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `A link to a wall` {
    private static func make(_ hub: HubUnderTest, _ execution: Execution, hours: Int = 24) async throws -> JSON {
        let body: JSON = ["hours": .integer(Int64(hours)), "label": "Crisis room"]
        let path = "/api/v1/executions/\(execution.id)/wall-links"
        let answer = try await hub.ask(.POST, path, token: try hub.admin(), body: body.text)
        #expect(answer.status == 200)
        return try answer.json
    }

    private static func get(_ hub: HubUnderTest, _ path: String) async throws -> (status: Int, text: String) {
        let request = HTTPClientRequest(url: "http://127.0.0.1:\(hub.port)\(path)")
        let answer = try await hub.client.execute(request, timeout: .seconds(120))
        let body = try await answer.body.collect(upTo: 1 << 20)
        return (Int(answer.status.code), String(buffer: body))
    }

    @Test func `shows its execution without a session, and nothing else`() async throws {
        try await HubUnderTest.run { hub in
            let (one, other) = (try await Conductor.startDrill(), Execution.ID.sample(9))
            let path = try #require(try await Self.make(hub, one)["path"]?.string)
            let secret = try #require(path.split(separator: "=").last)
            let shown = try await Self.get(hub, path)
            #expect(shown.status == 200)
            #expect(shown.text.contains("id=\"wall\""))
            for place in [
                "/executions/\(other)/wall", "/executions/\(one.id)", "/", "/api/v1/executions/\(one.id)",
                "/ui/live?topics=execution:\(one.id)&at=%3Fshare%3D\(secret)&",
                "/ui/live?topics=executions&at=%3Fshare%3D\(secret)&",
                "/ui/live?topics=wall:\(other)&at=%3Fshare%3D\(secret)&",
            ] {
                let answer = try await Self.get(hub, place + (place.contains("?") ? "" : "?") + "share=\(secret)")
                #expect([303, 401].contains(answer.status), "\(place): \(answer.status)")
            }
        }
    }

    @Test func `is kept as a hash, and said only once`() async throws {
        try await HubUnderTest.run { hub in
            let execution = try await Conductor.startDrill()
            let path = try #require(try await Self.make(hub, execution)["path"]?.string)
            let secret = try #require(path.split(separator: "=").last.map(String.init))
            let list = try await hub.ask(
                .GET,
                "/api/v1/executions/\(execution.id)/wall-links",
                token: try hub.admin()
            )
            #expect(try list.json["items"]?.array?.count == 1)
            #expect(!String(decoding: list.bytes, as: UTF8.self).contains(secret))
            let pool = try TestDatabase.current.pool()
            defer { pool.close() }
            let kept = try await pool.run(
                Query(
                    """
                    SELECT row_to_json(w)::text FROM wall_link w UNION ALL SELECT row_to_json(a)::text FROM audit_event a
                    """,
                    as: String.self
                )
            )
            #expect(kept.count >= 2)
            #expect(!kept.contains { $0.contains(secret) })
            let seen = try await pool.first(
                Query(
                    """
                    SELECT subject_id FROM audit_event
                     WHERE action = 'CreateWallLink' AND subject_kind = 'Execution' AND cardinality(account_ids) > 0
                    """,
                    as: String.self
                )
            )
            #expect(seen == execution.id.description, "whoever sees the execution's accounts is told")
        }
    }

    @Test func `is no good once it was taken back, or is past its time`() async throws {
        try await HubUnderTest.run { hub in
            let execution = try await Conductor.startDrill()
            let (one, two) = (try await Self.make(hub, execution), try await Self.make(hub, execution))
            let id = try #require(one["link"]?["linkId"]?.string)
            let revoked = try await hub.ask(
                .DELETE,
                "/api/v1/executions/\(execution.id)/wall-links/\(id)",
                token: try hub.admin()
            )
            #expect(revoked.status == 204)
            let pool = try TestDatabase.current.pool()
            defer { pool.close() }
            #expect(try await Self.get(hub, try #require(two["path"]?.string)).status == 200)
            try await pool.execute(Statement("UPDATE wall_link SET expires_at = now()"))
            for link in [one, two] {
                let answer = try await Self.get(hub, try #require(link["path"]?.string))
                #expect(answer.status == 401)
                #expect(answer.text.contains("This link has expired or was taken back."))
            }
        }
    }

    @Test(.timeLimit(.minutes(3))) func `loses the picture when it is taken back`() async throws {
        try await HubUnderTest.run { hub in
            let execution = try await Conductor.startDrill()
            let made = try await Self.make(hub, execution)
            let secret = try #require(made["path"]?.string?.split(separator: "=").last)
            let url = "http://127.0.0.1:\(hub.port)/ui/live?topics=wall:\(execution.id)&at=%3Fshare%3D\(secret)"
            let stream = try await hub.client.execute(HTTPClientRequest(url: url), timeout: .minutes(3))
            #expect(stream.status == .ok)
            var text = ""
            for try await buffer in stream.body {
                let isFirst = text.isEmpty
                text += String(buffer: buffer)
                guard isFirst else { continue }
                #expect(text.contains("id=\"wall\""))
                let id = try #require(made["link"]?["linkId"]?.string)
                let path = "/api/v1/executions/\(execution.id)"
                _ = try await hub.ask(.DELETE, "\(path)/wall-links/\(id)", token: try hub.admin())
                // Whatever happens next wakes the stream, which asks anew whether it may be shown.
                let note: JSON = ["text": "Nobody on the wall sees this."]
                _ = try await hub.ask(.POST, "\(path)/notes", token: try hub.admin(), body: note.text)
            }
            #expect(text.contains("event: signed-out"))
            #expect(!text.contains("Nobody on the wall sees this."))
        }
    }
}

@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `A path that is none` {
    @Test func `is a page for people and a problem for programs`() async throws {
        try await HubUnderTest.run { hub in
            for (path, accept, isPage) in [
                ("/nothing", "text/html,application/xhtml+xml", true), ("/nothing", "application/json", false),
                ("/api/v1/nothing", "text/html", false),
            ] {
                var request = HTTPClientRequest(url: "http://127.0.0.1:\(hub.port)\(path)")
                request.headers.add(name: "accept", value: accept)
                let answer = try await hub.client.execute(request, timeout: .seconds(120))
                let body = String(buffer: try await answer.body.collect(upTo: 1 << 20))
                #expect(answer.status == .notFound)
                #expect(body.contains("<h1") == isPage, "\(path) \(accept)")
                #expect(answer.headers.first(name: "content-security-policy") != nil)
            }
        }
    }
}
