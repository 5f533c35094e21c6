import Ambient
import Hub
import JSON
import NIOHTTP1
import Recovery
import Schema
import TestKit
import Testing

@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `The hub over HTTP` {
    private static let headers = [
        "x-content-type-options": "nosniff", "cache-control": "no-store", "referrer-policy": "no-referrer",
        "x-frame-options": "DENY",
    ]

    private static let large = [UInt8](repeating: UInt8(ascii: " "), count: Limits.bodyBytes + 1)
    private static let text = ("content-type", "text/plain")
    private static let preflight = [
        ("origin", "https://evil.example.com"), ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization"),
    ]

    @Test func `has its security headers on every answer, errors included`() async throws {
        try await HubUnderTest.run { hub in
            let token = try hub.admin()
            let answers = [
                try await hub.ask(.GET, "/health/live", token: nil), try await hub.ask(.GET, "/nowhere", token: nil),
                try await hub.ask(.GET, "/api/v1/users/me", token: token),
                try await hub.ask(.GET, "/api/v1/users/me", token: nil),
                try await hub.ask(.DELETE, "/api/v1/users/me", token: token),
                try await hub.ask(.POST, "/api/v1/accounts", token: token, body: "nonsense"),
                try await hub.ask(.POST, "/api/v1/accounts", token: token, bytes: Self.large),
                try await hub.ask(.POST, "/api/v1/accounts", token: token, body: "{}", headers: [Self.text]),
                try await hub.ask(.GET, "/api/v1/users/me", token: token, headers: [("accept", "image/png")]),
                try await hub.ask(.GET, "/api/v1/recovery-plans/nothing", token: token),
                // Nobody else's page may ask: no answer says otherwise, whatever was asked first (CORS).
                try await hub.ask(.OPTIONS, "/api/v1/accounts", token: nil, headers: Self.preflight),
                try await hub.ask(.GET, "/api/v1/users/me", token: token, headers: Self.preflight),
                try await hub.ask(.GET, "/sign-in", token: nil), try await hub.ask(.GET, "/signed-out", token: nil),
            ]
            #expect(answers.map(\.status) == [200, 404, 200, 401, 405, 400, 413, 415, 406, 404, 405, 200, 200, 200])
            for answer in answers {
                #expect(answer.headers.allSatisfy { !$0.name.lowercased().hasPrefix("access-control-") })
                for (name, value) in Self.headers { #expect(answer.headers.first(name: name) == value, "\(name)") }
                #expect(answer.headers.first(name: "content-security-policy")?.hasPrefix("default-src 'none'") == true)
                #expect(answer.headers.first(name: "x-request-id")?.isEmpty == false)
                #expect(!answer.headers.contains(name: "strict-transport-security"))
                #expect(!answer.headers.contains(name: "server"))
            }
        }
    }

    @Test func `lets pages run nothing but its own scripts, and no text become markup`() async throws {
        try await HubUnderTest.run { hub in
            for path in ["/sign-in", "/signed-out", "/sign-in/break-glass", "/auth/callback?state=x"] {
                let answer = try await hub.ask(.GET, path, token: nil)
                #expect(answer.headers.first(name: "content-type")?.hasPrefix("text/html") == true, "\(path)")
                let policy = answer.headers.first(name: "content-security-policy") ?? ""
                for part in [
                    "default-src 'none'", "script-src 'self'", "base-uri 'none'", "frame-ancestors 'none'",
                    "require-trusted-types-for 'script'", "trusted-types muster",
                ] { #expect(policy.contains(part), "\(path): \(part)") }
                #expect(!policy.contains("unsafe") && !policy.contains("*"), "\(path)")
            }
        }
    }

    @Test func `answers under the caller's request identifier, if it is one`() async throws {
        try await HubUnderTest.run { hub in
            func id(_ given: String) async throws -> String? {
                try await hub.ask(.GET, "/nowhere", token: nil, bytes: nil, headers: [("x-request-id", given)])
                    .headers.first(name: "x-request-id")
            }
            let (good, spaced) = (try await id("trace-1.a:b_C"), try await id("a b"))
            let long = try await id(String(repeating: "x", count: 129))
            #expect(good == "trace-1.a:b_C")
            #expect(spaced != "a b")
            #expect(long?.count == 36)
        }
    }

    @Test func `has nothing at paths that nobody bound`() async throws {
        try await HubUnderTest.run { hub in
            for path in [
                "/api", "/api/v1", "/api/v1/accounts/", "/api/v1//accounts", "/api/v2/accounts", "/%00", "/..",
            ] {
                try hub.expectProblem(try await hub.ask(.GET, path, token: nil), 404, "NOT_FOUND")
            }
        }
    }

    @Test func `answers HEAD as GET without the body`() async throws {
        try await HubUnderTest.run { hub in
            let token = try hub.admin()
            let answer = try await hub.ask(.HEAD, "/api/v1/users/me", token: token)
            #expect(answer.status == 200 && answer.bytes.isEmpty)
            #expect(answer.headers.first(name: "content-type") == "application/json")
        }
    }

    @Test func `is 406 for a client that takes no JSON`() async throws {
        try await HubUnderTest.run { hub in
            let token = try hub.admin()
            func ask(_ accept: String) async throws -> HubUnderTest.Answer {
                try await hub.ask(.GET, "/api/v1/users/me", token: token, bytes: nil, headers: [("accept", accept)])
            }
            for accept in ["text/html", "application/json;q=0", "image/*", "*/*;q=0"] {
                try hub.expectProblem(try await ask(accept), 406, "NOT_ACCEPTABLE")
            }
            for accept in [
                "application/json", "*/*", "application/*", "text/html, */*;q=0.1", "APPLICATION/JSON; q=0.5",
            ] {
                #expect(try await ask(accept).status == 200, "\(accept)")
            }
        }
    }

    @Test func `answers what is no HTTP with a problem too, and closes`() async throws {
        try await HubUnderTest.run { hub in
            for text in [
                "nonsense\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /\u{1} HTTP/1.1\r\nHost: x\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nbad header: y\r\n\r\n",
            ] {
                let answer = try await RawConnection.ask(hub.port, text)
                #expect(answer.hasPrefix("HTTP/1.1 400 "), "\(text)")
                #expect(answer.contains("application/problem+json"), "\(text)")
                #expect(answer.contains(#""code":"MALFORMED_REQUEST""#), "\(text)")
                #expect(answer.lowercased().contains("content-security-policy: default-src 'none'"), "\(text)")
                for (name, value) in Self.headers {
                    #expect(answer.lowercased().contains("\(name): \(value.lowercased())\r\n"), "\(name) of \(text)")
                }
            }
        }
    }

    @Test func `is 431 for headers over the limit`() async throws {
        try await HubUnderTest.run { hub in
            let long = String(repeating: "x", count: Limits.headerBytes + 1)
            let many = (0..<300).map { "X-\($0): y\r\n" }.joined()
            let sum = (0..<100).map { "X-\($0): \(String(repeating: "y", count: 1000))\r\n" }.joined()
            for headers in ["X-Long: \(long)\r\n", many, sum] {
                let answer = try await RawConnection.ask(hub.port, "GET / HTTP/1.1\r\nHost: x\r\n\(headers)\r\n")
                #expect(answer.hasPrefix("HTTP/1.1 431 "), "\(answer.prefix(100))")
                #expect(answer.contains(#""code":"HEADERS_TOO_LARGE""#))
                #expect(answer.lowercased().contains("content-security-policy: default-src 'none'"))
            }
        }
    }

    @Test func `serves the description that is kept with the documents`() async throws {
        try await HubUnderTest.run { hub in
            let answer = try await hub.ask(.GET, "/api/v1/openapi.json", token: nil)
            #expect(answer.status == 200)
            let document = try answer.json
            #expect(document["openapi"]?.string == "3.1.0")
        }
    }

    @Test func `counts what it answered`() async throws {
        try await HubUnderTest.run { hub in
            _ = try await hub.ask(.GET, "/health/live", token: nil)
            let metrics = String(decoding: try await hub.ask(.GET, "/metrics", token: nil).bytes, as: UTF8.self)
            #expect(metrics.contains(#"muster_requests_total{route="/health/live",method="GET",status="200"} 1"#))
            #expect(metrics.contains(#"muster_request_duration_seconds_count{route="/health/live",method="GET"} 1"#))
            #expect(metrics.contains(#"muster_database_connections_limit{pool="engine"} 8"#))
            #expect(metrics.contains("muster_database_is_read 1\n"))
            #expect(metrics.contains("muster_build_info{version=\"\(MusterVersion.text)\"} 1\n"))
            #expect(metrics.contains("muster_drills_overdue 0\n"))
        }
    }

    @Test func `shows its metrics to this machine, or to whoever may see everything`() async throws {
        try await HubUnderTest.run { hub in
            let behindProxy = [("X-Forwarded-For", "127.0.0.1")]
            try hub.expectProblem(
                try await hub.ask(.GET, "/metrics", token: nil, headers: behindProxy),
                401,
                "UNAUTHENTICATED"
            )
            let reader = try hub.issuer.token(.readOnly)
            #expect(try await hub.ask(.GET, "/metrics", token: reader, headers: behindProxy).status == 200)
        }
        try await HubUnderTest.run(keys: ["MUSTER_METRICS_FROM": "10.0.0.0/8"]) { hub in
            try hub.expectProblem(try await hub.ask(.GET, "/metrics", token: nil), 401, "UNAUTHENTICATED")
        }
    }
}
