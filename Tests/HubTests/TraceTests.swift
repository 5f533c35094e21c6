import Ambient
import Hub
import NIOHTTP1
import Schema
import TestKit
import Testing

@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `A request's trace` {
    private static let given = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    private func trace(_ header: String?, at path: String, _ hub: HubUnderTest) async throws -> TraceContext? {
        let headers = header.map { [("traceparent", $0)] } ?? []
        let answer = try await hub.ask(.GET, path, token: nil, headers: headers)
        return answer.headers.first(name: "traceresponse").flatMap(TraceContext.init)
    }

    @Test func `is the caller's, of which it is another step, on refusals as well`() async throws {
        try await HubUnderTest.run { hub in
            let given = try #require(TraceContext(Self.given))
            for path in ["/health/live", "/api/v1/users/me", "/nowhere", "/sign-in"] {
                let answered = try #require(try await trace(Self.given, at: path, hub))
                #expect(answered.traceId == given.traceId)
                #expect(answered.spanId != given.spanId)
            }
        }
    }

    @Test func `is a new one where the caller has none, or says something else`() async throws {
        try await HubUnderTest.run { hub in
            var seen: Set<String> = []
            for header in [nil, nil, "nonsense", "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01"] {
                seen.insert(try #require(try await trace(header, at: "/health/live", hub)).traceId)
            }
            #expect(seen.count == 4)
            #expect(!seen.contains("0af7651916cd43dd8448eb211c80319c"))
        }
    }
}
