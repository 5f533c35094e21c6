import Ambient
import Hub
import JSON
import NIOHTTP1
import PostgreSQL
import Schema
import TestKit
import Testing

@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `Sign-in by a browser` {
    @Test func `leads to the issuer, back, and to a session that every call takes`() async throws {
        try await SignInStage.run { stage in
            let browser = stage.browser()
            let begun = try await browser.ask(.GET, "/sign-in?return=%2Fexecutions%3Fstatus%3DRUNNING")
            let address = try #require(begun.location)
            #expect(begun.status == 303 && address.hasPrefix("\(stage.cognito)/oauth2/authorize?"))
            for part in [
                "response_type=code", "client_id=muster-browser", "code_challenge_method=S256", "scope=openid%20email",
                "redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fauth%2Fcallback", "state=", "nonce=", "code_challenge=",
            ] { #expect(address.contains(part), "\(part)") }
            let back = try await browser.signIn(as: "olga", from: "/sign-in?return=%2Fexecutions%3Fstatus%3DRUNNING")
            #expect(back.status == 303 && back.location == "/executions?status=RUNNING")
            let cookie = try #require(back.headers["set-cookie"].first { $0.hasPrefix("muster_session=") })
            #expect(cookie.hasSuffix("; Max-Age=43200; Path=/; HttpOnly; SameSite=Lax"))
            #expect(browser["muster_login"] == nil)
            let me = try await browser.me().json
            #expect(me["name"] == "olga" && me["kind"] == "PERSON" && me["roles"] == ["DRSOperator"])
            let session = try await browser.ask(.GET, "/session").json
            #expect(session["email"] == "olga@example.com" && session["name"] == "olga")
            #expect(try await browser.ask(.GET, "/api/v1/recovery-plans").status == 200)
            #expect(try await stage.audit() == ["SIGN_IN"])
        }
    }

    @Test func `keeps neither cookie nor token where a look into the database would find them`() async throws {
        try await SignInStage.run { stage in
            let browser = stage.browser()
            try await browser.signIn()
            let row = Query("SELECT to_jsonb(s)::text FROM browser_session s", as: String.self)
            let sealed = Query("SELECT encode(refresh_token, 'escape') FROM browser_session", as: String.self)
            let text = try #require(try await stage.database.first(row))
            #expect(!text.contains(try #require(browser["muster_session"])))
            let token = try #require(try await stage.database.first(sealed))
            // A refresh token of the simulator is 43 characters of base64url; what is kept is binary.
            #expect(token.firstMatch(of: /[A-Za-z0-9_\-]{43}/) == nil)
        }
    }

    @Test func `over https has cookies that no other host can set`() async throws {
        try await SignInStage.run(keys: { _ in ["MUSTER_PUBLIC_URL": "https://muster.example.com"] }) { stage in
            let begun = try await stage.browser().ask(.GET, "/sign-in")
            let cookies = begun.headers["set-cookie"]
            let login = try #require(cookies.first { $0.hasPrefix("__Host-muster_login=") })
            #expect(login.hasSuffix("; Max-Age=600; Path=/; HttpOnly; SameSite=Lax; Secure"))
            #expect(!login.lowercased().contains("domain"))
        }
    }

    @Test func `is refused with another state, and cannot be tried again with the right one`() async throws {
        try await SignInStage.run { stage in
            for change in ["state=", "state=x", "", "other=1"] {
                let browser = stage.browser()
                let callback = try await browser.callback()
                let good = try #require(callback.split(separator: "&").last)
                let wrong = callback.replacing("&" + good, with: change.isEmpty ? "" : "&" + change)
                let login = browser["muster_login"]
                let answer = try await browser.ask(.GET, wrong)
                #expect(answer.status == 400 && browser["muster_session"] == nil, "\(change)")
                #expect(try await browser.ask(.GET, callback).status == 400)
                // A browser that keeps the cookie against our word has no second attempt either.
                browser["muster_login"] = login
                #expect(try await browser.ask(.GET, callback).status == 400)
            }
            // Somebody else's answer in this browser (login CSRF), and this browser's in none.
            let (mine, other) = (stage.browser(), stage.browser())
            _ = try await mine.callback()
            let foreign = try await other.callback(as: "nora")
            #expect(try await mine.ask(.GET, foreign).status == 400)
            #expect(try await stage.browser().ask(.GET, foreign).status == 400)
            #expect(try await stage.sessions() == 0)
            #expect(try await stage.count("authorization_code") == 0)
        }
    }

    @Test func `takes an answer once, and for ten minutes`() async throws {
        try await SignInStage.run { stage in
            let browser = stage.browser()
            let callback = try await browser.callback()
            let login = try #require(browser["muster_login"])
            #expect(try await browser.ask(.GET, callback).status == 303)
            browser["muster_login"] = login
            #expect(try await browser.ask(.GET, callback).status == 400)
            // The issuer's code is fresh, only the sign-in that asked for it is too old.
            for (wait, status) in [(590, 303), (601, 400)] {
                let slow = stage.browser()
                let begun = try #require(try await slow.ask(.GET, "/sign-in").location)
                stage.time.move(by: .seconds(wait))
                let page = try #require(try await slow.ask(.GET, begun).location)
                let form = [("content-type", "application/x-www-form-urlencoded")]
                let late = try #require(try await slow.ask(.POST, page, "username=ada", headers: form).location)
                #expect(try await slow.ask(.GET, late).status == status, "after \(wait) s")
            }
            #expect(try await stage.count("authorization_code") == 2)
        }
    }

    @Test func `is refused when the code was asked for with another challenge`() async throws {
        try await SignInStage.run { stage in
            let browser = stage.browser()
            let begun = try #require(try await browser.ask(.GET, "/sign-in").location)
            // Somebody puts a code that they began elsewhere, with a challenge of their own, into this browser.
            let other = begun.replacing(
                /code_challenge=[^&]*/,
                with: "code_challenge=" + String(repeating: "A", count: 43)
            )
            let target = try #require(try await browser.ask(.GET, other).location)
            let form = [("content-type", "application/x-www-form-urlencoded")]
            let callback = try await browser.ask(.POST, target, "username=ada", headers: form).location
            let answer = try await browser.ask(.GET, try #require(callback))
            #expect(answer.status == 400 && browser["muster_session"] == nil)
            #expect(try await stage.sessions() == 0)
        }
    }

    private static let flaws: [(String, String)] = [
        ("idClaims", #"{"nonce": "another"}"#), ("idClaims", #"{"nonce": null}"#),
        ("idClaims", #"{"aud": "another-client"}"#), ("idClaims", #"{"token_use": "access"}"#),
        ("idClaims", #"{"iss": "https://stranger.example.com"}"#), ("idClaims", #"{"exp": 1}"#),
        ("idClaims", #"{"sub": "somebody-else"}"#), ("accessClaims", #"{"client_id": "another-client"}"#),
        ("accessClaims", #"{"client_id": "muster-machine"}"#), ("accessClaims", #"{"token_use": "id"}"#),
        ("accessClaims", #"{"sub": "somebody-else"}"#), ("accessClaims", #"{"username": null}"#),
    ]

    @Test func `is refused when a token is for another client, sign-in, person or purpose`() async throws {
        try await SignInStage.run { stage in
            for (token, claims) in Self.flaws {
                try await stage.tell("faults", "{\"\(token)\": \(claims)}")
                let browser = stage.browser()
                let answer = try await browser.signIn()
                #expect(answer.status == 400 && browser["muster_session"] == nil, "\(token) \(claims)")
            }
            #expect(try await stage.sessions() == 0)
            #expect(Set(try await stage.audit()) == ["REFUSE_SIGN_IN"])
            try await stage.tell("faults", "{}")
            #expect(try await stage.browser().signIn().status == 303)
        }
    }

    @Test func `is refused when a token is of another issuer, though one that is known`() async throws {
        try await SignInStage.run(keys: { cognito in
            // Whoever may sign there signs with the same keys here: only the name of the issuer tells them apart.
            let keys = "\(cognito)/\(SignInStage.pool)/.well-known/jwks.json"
            let other = "{issuer: '\(Self.otherIssuer)', clientIds: [muster-browser], keySetUrl: '\(keys)'}"
            return ["MUSTER_ISSUERS": try TestFolder.file("issuers: [\(other)]")]
        }) { stage in
            try await eventually("the other issuer's tokens are taken") {
                let body = "{\"issuer\": \"\(Self.otherIssuer)\", \"client_id\": \"muster-browser\"}"
                let token = try await stage.tell("token", body)["access_token"]?.string ?? ""
                let headers = [("authorization", "Bearer \(token)")]
                return try await stage.browser().ask(.GET, "/api/v1/users/me", headers: headers).status == 200
            }
            for token in ["idClaims", "accessClaims"] {
                try await stage.tell("faults", "{\"\(token)\": {\"iss\": \"\(Self.otherIssuer)\"}}")
                let browser = stage.browser()
                #expect(try await browser.signIn().status == 400, "\(token)")
                #expect(browser["muster_session"] == nil)
            }
            #expect(try await stage.sessions() == 0)
        }
    }

    private static let otherIssuer = "https://other.example.com"

    @Test(arguments: [("/sign-in", 303), ("/auth/callback?code=guess&state=guess", 400)])
    func `is begun and tried only so often from an address`(path: String, status: Int) async throws {
        try await SignInStage.run(keys: { _ in ["MUSTER_RATE_LIMITS": "failures=5/0.01"] }) { stage in
            var statuses: [Int] = []
            for _ in 0..<6 { statuses.append(try await stage.browser().ask(.GET, path).status) }
            #expect(statuses == [Int](repeating: status, count: 5) + [429])
        }
    }

    @Test func `goes on after the issuer has changed its keys`() async throws {
        try await SignInStage.run { stage in
            try await stage.browser().signIn()
            try await stage.tell("keys", #"{"keepOld": false}"#)
            #expect(try await stage.browser().signIn().status == 303)
        }
    }

    @Test func `tells whoever has no role whom to ask, and lets them no further`() async throws {
        try await SignInStage.run { stage in
            let browser = stage.browser()
            let answer = try await browser.signIn(as: "nora")
            #expect(answer.status == 403 && answer.text.contains("You are nora"))
            #expect(browser["muster_session"] == nil)
            #expect(try await stage.sessions() == 0)
            #expect(try await stage.count("revocation") == 1)
            #expect(try await stage.audit() == ["REFUSE_SIGN_IN"])
        }
    }

    @Test func `gives a new cookie for a new session, and the one before is good for nothing`() async throws {
        try await SignInStage.run { stage in
            let browser = stage.browser()
            // Fixation: what somebody put into the browser before does not become a session.
            let planted = String(repeating: "A", count: 43)
            browser["muster_session"] = planted
            try await browser.signIn(from: "/sign-in")
            // A dead cookie leads through the issuer's sign-out first.
            try await browser.signIn()
            let first = try #require(browser["muster_session"])
            #expect(first != planted)
            try await browser.signIn(as: "rita")
            let second = try #require(browser["muster_session"])
            #expect(second != first)
            let thief = stage.browser()
            for stolen in [planted, first] {
                thief["muster_session"] = stolen
                #expect(try await thief.me().status == 401)
            }
            #expect(try await stage.sessions() == 1)
        }
    }

    @Test func `says what is wrong when the issuer does not answer or we are not set up`() async throws {
        try await SignInStage.run { stage in
            for action in ["FAIL", "DROP"] {
                try await stage.tell("faults", #"{"action": "\#(action)", "path": "oauth2/token"}"#)
                let answer = try await stage.browser().signIn()
                #expect(answer.status == 502 && answer.text.contains("does not answer"), "\(action)")
            }
            try await stage.tell("faults", "{}")
            let browser = stage.browser()
            let begun = try #require(try await browser.ask(.GET, "/sign-in").location)
            let state = try #require(begun.split(separator: "state=").last?.split(separator: "&").first)
            let denied = try await browser.ask(.GET, "/auth/callback?error=access_denied&state=\(state)")
            #expect(denied.status == 400 && denied.text.contains("broken off"))
        }
        try await SignInStage.run(keys: { _ in ["MUSTER_COGNITO_DOMAIN": ""] }) { stage in
            let answer = try await stage.browser().ask(.GET, "/sign-in")
            #expect(answer.status == 200 && answer.text.contains("not set up"))
        }
    }

    private static let elsewhere = [
        "https://evil.example.com", "//evil.example.com", #"/\evil.example.com"#, "///evil.example.com",
        "http:evil.example.com", "javascript:alert(1)", "/\t/evil.example.com", "evil", "", " /plans",
        "/sign-in", "/sign-in?return=/", "/signed-out", "/sign-out", "/auth/callback?code=1", "/a\r\nSet-Cookie: x=1",
        "/" + String(repeating: "a", count: 2048), #"\/evil.example.com"#, "/é", "/plans;x=1", "/%0d%0a;x", "/\u{7F}",
    ]

    @Test func `returns to no other site and in no circle`() async throws {
        try await SignInStage.run(keys: { _ in ["MUSTER_RATE_LIMITS": "off"] }) { stage in
            for target in Self.elsewhere {
                let answer = try await stage.browser().signIn(from: "/sign-in?return=\(encoded(target))")
                #expect(answer.status == 303 && answer.location == "/", "\(target)")
            }
            for target in ["/plans/1?tab=waves", "/executions?status=RUNNING&limit=5", "/a%2Fb", "/x#wave-2"] {
                let answer = try await stage.browser().signIn(from: "/sign-in?return=\(encoded(target))")
                #expect(answer.location == target)
            }
        }
    }

    private func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let digits = String(byte, radix: 16)
            return "%" + (digits.count < 2 ? "0" : "") + digits
        }.joined()
    }
}
