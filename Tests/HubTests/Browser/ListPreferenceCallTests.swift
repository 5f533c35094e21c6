import AsyncHTTPClient
import Hub
import NIOHTTP1
import Schema
import TestKit
import Testing

/// The forms by which a browser keeps views and columns of lists.
@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `The forms beside a list` {
    private func post(
        _ hub: HubUnderTest,
        _ path: String,
        _ form: String,
        cookie: String = "",
        site: String = "same-origin"
    ) async throws -> HubUnderTest.Answer {
        try await hub.ask(
            .POST,
            path,
            token: nil,
            body: form,
            headers: [
                ("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", site), ("cookie", cookie),
            ]
        )
    }

    /// What the answer has the browser keep, as it sends it afterwards.
    private func cookie(_ answer: HubUnderTest.Answer) throws -> String {
        let whole = try #require(answer.headers.first(name: "set-cookie"))
        return String(whole.prefix { $0 != ";" })
    }

    private let address = "address=%2Fservers%3Fstate%3DSTALLED"

    @Test func `keep a view, put another in its place, and let it go`() async throws {
        try await HubUnderTest.run { hub in
            let first = try await post(hub, "/ui/views", "name=My+own&\(address)")
            #expect(first.status == 303)
            #expect(first.headers.first(name: "location") == "/servers?state=STALLED")
            let one = try cookie(first)
            #expect(one == "muster_views=My%20own=%2Fservers%3Fstate%3DSTALLED")
            let again = try cookie(
                try await post(hub, "/ui/views", "name=My+own&address=%2Fservers%3Fq%3Da", cookie: one)
            )
            #expect(again == "muster_views=My%20own=%2Fservers%3Fq%3Da")
            let two = try cookie(
                try await post(hub, "/ui/views", "name=My+own&address=%2Faudit", cookie: again)
            )
            #expect(two.hasSuffix("&My%20own=%2Faudit"))
            let left = try cookie(
                try await post(hub, "/ui/views", "remove=My+own&address=%2Fservers%3Fq%3Da", cookie: two)
            )
            #expect(left == "muster_views=My%20own=%2Faudit")
        }
    }

    @Test func `refuse another site, a view of no list and one too many`() async throws {
        try await HubUnderTest.run { hub in
            let foreign = try await post(hub, "/ui/views", "name=a&\(address)", site: "cross-site")
            #expect(foreign.status == 403)
            #expect(foreign.headers.first(name: "set-cookie") == nil)
            for form in ["name=&\(address)", "name=a&address=%2F%2Fexample.com", "name=a"] {
                let refused = try await post(hub, "/ui/views", form)
                #expect(refused.status == 400)
                #expect(refused.headers.first(name: "set-cookie") == nil)
            }
            var kept = ""
            for number in 1...12 {
                kept = try cookie(try await post(hub, "/ui/views", "name=\(number)&\(address)", cookie: kept))
            }
            #expect(try await post(hub, "/ui/views", "name=13&\(address)", cookie: kept).status == 400)
            #expect(try await post(hub, "/ui/views", "name=12&\(address)", cookie: kept).status == 303)
        }
    }

    @Test func `keep the columns that are not shown, beside the other preferences`() async throws {
        try await HubUnderTest.run { hub in
            let form = "table=servers&columns=lag+group+replication&replication=on&return=%2Fservers%3Fq%3Da"
            let answer = try await post(hub, "/ui/columns", form, cookie: "muster_preferences=dark.compact")
            #expect(answer.status == 303)
            #expect(answer.headers.first(name: "location") == "/servers?q=a")
            let kept = try cookie(answer)
            #expect(kept.contains("dark.compact"))
            #expect(kept.hasSuffix("no~servers~group.no~servers~lag"))
            // The page of the preferences does not know of columns, and leaves them.
            let theme = try await hub.ask(
                .POST,
                "/ui/preferences",
                token: nil,
                body: #"{"theme":"light"}"#,
                headers: [("cookie", kept)]
            )
            #expect(try cookie(theme).hasSuffix("no~servers~group.no~servers~lag"))
            let odd = try await post(hub, "/ui/columns", "table=a.b&columns=lag&return=%2F")
            #expect(odd.status == 400)
            // It leads nowhere else.
            let away = try await post(hub, "/ui/columns", "table=servers&columns=lag&return=https%3A%2F%2Fexample.com")
            #expect(away.headers.first(name: "location") == "/")
        }
    }
}
