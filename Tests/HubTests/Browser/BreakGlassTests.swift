import Ambient
import Foundation
import Hub
import JSON
import Logging
import NIOHTTP1
import PostgreSQL
import Recovery
import Schema
import Synchronization
import TestKit
import Testing

@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `A break-glass code` {
    private func serving(_ stage: SignInStage, _ logger: Logger = .quiet) throws -> Serving {
        let configuration = try HubUnderTest.configuration(
            ["MUSTER_DATABASE_URL": try TestDatabase.current.hubConnectionString],
            issuer: IssuerUnderTest(url: "https://login.example.com")
        )
        return Serving(configuration, ambient: Ambient(time: stage.time), logger: logger)
    }

    @Test func `signs one person in, once, for an hour, while the issuer is away`() async throws {
        try await SignInStage.run { stage in
            try await stage.tell("faults", #"{"action": "DROP"}"#)
            let code = try await serving(stage).breakGlass(name: "Grace", reason: "Cognito is down", role: .admin)
            let browser = stage.browser()
            #expect(try await browser.ask(.GET, "/sign-in/break-glass").text.contains("name=\"code\""))
            let answer = try await browser.submit("/sign-in/break-glass", "code=+\(code.uppercased())+")
            #expect(answer.status == 303 && answer.location == "/")
            let me = try await browser.me().json
            #expect(me["name"] == "Grace" && me["roles"] == ["DRSOrchestrationAdmin"])
            #expect(
                try await browser.ask(.GET, "/api/v1/sessions").json["items"]?.array?.first?["issuer"]
                    == "muster:break-glass"
            )
            let second = stage.browser()
            #expect(try await second.submit("/sign-in/break-glass", "code=\(code)").status == 403)
            #expect(second["muster_session"] == nil)
            stage.time.move(by: .seconds(2000))
            #expect(try await browser.change(.POST, "/session/touch").status == 200)
            stage.time.move(by: .seconds(1590))
            #expect(try await browser.me().status == 200)
            stage.time.move(by: .seconds(11))
            #expect(try await browser.me().status == 401)
        }
    }

    @Test func `can be used for ten minutes, and has the role that it was made for`() async throws {
        try await SignInStage.run { stage in
            let late = try await serving(stage).breakGlass(name: "Grace", reason: "Drill", role: .admin)
            stage.time.move(by: .seconds(601))
            #expect(try await stage.browser().submit("/sign-in/break-glass", "code=\(late)").status == 403)
            let code = try await serving(stage).breakGlass(name: "Grace", reason: "Drill", role: .recoveryOperator)
            let browser = stage.browser()
            #expect(try await browser.submit("/sign-in/break-glass", "code=\(code)").status == 303)
            #expect(try await browser.me().json["roles"] == ["DRSOperator"])
            #expect(try await browser.submit("/sign-out").location == "/signed-out")
            #expect(try await browser.me().status == 401)
        }
    }

    @Test func `is used by one of many who try at once`() async throws {
        try await SignInStage.run(hubs: 2) { stage in
            let code = try await serving(stage).breakGlass(name: "Grace", reason: "Drill", role: .admin)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        try await stage.browser(at: number % 2).submit("/sign-in/break-glass", "code=\(code)").status
                    }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.sorted() == [303] + [Int](repeating: 403, count: 19))
            #expect(try await stage.sessions() == 1)
        }
    }

    @Test func `is loud when it is made and when it is used, and is nowhere kept`() async throws {
        try await SignInStage.run { stage in
            let lines = LogUnderTest()
            let code = try await serving(stage, lines.logger).breakGlass(name: "Grace", reason: "Why", role: .admin)
            #expect(lines.warnings == ["a break-glass code was made"])
            #expect(try await stage.browser().submit("/sign-in/break-glass", "code=\(code)").status == 303)
            #expect(try await stage.audit() == ["MAKE_BREAK_GLASS_CODE", "USE_BREAK_GLASS_CODE"])
            let details = Query("SELECT detail FROM audit_event ORDER BY at, event_id", as: String.self)
            #expect(
                try await stage.database.run(details) == [
                    "for Grace as DRSOrchestrationAdmin: Why", "DRSOrchestrationAdmin: Why",
                ]
            )
            let bytes = code.filter { $0 != "-" }
            let row = Query("SELECT to_jsonb(c)::text FROM break_glass_code c", as: String.self)
            #expect(try await stage.database.first(row)?.contains(bytes) == false)
            #expect(lines.everything.contains { $0.contains(code) || $0.contains(bytes) } == false)
        }
    }

    @Test func `is refused when it is none, comes from another site, or is tried too often`() async throws {
        try await SignInStage.run(keys: { _ in ["MUSTER_RATE_LIMITS": "failures=5/0.01"] }) { stage in
            let code = try await serving(stage).breakGlass(name: "Grace", reason: "Drill", role: .admin)
            let foreign = [("sec-fetch-site", "cross-site"), ("content-type", "application/x-www-form-urlencoded")]
            let answer = try await stage.browser().ask(.POST, "/sign-in/break-glass", "code=\(code)", headers: foreign)
            #expect(answer.code == "CROSS_SITE")
            for wrong in ["", "code=", "code=x", "code=\(code)0", "code=" + String(repeating: "0", count: 32)] {
                #expect(try await stage.browser().submit("/sign-in/break-glass", wrong).status == 403)
            }
            #expect(try await stage.browser().submit("/sign-in/break-glass", "code=x").status == 429)
            #expect(try await stage.browser().submit("/sign-in/break-glass", "code=\(code)").status == 303)
        }
    }

    @Test(arguments: [
        ("", "why"), ("Grace", ""), ("Grace\nHopper", "why"), ("Grace", String(repeating: "a", count: 201)),
    ])
    func `needs a name and a reason of one line`(name: String, reason: String) async throws {
        try await SignInStage.run { stage in
            await #expect(throws: Serving.Refused.self) {
                _ = try await serving(stage).breakGlass(name: name, reason: reason, role: .admin)
            }
            let audit = try await stage.audit()
            #expect(audit == [])
        }
    }
}

/// A log that a test reads.
final class LogUnderTest: Sendable {
    private let lines = Mutex<[(level: Logger.Level, message: String, metadata: String)]>([])

    var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }
    var warnings: [String] { lines.withLock { $0.filter { $0.level >= .warning }.map(\.message) } }
    var everything: [String] { lines.withLock { $0.map { "\($0.message) \($0.metadata)" } } }

    private struct Handler: LogHandler {
        let log: LogUnderTest
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let facts = metadata.merging(event.metadata ?? [:]) { $1 }
            log.lines.withLock { $0.append((event.level, "\(event.message)", "\(facts)")) }
        }
    }
}
