import Ambient
import Audit
import Contract
import Hub
import JSON
import NIOHTTP1
import PostgreSQL
import Recovery
import Reporting
import Schema
import TestKit
import Testing

/// Reports of a hub as it runs, over its calls.
@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `A hub's drill reports` {
    private static func ended(_ hub: HubUnderTest) async throws -> (world: AccessWorld, path: String) {
        let world = try await AccessWorld(hub)
        let path = "/api/v1/executions/\(world.name("executionId", of: .here))"
        let cancelled = try await hub.ask(.DELETE, path, token: try hub.admin())
        #expect(cancelled.status == 202)
        try await eventually("the report has made itself") {
            try await versions(path, hub).count == 1
        }
        return (world, path)
    }

    private static func versions(_ path: String, _ hub: HubUnderTest) async throws -> [JSON] {
        try await hub.ask(.GET, "\(path)/reports", token: try hub.admin()).json["items"]?.array ?? []
    }

    private static func keys(_ hub: HubUnderTest) async throws -> AuditKeys {
        try AuditKeys(document: await hub.ask(.GET, "/api/v1/audit-keys", token: try hub.admin()).bytes)
    }

    @Test func `make themselves once when an execution ends, and are proved without the hub`() async throws {
        try await HubUnderTest.run(keys: ["MUSTER_RATE_LIMITS": "off"]) { hub in
            // A second replica beside it looks for the same.
            try await HubUnderTest.run(keys: ["MUSTER_RATE_LIMITS": "off"]) { _ in
                let (_, path) = try await Self.ended(hub)
                let answer = try await hub.ask(.GET, "\(path)/report?format=json", token: try hub.admin())
                #expect(answer.status == 200)
                let found = ReportVerification(of: answer.bytes, keys: try await Self.keys(hub))
                #expect(found.problems == [])
                let report = try #require(found.report)
                #expect(report.identity.version == 1 && !report.isInterim)
                #expect(report.summary.verdict?.result == .aborted)
                #expect(report.objectives.map(\.text) == ["of here"])
                #expect(report.findings.map(\.title) == ["of here"])
                #expect(report.readiness != nil && report.recoveryPoint.takenAt != nil)
                // Both replicas have looked again by then.
                let before = try await Self.looks(hub)
                try await eventually("both have looked again") { try await Self.looks(hub) > before + 1 }
                #expect(try await Self.versions(path, hub).count == 1)
            }
        }
    }

    /// Counts what the loops do: a drill that ends later gets its report from the same look.
    private static func looks(_ hub: HubUnderTest) async throws -> Int {
        let list = "/api/v1/audit-events?action=MAKE_REPORT&limit=200"
        let made = try await hub.ask(.GET, list, token: try hub.admin()).json["items"]?.array?.count ?? 0
        let world = try await hub.ask(.GET, "/api/v1/executions?active=true", token: try hub.admin()).json
        if let id = world["items"]?[0]?["executionId"]?.string {
            _ = try await hub.ask(.DELETE, "/api/v1/executions/\(id)", token: try hub.admin())
        }
        return made
    }

    @Test func `are interim ones while it runs, and signed all the same`() async throws {
        try await HubUnderTest.run { hub in
            let world = try await AccessWorld(hub)
            let path = "/api/v1/executions/\(world.name("executionId", of: .here))/report"
            let answer = try await hub.ask(.GET, path, token: try hub.admin())
            let found = ReportVerification(of: answer.bytes, keys: try await Self.keys(hub))
            #expect(found.problems == [])
            #expect(found.report?.isInterim == true && found.report?.summary.verdict == nil)
            #expect(try await hub.ask(.GET, "\(path)?version=1", token: try hub.admin()).status == 404)
            let made = try await hub.ask(.POST, "\(path)s", token: try hub.admin(), body: #"{"why": "early"}"#)
            try hub.expectProblem(made, 409, "EXECUTION_ACTIVE")
        }
    }

    /// The hub's answer is lost with it, after its commit; the same request comes again with its key.
    @Test func `take what somebody adds once, though the hub dies before it answers`() async throws {
        try await HubUnderTest.run(keys: ["MUSTER_RATE_LIMITS": "off"]) { hub in
            let (world, path) = try await Self.ended(hub)
            let pool = try TestDatabase.current.pool()
            defer { pool.close() }
            let entry: JSON = ["kind": "LESSON", "text": "write it down"]
            let finding: JSON = [
                "executionId": .string(world.name("executionId", of: .here)), "title": "slow", "severity": "HIGH",
            ]
            for (address, body, name) in [
                ("\(path)/report-entries", entry, "entryId"), ("/api/v1/findings", finding, "findingId"),
            ] {
                func add() async throws -> HubUnderTest.Answer {
                    try await hub.ask(
                        .POST,
                        address,
                        token: try hub.admin(),
                        body: body.text,
                        headers: [("idempotency-key", name)]
                    )
                }
                let first = try await add()
                #expect(first.status == 201, "\(first.said)")
                let id = try #require(try first.json[name]?.string)
                let forget = Statement(
                    """
                    UPDATE idempotency_key SET status = 0, headers = '{}', body = \(id),
                           created_at = created_at - interval '60 s' WHERE key = \(name)
                    """
                )
                try await pool.execute(forget)
                let second = try await add()
                #expect(second.status == 201 && second.bytes == first.bytes, "\(second.said)")
            }
        }
    }

    @Test func `stay as they were made, whatever is added later`() async throws {
        try await HubUnderTest.run(keys: ["MUSTER_RATE_LIMITS": "off"]) { hub in
            let (world, path) = try await Self.ended(hub)
            let admin = try hub.admin()
            let first = try await hub.ask(.GET, "\(path)/report", token: admin).bytes
            let entry: JSON = ["kind": "SIGN_OFF", "text": "approved", "name": "A. Lovelace", "role": "business owner"]
            let added = try await hub.ask(.POST, "\(path)/report-entries", token: admin, body: entry.text)
            #expect(added.status == 201)
            #expect(try await hub.ask(.GET, "\(path)/report", token: admin).bytes == first)
            let made = try await hub.ask(.POST, "\(path)/reports", token: admin, body: #"{"why": "signed off"}"#)
            #expect(made.status == 201)
            #expect(try made.json["version"]?.integer == 2)
            let location = try #require(made.headers.first(name: "location"))
            let second = try await hub.ask(.GET, location, token: admin)
            #expect(try second.json["report"]?["signOff"]?["signatures"]?[0]?["name"]?.string == "A. Lovelace")
            #expect(try await hub.ask(.GET, "\(path)/report?version=1", token: admin).bytes == first)
            let entryId = try added.json["entryId"]?.string ?? ""
            let withdrawn = try await hub.ask(.DELETE, "\(path)/report-entries/\(entryId)", token: admin)
            #expect(withdrawn.status == 204)
            let entries = try await hub.ask(.GET, "\(path)/report-entries", token: admin).json["items"]?.array ?? []
            #expect(entries.count == 2 && entries.last?["withdrawnBy"]?.string == "ada")
            #expect(world.name("findingId", of: .here) != "")
        }
    }

    @Test func `may be added to and read by the hub, and not changed`() async throws {
        let pool = try Pool(
            connectionString: try TestDatabase.current.hubConnectionString,
            size: 1,
            ambient: Ambient(),
            logger: .quiet
        )
        defer { pool.close() }
        let tables: [StaticString] = [
            "execution_baseline", "report", "report_print", "report_entry", "report_entry_withdrawal", "finding",
        ]
        for table in tables {
            await #expect(throws: PostgresFailure.self, "\(table)") {
                try await pool.execute(Statement("DELETE FROM \(identifier: table)"))
            }
        }
        await #expect(throws: PostgresFailure.self) {
            try await pool.execute(Statement("UPDATE report SET why = 'another'"))
        }
    }

    @Test func `come in four forms whose types and policies are right`() async throws {
        try await HubUnderTest.run(keys: ["MUSTER_RATE_LIMITS": "off"]) { hub in
            let (_, path) = try await Self.ended(hub)
            let admin = try hub.admin()
            let page = try await hub.ask(.GET, "\(path)/report", token: admin, headers: [("accept", "text/html")])
            #expect(page.headers.first(name: "content-type") == "text/html; charset=utf-8")
            let policy = page.headers.first(name: "content-security-policy") ?? ""
            #expect(policy.hasPrefix("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"))
            #expect(String(decoding: page.bytes, as: UTF8.self).contains("<h1>Drill report</h1>"))
            let csv = try await hub.ask(.GET, "\(path)/report?format=csv", token: admin)
            #expect(csv.headers.first(name: "content-type")?.hasPrefix("text/csv") == true)
            #expect(csv.headers.first(name: "content-disposition")?.hasPrefix("attachment") == true)
            #expect(String(decoding: csv.bytes, as: UTF8.self).hasPrefix("executionId,planName"))
            try hub.expectProblem(try await hub.ask(.GET, "\(path)/report?format=xml", token: admin), 400)
        }
    }

    @Test func `add up to a coverage, narrowed and in every form`() async throws {
        try await HubUnderTest.run(keys: ["MUSTER_RATE_LIMITS": "off"]) { hub in
            let (world, _) = try await Self.ended(hub)
            let admin = try hub.admin()
            func ask(_ query: String, as token: String) async throws -> HubUnderTest.Answer {
                try await hub.ask(.GET, "/api/v1/reports/coverage?\(query)", token: token)
            }
            let all = try await ask("days=30", as: admin).json
            let plans = all["plans"]?.array ?? []
            #expect(!plans.isEmpty && all["totals"]?["plans"]?.integer == Int64(plans.count))
            let run = try #require(plans.first { $0["lastResult"]?.string == "ABORTED" }, "the run that was cancelled")
            #expect(run["lastTestedAt"]?.string != nil)
            #expect(run["isOverdue"] == .bool(true), "a run that proved nothing")
            let quarter = try #require(all["quarters"]?.array?.last)
            #expect((quarter["runs"]?.integer ?? 0) >= 1 && quarter["passes"]?.integer == 0)
            #expect(all["findings"]?["unassigned"]?.integer == all["findings"]?["open"]?.integer)
            #expect(try await ask("owner=nobody", as: admin).json["plans"]?.array == [])
            let here = world.name("accountId", of: .here)
            for answer in [
                try await ask("accountId=\(here)", as: admin), try await ask("", as: world.limited(.readOnly)),
            ] {
                #expect(try answer.json["accounts"]?.array?.compactMap { $0["accountId"]?.string } == [here])
            }
            let csv = try await ask("format=csv", as: admin)
            #expect(csv.headers.first(name: "content-disposition")?.hasPrefix("attachment") == true)
            let rows = String(decoding: csv.bytes, as: UTF8.self).split(separator: "\r\n")
            #expect(rows.count == plans.count + 1 && rows[0].hasPrefix("planName,application,owner"))
            let page = try await ask("format=html&owner=%3Cscript%3E", as: admin)
            let policy = page.headers.first(name: "content-security-policy") ?? ""
            #expect(policy.hasPrefix("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"))
            let text = String(decoding: page.bytes, as: UTF8.self)
            #expect(text.contains("<h1>Recovery coverage</h1>") && text.contains("&lt;script&gt;"))
            #expect(!text.contains("<script"))
            for wrong in ["days=0", "format=xml", "account=1"] {
                try hub.expectProblem(try await ask(wrong, as: admin), 400)
            }
        }
    }

    @Test func `have findings with an owner, a day, and a proof of their end`() async throws {
        try await HubUnderTest.run(keys: ["MUSTER_RATE_LIMITS": "off"]) { hub in
            let (world, _) = try await Self.ended(hub)
            let path = "/api/v1/findings/\(world.name("findingId", of: .here))"
            func put(_ changes: [String: JSON]) async throws -> HubUnderTest.Answer {
                var body: [(String, JSON)] = [("title", "A gap"), ("severity", "HIGH"), ("state", "OPEN")]
                for (name, value) in changes {
                    body.removeAll { $0.0 == name }
                    body.append((name, value))
                }
                let text = "{" + body.map { "\"\($0.0)\":\($0.1.text)" }.joined(separator: ",") + "}"
                return try await hub.ask(.PUT, path, token: try hub.admin(), body: text)
            }
            let owned = try await put(["owner": "ops", "dueOn": "2026-01-31", "cause": "capacity"])
            #expect(owned.status == 200, "\(owned.said)")
            #expect(try owned.json["revision"]?.integer == 2 && owned.json["dueOn"]?.string == "2026-01-31")
            let late = try await hub.ask(.GET, "/api/v1/findings?overdue=true", token: try hub.admin()).json
            #expect(late["items"]?.array?.map { $0["title"]?.string } == ["A gap"])
            #expect(try await put(["dueOn": "2026-02-30"]).status == 400)
            #expect(try await put(["state": "CLOSED"]).pointers == ["/retestExecutionId"])
            #expect(try await put(["state": "ACCEPTED"]).pointers == ["/riskAcceptance"])
            let same = JSON.string(world.name("executionId", of: .here))
            #expect(try await put(["state": "CLOSED", "retestExecutionId": same]).pointers == ["/retestExecutionId"])
            let retest = try await world.make("/executions", world.start(.here))["executionId"] ?? .null
            let early = try await put(["state": "CLOSED", "retestExecutionId": retest])
            #expect(early.status == 422, "it has not ended")
            let id = retest.string ?? ""
            _ = try await hub.ask(.DELETE, "/api/v1/executions/\(id)", token: try hub.admin())
            let closed = try await put(["state": "CLOSED", "retestExecutionId": retest])
            #expect(closed.status == 200, "\(closed.said)")
            let stale = try await hub.ask(
                .PUT,
                path,
                token: try hub.admin(),
                body: #"{"title":"x","severity":"LOW","state":"OPEN"}"#,
                headers: [("if-match", "\"2\"")]
            )
            try hub.expectProblem(stale, 412, "REVISION_STALE")
        }
    }
}
