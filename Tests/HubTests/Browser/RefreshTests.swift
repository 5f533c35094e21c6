import Ambient
import Hub
import JSON
import NIOHTTP1
import PostgreSQL
import Schema
import TestKit
import Testing

@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `A refresh of a browser's session` {
    @Test func `happens a minute before the access token ends, and not before`() async throws {
        try await SignInStage.run { stage in
            let browser = stage.browser()
            try await browser.signIn()
            stage.time.move(by: .seconds(830))
            #expect(try await browser.me().status == 200)
            #expect(try await stage.count("refresh_token") == 0)
            stage.time.move(by: .seconds(20))
            #expect(try await browser.me().status == 200)
            #expect(try await stage.count("refresh_token") == 1)
            for expected in 2...4 as ClosedRange<Int64> {
                stage.time.move(by: .seconds(880))
                #expect(try await browser.change(.POST, "/session/touch").status == 200)
                #expect(try await stage.count("refresh_token") == expected)
            }
        }
    }

    @Test func `happens once, however many requests and hubs there are`() async throws {
        try await SignInStage.run(hubs: 2, keys: { _ in ["MUSTER_RATE_LIMITS": "off"] }) { stage in
            let browser = stage.browser()
            try await browser.signIn()
            let cookie = browser["muster_session"]
            for (round, wait) in [890, 910].enumerated() {
                stage.time.move(by: .seconds(wait))
                try await stage.tell("faults", #"{"path": "oauth2/token", "milliseconds": 300}"#)
                let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                    for number in 0..<40 {
                        group.addTask {
                            let other = stage.browser(at: number % 2)
                            other["muster_session"] = cookie
                            return try await other.me().status
                        }
                    }
                    return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
                }
                #expect(statuses == [200])
                #expect(try await stage.count("refresh_token") == Int64(round + 1))
            }
        }
    }

    @Test func `brings the groups of now, and then another cookie`() async throws {
        try await SignInStage.run { stage in
            let browser = stage.browser()
            try await browser.signIn()
            let first = browser["muster_session"]
            try await stage.tell("users", #"{"username": "ada", "groups": ["DRSReadOnly"]}"#)
            #expect(try await browser.me().json["roles"] == ["DRSOrchestrationAdmin"])
            stage.time.move(by: .seconds(850))
            #expect(try await browser.me().json["roles"] == ["DRSReadOnly"])
            let refused = try await browser.change(.POST, "/api/v1/accounts", "{}")
            #expect(refused.code == "PERMISSION_MISSING")
            #expect(browser["muster_session"] == first)
            #expect(try await browser.change(.POST, "/session/touch").status == 200)
            let second = browser["muster_session"]
            #expect(second != nil && second != first)
            let late = stage.browser()
            late["muster_session"] = first
            #expect(try await late.me().status == 200)
            stage.time.move(by: .seconds(61))
            #expect(try await late.me().status == 401)
            #expect(try await browser.me().status == 200)
            #expect(try await browser.change(.POST, "/session/touch").status == 200)
            #expect(browser["muster_session"] == second)
        }
    }

    @Test func `leaves whoever lost their last role without any permission`() async throws {
        try await SignInStage.run { stage in
            let browser = stage.browser()
            try await browser.signIn()
            try await stage.tell("users", #"{"username": "ada", "groups": []}"#)
            stage.time.move(by: .seconds(850))
            #expect(try await browser.ask(.GET, "/api/v1/recovery-plans").code == "PERMISSION_MISSING")
        }
    }

    @Test(arguments: ["disabled", "expired", "other person", "other client"])
    func `ends the session when the issuer no longer stands by it`(why: String) async throws {
        try await SignInStage.run { stage in
            let browser = stage.browser()
            try await browser.signIn()
            switch why {
            case "disabled": try await stage.tell("users", #"{"username": "ada", "enabled": false}"#)
            case "expired": try await stage.tell("expire", "{}")
            case "other person":
                try await stage.tell("faults", #"{"idClaims": {"sub": "x"}, "accessClaims": {"sub": "x"}}"#)
            case _: try await stage.tell("faults", #"{"idClaims": {"aud": "another-client"}}"#)
            }
            #expect(try await browser.me().status == 200)
            stage.time.move(by: .seconds(850))
            #expect(try await browser.me().status == 401)
            #expect(try await stage.sessions() == 0)
            // The refusal of the last question comes into the audit beside them, soon.
            let ends = try await stage.audit().filter { ["SIGN_IN", "END_SESSION"].contains($0) }
            #expect(ends == ["SIGN_IN", "END_SESSION"])
        }
    }

    @Test func `asks with no token but its session's own, whatever the rows say`() async throws {
        try await SignInStage.run { stage in
            let (ada, olga) = (stage.browser(), stage.browser())
            try await ada.signIn(as: "ada")
            try await olga.signIn(as: "olga")
            // Somebody who may write to the table puts each token into the other's row.
            try await stage.database.execute(
                Query<Void>(
                    """
                    UPDATE browser_session s SET refresh_token = o.refresh_token
                      FROM browser_session o WHERE o.session_id <> s.session_id
                    """
                )
            )
            stage.time.move(by: .seconds(850))
            #expect(try await ada.me().status == 401)
            #expect(try await olga.me().status == 401)
            #expect(try await stage.count("refresh_token") == 0)
        }
    }

    @Test func `is done without while the issuer is away, and tried again every 30 seconds`() async throws {
        try await SignInStage.run { stage in
            let browser = stage.browser()
            try await browser.signIn()
            try await stage.tell("users", #"{"username": "ada", "groups": ["DRSOperator"]}"#)
            for action in ["DROP", "FAIL"] {
                try await stage.tell("faults", #"{"action": "\#(action)"}"#)
                stage.time.move(by: .seconds(1000))
                for _ in 0..<3 {
                    #expect(try await browser.me().json["roles"] == ["DRSOrchestrationAdmin"], "\(action)")
                }
                #expect(try await browser.change(.POST, "/session/touch").status == 200)
            }
            try await stage.tell("faults", "{}")
            #expect(try await browser.me().json["roles"] == ["DRSOrchestrationAdmin"])
            stage.time.move(by: .seconds(31))
            #expect(try await browser.me().json["roles"] == ["DRSOperator"])
        }
    }

    @Test func `asks an issuer that is away once in 30 seconds`() async throws {
        try await SignInStage.run { stage in
            let browser = stage.browser()
            try await browser.signIn()
            stage.time.move(by: .seconds(1000))
            // The first is dropped; a second one within the 30 seconds would work, and be counted.
            try await stage.tell("faults", #"{"action": "FAIL", "path": "oauth2/token", "count": 1}"#)
            for _ in 0..<5 { #expect(try await browser.me().status == 200) }
            #expect(try await stage.count("refresh_token") == 0)
            stage.time.move(by: .seconds(31))
            for _ in 0..<5 { #expect(try await browser.me().status == 200) }
            #expect(try await stage.count("refresh_token") == 1)
        }
    }

    @Test func `works after the secret key was changed, and ends what was sealed by a key that is gone`() async throws {
        let (old, new) = (SecretKeys.make(), SecretKeys.make())
        let cookies = AsyncStream<String?>.makeStream(bufferingPolicy: .bufferingNewest(1))
        try await SignInStage.run(keys: { _ in ["MUSTER_SECRET_KEY": old] }) { stage in
            let browser = stage.browser()
            try await browser.signIn()
            try await browser.signIn()
            cookies.continuation.yield(browser["muster_session"])
            cookies.continuation.finish()
        }
        var cookie: String?
        for await text in cookies.stream { cookie = text }
        let kept = try #require(cookie)
        // Another hub, with another user pool behind the same database: only whether the seal opens can be seen there.
        let database = try TestDatabase.current.pool()
        defer { database.close() }
        try await SignInStage.run(keys: { _ in ["MUSTER_SECRET_KEY": "\(new),\(old)"] }) { stage in
            let adopt = Query<Void>("UPDATE browser_session SET issuer = \(stage.cognito + "/" + SignInStage.pool)")
            try await database.execute(adopt)
            let browser = stage.browser()
            browser["muster_session"] = kept
            #expect(try await browser.me().status == 200)
            #expect(try await browser.submit("/sign-out").status == 303)
            try await browser.signIn()
            #expect(try await stage.sessions() == 1)
            stage.time.move(by: .seconds(850))
            #expect(try await browser.me().status == 200)
            #expect(try await stage.count("refresh_token") == 1)
            // What the refresh sealed is the new key's: with the old one alone it cannot be opened.
            try await SignInStage.run(keys: { _ in ["MUSTER_SECRET_KEY": old] }) { other in
                try await database.execute(
                    Query<Void>(
                        "UPDATE browser_session SET issuer = \(other.cognito + "/" + SignInStage.pool), fresh_until = now()"
                    )
                )
                let late = other.browser()
                late["muster_session"] = browser["muster_session"]
                #expect(try await late.me().status == 401)
                #expect(try await other.sessions() == 0)
            }
        }
    }
}
