import Hub
import JSON
import NIOHTTP1
import Schema
import TestKit
import Testing

@Suite struct `If-Match` {
    @Test func `that is missing lets any revision be changed`() throws {
        #expect(try Precondition([]) == .none)
        #expect(try Precondition(["*"]) == .exists)
    }

    @Test func `names revisions in double quotes, one or several`() throws {
        #expect(try Precondition([#""7""#]) == .revisions([7]))
        #expect(try Precondition([#""7", "8" ,"9""#, #" "10""#]) == .revisions([7, 8, 9, 10]))
    }

    @Test func `matches neither weak tags nor tags that the hub never wrote`() throws {
        for text in [#"W/"7""#, #""stale""#, #""07""#, #""+7""#, #""""#, #""7 ""#] {
            let precondition = try Precondition([text])
            #expect(throws: Problem.self, "\(text)") { try precondition.check(7) }
        }
        try Precondition([#"W/"1", "7""#]).check(7)
    }

    @Test(arguments: ["7", #""7"#, #""7" "8""#, #""7","#, "", " ", "W/7", #"*, "7""#])
    func `that is no list of tags is 400`(text: String) {
        let problem = #expect(throws: Problem.self) { _ = try Precondition([text]) }
        #expect(problem?.status == 400)
    }
}

@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `A changed object` {
    private static let body = #"{"accountName":"B","regions":[],"spokePrincipals":[]}"#

    @Test func `has another entity tag, and the old one is stale`() async throws {
        try await HubUnderTest.run { hub in
            let (token, path) = (try hub.admin(), "/api/v1/accounts/111122223333")
            let new = #"{"accountId":"111122223333","accountName":"A","regions":[],"spokePrincipals":[]}"#
            let created = try await hub.ask(.POST, "/api/v1/accounts", token: token, body: new)
            #expect(created.headers.first(name: "etag") == #""1""#)
            #expect(created.headers.first(name: "location") == path)
            func change(_ tag: String) async throws -> HubUnderTest.Answer {
                try await hub.ask(.PUT, path, token: token, body: Self.body, headers: [("if-match", tag)])
            }
            let changed = try await change(#""1""#)
            #expect(changed.status == 200)
            #expect(changed.headers.first(name: "etag") == #""2""#)
            try hub.expectProblem(try await change(#""1""#), 412, "REVISION_STALE")
            try hub.expectProblem(try await change("1"), 400, "INVALID_REQUEST")
            #expect(try await change("*").headers.first(name: "etag") == #""3""#)
            let shown = try await hub.ask(.GET, path, token: token)
            #expect(shown.headers.first(name: "etag") == #""3""#)
            let stale = try await hub.ask(.DELETE, path, token: token, bytes: nil, headers: [("if-match", #""2""#)])
            try hub.expectProblem(stale, 412, "REVISION_STALE")
            let gone = try await hub.ask(.DELETE, path, token: token, bytes: nil, headers: [("if-match", #""3""#)])
            #expect(gone.status == 204 && gone.bytes.isEmpty)
        }
    }

    @Test func `that is not there is 404 before its entity tag is looked at`() async throws {
        try await HubUnderTest.run { hub in
            let path = "/api/v1/accounts/999999999999"
            let answer = try await hub.ask(
                .PUT,
                path,
                token: try hub.admin(),
                body: Self.body,
                headers: [("if-match", "nonsense")]
            )
            try hub.expectProblem(answer, 404, "NOT_FOUND")
        }
    }
}
