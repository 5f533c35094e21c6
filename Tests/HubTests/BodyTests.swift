import Hub
import JSON
import NIOHTTP1
import Recovery
import Schema
import TestKit
import Testing

/// What comes in a body is read strictly, and all that is wrong with it is said at once.
@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `A body` {
    private static let group =
        #"{"groupName":"g","accountId":"111122223333","region":"eu-west-1","sourceServerIds":[]}"#

    private func expectMalformed(_ bytes: [UInt8], saying text: String) async throws {
        try await HubUnderTest.run { hub in
            let answer = try await hub.ask(.POST, "/api/v1/protection-groups", token: try hub.admin(), bytes: bytes)
            try hub.expectProblem(answer, 400, "MALFORMED_JSON")
            let detail = try answer.json["detail"]?.string ?? ""
            #expect(detail.contains(text), "\(detail)")
        }
    }

    @Test func `that is no JSON is refused with its position`() async throws {
        try await expectMalformed(Array("{\"groupName\":\n  nonsense}".utf8), saying: "line 2, column 3")
    }

    @Test func `that repeats a member is refused`() async throws {
        try await expectMalformed(Array(#"{"groupName":"a","groupName":"b"}"#.utf8), saying: "column 18")
    }

    @Test func `that is too deep is refused`() async throws {
        let deep = String(repeating: "[", count: 65) + String(repeating: "]", count: 65)
        try await expectMalformed(Array(deep.utf8), saying: "line 1")
        let bottomless = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
        try await expectMalformed(bottomless, saying: "line 1")
    }

    @Test func `that is not UTF-8, or has a NUL, is refused`() async throws {
        try await expectMalformed(Array(#"{"groupName":""#.utf8) + [0xFF] + Array(#""}"#.utf8), saying: "column 15")
        try await expectMalformed(Array(#"{"groupName":"a\u0000b"}"#.utf8), saying: "column")
        try await expectMalformed(Array(#"{"groupName":"a\ud800"}"#.utf8), saying: "column")
        try await expectMalformed([0], saying: "line 1, column 1")
    }

    @Test func `has every wrong field named at once`() async throws {
        try await HubUnderTest.run { hub in
            let body = #"""
                {"groupName": "", "accountId": 7, "region": "Mars", "sourceServerIds": ["s-1", "s-0123456789abcdef0"],
                 "serverSelectionTags": {"": "x"}, "description": "a\u0007b", "colour": "blue"}
                """#
            let answer = try await hub.ask(.POST, "/api/v1/protection-groups", token: try hub.admin(), body: body)
            try hub.expectProblem(answer, 400, "INVALID_REQUEST")
            let expected: Set = [
                "/groupName", "/accountId", "/region", "/sourceServerIds/0", "/serverSelectionTags/", "/description",
                "/colour",
            ]
            #expect(Set(answer.pointers) == expected)
        }
    }

    @Test func `has its problems counted in hundreds at most`() async throws {
        try await HubUnderTest.run { hub in
            let servers = Array(repeating: "\"nonsense\"", count: 50_000).joined(separator: ",")
            let body =
                #"{"groupName":"g","accountId":"111122223333","region":"eu-west-1","sourceServerIds":[\#(servers)]}"#
            let answer = try await hub.ask(.POST, "/api/v1/protection-groups", token: try hub.admin(), body: body)
            try hub.expectProblem(answer, 400, "INVALID_REQUEST")
            #expect(answer.pointers.count == Shape.problemLimit)
        }
    }

    @Test func `over the limit is 413, whether its length is told or not`() async throws {
        try await HubUnderTest.run { hub in
            let token = try hub.admin()
            let large = [UInt8](repeating: UInt8(ascii: " "), count: Limits.bodyBytes + 1)
            let told = try await hub.ask(.POST, "/api/v1/protection-groups", token: token, bytes: large)
            try hub.expectProblem(told, 413, "BODY_TOO_LARGE")
            let chunk = String(repeating: " ", count: 65_536)
            let chunks = String(repeating: "10000\r\n\(chunk)\r\n", count: 17) + "0\r\n\r\n"
            let head = "POST /api/v1/protection-groups HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(token)\r\n"
            let answer = try await RawConnection.ask(
                hub.port,
                head + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks
            )
            #expect(answer.hasPrefix("HTTP/1.1 413 "))
            #expect(answer.contains(#""code":"BODY_TOO_LARGE""#))
        }
    }

    @Test func `is taken up to the limit`() async throws {
        try await HubUnderTest.run { hub in
            let padding = String(repeating: " ", count: Limits.bodyBytes - Self.group.utf8.count)
            let answer = try await hub.ask(
                .POST,
                "/api/v1/protection-groups",
                token: try hub.admin(),
                body: Self.group + padding
            )
            #expect(answer.status == 422)
        }
    }

    @Test func `must say that it is JSON in UTF-8`() async throws {
        try await HubUnderTest.run { hub in
            let token = try hub.admin()
            func ask(_ headers: [(String, String)]) async throws -> HubUnderTest.Answer {
                try await hub.ask(.POST, "/api/v1/protection-groups", token: token, body: Self.group, headers: headers)
            }
            for type in [
                "text/plain", "application/json; charset=latin1", "nonsense", "application/x-www-form-urlencoded",
            ] {
                try hub.expectProblem(try await ask([("content-type", type)]), 415, "UNSUPPORTED_MEDIA_TYPE")
            }
            try hub.expectProblem(try await ask([("content-encoding", "gzip")]), 415, "UNSUPPORTED_MEDIA_TYPE")
            for type in ["application/json", "Application/JSON ; charset=\"UTF-8\"", "application/json;charset=utf-8"] {
                #expect(try await ask([("content-type", type)]).status == 422, "\(type)")
            }
        }
    }

    @Test func `that is missing is named as missing`() async throws {
        try await HubUnderTest.run { hub in
            let answer = try await hub.ask(.POST, "/api/v1/protection-groups", token: try hub.admin())
            try hub.expectProblem(answer, 400, "INVALID_REQUEST")
            let null = try await hub.ask(.POST, "/api/v1/protection-groups", token: try hub.admin(), body: "null")
            try hub.expectProblem(null, 400, "INVALID_REQUEST")
        }
    }
}

extension HubUnderTest {
    func ask(_ method: HTTPMethod, _ path: String, token: String?) async throws -> Answer {
        try await ask(method, path, token: token, bytes: nil)
    }
}
