import Ambient
import Conductor
import Hub
import JSON
import NIOHTTP1
import PostgreSQL
import Recovery
import Schema
import TestKit
import Testing

@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `A browser's session` {
    @Test func `ends after 45 minutes without a sign of life, which a page's own questions are not`() async throws {
        try await SignInStage.run { stage in
            let browser = stage.browser()
            try await browser.signIn()
            for _ in 0..<2 {
                stage.time.move(by: .seconds(1340))
                #expect(try await browser.me().status == 200)
            }
            #expect(try await browser.change(.POST, "/session/touch").status == 200)
            stage.time.move(by: .seconds(2690))
            #expect(try await browser.me().status == 200)
            #expect(try await browser.ask(.GET, "/", headers: [("sec-fetch-mode", "navigate")]).status != 401)
            let plans = try await browser.ask(.GET, "/api/v1/recovery-plans", headers: [("sec-fetch-mode", "navigate")])
            #expect(plans.status == 200)
            stage.time.move(by: .seconds(2690))
            #expect(try await browser.me().status == 200)
            stage.time.move(by: .seconds(11))
            #expect(try await browser.me().code == "UNAUTHENTICATED")
            #expect(try await browser.change(.POST, "/session/touch").status == 401)
            #expect(try await browser.ask(.GET, "/session").status == 401)
        }
    }

    @Test func `ends after 12 hours whatever somebody does`() async throws {
        try await SignInStage.run { stage in
            let browser = stage.browser()
            try await browser.signIn()
            let ends = try #require(
                try await browser.ask(.GET, "/session").json["endsAt"]?.string.flatMap { Instant($0) }
            )
            while stage.time.now() + .seconds(2600) < ends {
                stage.time.move(by: .seconds(2600))
                let touched = try await browser.change(.POST, "/session/touch")
                #expect(touched.status == 200)
                let idle = try #require(touched.json["idleEndsAt"]?.string.flatMap { Instant($0) })
                #expect(idle <= ends)
            }
            // The issuer's own limit is the same one: while it is away, only the hub's can end the session.
            try await stage.tell("faults", #"{"action": "DROP", "path": "oauth2/token"}"#)
            stage.time.move(by: ends - stage.time.now() + .milliseconds(1))
            #expect(try await browser.me().status == 401)
        }
    }

    @Test func `takes its open streams with it when it ends`() async throws {
        try await SignInStage.run { stage in
            let browser = stage.browser()
            try await browser.signIn()
            let elsewhere = stage.browser()
            elsewhere["muster_session"] = browser["muster_session"]
            let drill = try await Conductor.startDrill()
            let events = "/api/v1/executions/\(drill.id)/events"
            let stream = try await elsewhere.ask(.GET, events, headers: [("accept", "text/event-stream")]) {
                _ = try await browser.submit("/sign-out")
            }
            // It was open, and came to its end though the drill goes on.
            #expect(stream.status == 200 && stream.headers.first(name: "content-type") == "text/event-stream")
        }
    }

    @Test func `is signed out here and at the issuer, and a stolen cookie is worth nothing afterwards`() async throws {
        try await SignInStage.run { stage in
            let browser = stage.browser()
            try await browser.signIn()
            let thief = stage.browser()
            thief["muster_session"] = browser["muster_session"]
            #expect(try await thief.me().status == 200)
            let out = try await browser.submit("/sign-out")
            let target =
                "\(stage.cognito)/logout?client_id=muster-browser&logout_uri=http%3A%2F%2F127.0.0.1%3A1%2Fsigned-out"
            #expect(out.status == 303 && out.location == target)
            #expect(browser["muster_session"] == nil)
            #expect(try await thief.me().status == 401)
            #expect(try await stage.sessions() == 0)
            #expect(try await stage.count("revocation") == 1)
            // The refusal of the thief comes into the audit beside them, soon.
            #expect(try await stage.audit().filter { $0.hasPrefix("SIGN_") } == ["SIGN_IN", "SIGN_OUT"])
            let last = try await browser.ask(.GET, target)
            #expect(last.location == "http://127.0.0.1:1/signed-out")
            #expect(try await browser.ask(.GET, "/signed-out").status == 200)
            // The issuer has forgotten them, too: its login page comes again.
            let begun = try #require(try await browser.ask(.GET, "/sign-in").location)
            #expect(try await browser.ask(.GET, begun).location?.contains("/login?") == true)
            #expect(try await browser.submit("/sign-out").location == "/signed-out")
        }
    }

    @Test func `that ended by itself leads through the issuer's sign-out, and then where somebody wanted to be`()
        async throws
    {
        try await SignInStage.run { stage in
            let browser = stage.browser()
            try await browser.signIn()
            stage.time.move(by: .seconds(2701))
            let begun = try await browser.ask(.GET, "/sign-in?return=%2Fplans%3Fq%3Da%2520b")
            let target = try #require(begun.location)
            #expect(target.hasPrefix("\(stage.cognito)/logout?") && target.hasSuffix("%2Fsign-in"))
            let back = try #require(try await browser.ask(.GET, target).location)
            #expect(back == "http://127.0.0.1:1/sign-in")
            let again = try await browser.ask(.GET, back)
            // They must show anew who they are, though within the hour for which the issuer remembers them.
            let page = try await browser.ask(.GET, try #require(again.location))
            #expect(page.location?.contains("/login?") == true)
            let form = [("content-type", "application/x-www-form-urlencoded")]
            let callback = try await browser.ask(.POST, try #require(page.location), "username=ada", headers: form)
            #expect(try await browser.ask(.GET, try #require(callback.location)).location == "/plans?q=a%20b")
        }
    }

    @Test func `counts only while no token is given`() async throws {
        try await SignInStage.run { stage in
            let browser = stage.browser()
            try await browser.signIn()
            let token = try #require(
                try await stage.tell(
                    "token",
                    #"{"username": "rolf", "groups": ["DRSReadOnly"], "client_id": "muster-browser"}"#
                )[
                    "access_token"
                ]?.string
            )
            let other = try await browser.ask(.GET, "/api/v1/users/me", headers: [("authorization", "Bearer \(token)")])
            #expect(other.json["name"] == "rolf")
            for value in ["Bearer x", "Basic abc", ""] {
                let answer = try await browser.ask(.GET, "/api/v1/users/me", headers: [("authorization", value)])
                #expect(answer.status == 401, "\(value)")
            }
            // With a token no page is needed to ask for a change.
            let change = try await browser.ask(
                .POST,
                "/api/v1/accounts",
                "{}",
                headers: [("authorization", "Bearer \(token)"), ("content-type", "application/json")]
            )
            #expect(change.code == "PERMISSION_MISSING")
        }
    }

    private struct Change {
        let headers: [(String, String)]
        let status: Int
        var code: String?
    }

    private static let json = ("content-type", "application/json")

    private static let changes: [Change] = [
        Change(headers: [("sec-fetch-site", "same-origin"), json], status: 400),
        Change(headers: [("origin", "http://127.0.0.1:1"), json], status: 400),
        Change(
            headers: [("sec-fetch-site", "same-origin"), ("origin", "https://evil.example.com"), json],
            status: 400
        ),
        Change(headers: [json], status: 403, code: "CROSS_SITE"),
        Change(headers: [("sec-fetch-site", "cross-site"), json], status: 403, code: "CROSS_SITE"),
        Change(headers: [("sec-fetch-site", "same-site"), json], status: 403, code: "CROSS_SITE"),
        Change(headers: [("sec-fetch-site", "none"), json], status: 403, code: "CROSS_SITE"),
        Change(headers: [("sec-fetch-site", ""), json], status: 403, code: "CROSS_SITE"),
        Change(
            headers: [("sec-fetch-site", "cross-site"), ("origin", "http://127.0.0.1:1"), json],
            status: 403,
            code: "CROSS_SITE"
        ),
        Change(
            headers: [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site"), json],
            status: 403,
            code: "CROSS_SITE"
        ),
        Change(headers: [("origin", "https://evil.example.com"), json], status: 403, code: "CROSS_SITE"),
        Change(headers: [("origin", "http://127.0.0.1:2"), json], status: 403, code: "CROSS_SITE"),
        Change(headers: [("origin", "https://127.0.0.1:1"), json], status: 403, code: "CROSS_SITE"),
        Change(headers: [("origin", "null"), json], status: 403, code: "CROSS_SITE"),
        Change(headers: [("referer", "http://127.0.0.1:1/plans"), json], status: 403, code: "CROSS_SITE"),
        Change(headers: [("sec-fetch-site", "same-origin")], status: 415),
        Change(headers: [("sec-fetch-site", "same-origin"), ("content-type", "text/plain")], status: 415),
        Change(
            headers: [("sec-fetch-site", "same-origin"), ("content-type", "application/x-www-form-urlencoded")],
            status: 415
        ),
    ]

    @Test func `changes something only when a page of ours asks for it`() async throws {
        try await SignInStage.run { stage in
            let browser = stage.browser()
            try await browser.signIn()
            let session = try #require(try await browser.ask(.GET, "/session").json["sessionId"]?.string)
            for change in Self.changes {
                let posted = try await browser.ask(.POST, "/api/v1/accounts", "{}", headers: change.headers)
                #expect(posted.status == change.status, "POST \(change.headers)")
                if let code = change.code { #expect(posted.code == code, "POST \(change.headers)") }
                guard change.status != 400 else { continue }
                // Without a body, too.
                let deleted = try await browser.ask(.DELETE, "/api/v1/sessions/\(session)", headers: change.headers)
                #expect(deleted.status == change.status, "DELETE \(change.headers)")
                #expect(try await browser.ask(.POST, "/session/touch", headers: change.headers).status == change.status)
                guard change.status == 403 else { continue }
                let out = try await browser.ask(.POST, "/sign-out", headers: change.headers)
                #expect(out.status == 403, "sign-out \(change.headers)")
            }
            #expect(try await browser.me().status == 200)
            for method in [HTTPMethod.GET, .HEAD] {
                let answer = try await browser.ask(
                    method,
                    "/api/v1/users/me",
                    headers: [("sec-fetch-site", "cross-site")]
                )
                #expect(answer.status == 200)
            }
            #expect(try await browser.ask(.GET, "/sign-out").status == 405)
        }
    }

    @Test func `is nobody's when its cookie is there twice, or is no secret of ours`() async throws {
        try await SignInStage.run { stage in
            let browser = stage.browser()
            try await browser.signIn()
            let good = try #require(browser["muster_session"])
            let other = String(repeating: "A", count: 43)
            func status(_ cookies: String) async throws -> Int {
                try await stage.browser().ask(.GET, "/api/v1/users/me", headers: [("cookie", cookies)]).status
            }
            #expect(try await status("a=b; muster_session=\(good)") == 200)
            // Another host of the domain may have set the second: nobody could say which one counts.
            #expect(try await status("muster_session=\(good); muster_session=\(good)") == 401)
            #expect(try await status("muster_session=\(other); muster_session=\(good)") == 401)
            #expect(try await status("muster_session=\(good); muster_session=\(other)") == 401)
            for wrong in ["", "x", other, good + "=", good + "A", "\"\(good)\"", good.lowercased()] {
                #expect(try await status("muster_session=\(wrong)") == 401, "\(wrong)")
            }
        }
    }

    @Test func `is nobody's any more when its issuer was taken out of the configuration`() async throws {
        try await SignInStage.run { stage in
            let browser = stage.browser()
            try await browser.signIn()
            let gone = Query<Void>("UPDATE browser_session SET issuer = 'https://gone.example.com'")
            try await stage.database.execute(gone)
            #expect(try await browser.me().status == 401)
            #expect(try await browser.change(.POST, "/session/touch").status == 401)
        }
    }

    @Test func `is listed to its person, and to administrators, who may end it`() async throws {
        try await SignInStage.run { stage in
            let (ada, olga, second) = (stage.browser(), stage.browser(), stage.browser())
            try await ada.signIn(as: "ada")
            try await olga.signIn(as: "olga")
            try await second.signIn(as: "olga")
            let own = try #require(try await olga.ask(.GET, "/api/v1/sessions").json["items"]?.array)
            #expect(own.map { $0["name"]?.string } == ["olga", "olga"])
            #expect(own.map { $0["isCurrent"]?.bool } == [false, true])
            #expect(own.first?["sourceAddress"] == "127.0.0.1")
            #expect(try await olga.ask(.GET, "/api/v1/sessions?all=true").code == "PERMISSION_MISSING")
            let first = try await ada.ask(.GET, "/api/v1/sessions?all=true&limit=2").json
            let next = try #require(first["nextToken"]?.string)
            let rest = try await ada.ask(.GET, "/api/v1/sessions?all=true&limit=2&nextToken=\(next)").json
            let all = (first["items"]?.array ?? []) + (rest["items"]?.array ?? [])
            #expect(all.map { $0["name"]?.string } == ["olga", "olga", "ada"])
            let (adas, olgas) = (try #require(all[2]["sessionId"]?.string), try #require(own[1]["sessionId"]?.string))
            #expect(try await olga.change(.DELETE, "/api/v1/sessions/\(adas)").status == 404)
            #expect(try await ada.change(.DELETE, "/api/v1/sessions/\(olgas)").status == 204)
            #expect(try await olga.me().status == 401)
            #expect(try await ada.change(.DELETE, "/api/v1/sessions/\(olgas)").status == 404)
            #expect(
                try await second.change(.DELETE, "/api/v1/sessions/\(own[0]["sessionId"]?.string ?? "")").status == 204
            )
            #expect(try await second.me().status == 401)
            #expect(try await ada.me().status == 200)
            #expect(try await stage.count("revocation") == 2)
            #expect(try await stage.audit().filter { $0 == "RevokeSession" }.count == 2)
        }
    }
}
