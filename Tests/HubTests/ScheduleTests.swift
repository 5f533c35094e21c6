import Ambient
import Hub
import JSON
import NIOHTTP1
import PostgreSQL
import Recovery
import Schema
import Store
import TestKit
import Testing

@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `A schedule` {
    private func make(_ hub: HubUnderTest, _ body: JSON) async throws -> HubUnderTest.Answer {
        try await hub.ask(.POST, "/api/v1/schedules", token: try hub.admin(), body: body.text)
    }

    @Test func `shows its next ten times in its own zone, blackouts left out`() async throws {
        try await HubUnderTest.run { hub in
            let world = try await AccessWorld(hub)
            let body = AccessWorld.schedule(
                "New Year",
                world.name("planId", of: .here),
                changing: [
                    "cron": "30 2 * * *", "timeZone": "America/New_York",
                    "blackouts": [
                        ["from": "2000-01-01T00:00:00Z", "until": "2099-03-07T00:00:00Z", "reason": "the far future"]
                    ],
                ]
            )
            let made = try await make(hub, body)
            #expect(made.status == 201, "\(made.said)")
            let times = try made.json["nextRuns"]?.array?.compactMap(\.string) ?? []
            // On 8 March 2099 the clocks of New York jump over 2:30.
            #expect(
                times.prefix(3) == ["2099-03-07T07:30:00.000Z", "2099-03-08T07:30:00.000Z", "2099-03-09T06:30:00.000Z"]
            )
            #expect(times.count == Limits.shownRuns)
        }
    }

    @Test func `is changed, switched off, and ended`() async throws {
        try await HubUnderTest.run { hub in
            let world = try await AccessWorld(hub)
            let path = "/api/v1/schedules/\(world.name("scheduleId", of: .here))"
            let plan = world.name("planId", of: .here)
            let body = AccessWorld.schedule("here", plan, changing: ["isEnabled": false])
            let changed = try await hub.ask(.PUT, path, token: try hub.admin(), body: body.text)
            #expect(changed.status == 200 && changed.headers.first(name: "etag") == "\"2\"", "\(changed.said)")
            #expect(try changed.json["nextRuns"]?.array == [])
            let runs = try await hub.ask(.GET, path + "/runs", token: try hub.admin())
            #expect(try runs.json["items"]?.array == [])
            #expect(try await hub.ask(.DELETE, path, token: try hub.admin()).status == 204)
            #expect(try await hub.ask(.GET, path, token: try hub.admin()).status == 404)
        }
    }

    /// What is wrong, and where the answer says so.
    private static let wrong: [(field: String, value: JSON, pointer: String)] = [
        ("cron", "* * * * *", "/cron"), ("cron", "0 0 30 FEB *", "/cron"), ("timeZone", "CET", "/timeZone"),
        ("timeZone", "Moon/Tycho", "/timeZone"),
        (
            "blackouts",
            [["from": "2027-01-02T00:00:00Z", "until": "2027-01-01T00:00:00Z", "reason": "x"]],
            "/blackouts/0/until"
        ),
        ("planId", .string(RecoveryPlan.ID.sample(99).description), "/planId"),
    ]

    @Test(arguments: wrong)
    func `that cannot be is refused by its field`(field: String, value: JSON, pointer: String) async throws {
        try await HubUnderTest.run { hub in
            let world = try await AccessWorld(hub)
            let body = AccessWorld.schedule("New", world.name("planId", of: .here), changing: [field: value])
            let answer = try await make(hub, body)
            #expect(answer.status == 422, "\(answer.said)")
            #expect(try answer.json["errors"]?.array?.first?["pointer"]?.string == pointer, "\(answer.said)")
        }
    }

    @Test func `needs a name of its own, however it is written`() async throws {
        try await HubUnderTest.run { hub in
            let world = try await AccessWorld(hub)
            for name in ["here", "HERE"] {
                let answer = try await make(hub, AccessWorld.schedule(name, world.name("planId", of: .here)))
                try hub.expectProblem(answer, 409, "NAME_TAKEN")
            }
        }
    }

    @Test func `that somebody else has changed is not changed, whatever else is wrong`() async throws {
        try await HubUnderTest.run { hub in
            let world = try await AccessWorld(hub)
            let plan = world.name("planId", of: .here)
            let answer = try await hub.ask(
                .PUT,
                "/api/v1/schedules/\(world.name("scheduleId", of: .here))",
                token: try hub.admin(),
                body: AccessWorld.schedule("here", plan, changing: ["cron": "* * * * *"]).text,
                headers: [("if-match", "\"9\"")]
            )
            try hub.expectProblem(answer, 412, "REVISION_STALE")
        }
    }

    @Test func `that is changed while it waits for servers waits no longer`() async throws {
        try await HubUnderTest.run { hub in
            let world = try await AccessWorld(hub)
            let pool = try TestDatabase.current.pool()
            defer { pool.close() }
            let id = try #require(Schedule.ID(world.name("scheduleId", of: .here)))
            let waiting = ScheduledRun(dueAt: .sample, decidedAt: .sample, outcome: .waiting, detail: "in use")
            try await pool.execute(waiting.keep(of: id))
            let body = AccessWorld.schedule("here", world.name("planId", of: .here)).text
            let changed = try await hub.ask(.PUT, "/api/v1/schedules/\(id)", token: try hub.admin(), body: body)
            #expect(changed.status == 200, "\(changed.said)")
            let last = try changed.json["lastRun"]
            #expect(last?["outcome"] == "SKIPPED_BUSY" && last?["detail"]?.string?.contains("changed") == true)
        }
    }

    @Test func `of somebody who may not start drills there is none`() async throws {
        try await HubUnderTest.run { hub in
            let world = try await AccessWorld(hub)
            let body = AccessWorld.schedule("New", world.name("planId", of: .here)).text
            let reader = try hub.issuer.token(.readOnly)
            let answer = try await hub.ask(.POST, "/api/v1/schedules", token: reader, body: body)
            try hub.expectProblem(answer, 403, "PERMISSION_MISSING")
        }
    }

    @Test func `tells why nothing began to those who see all of its plan's accounts`() async throws {
        try await HubUnderTest.run { hub in
            let world = try await AccessWorld(hub)
            let pool = try TestDatabase.current.pool()
            defer { pool.close() }
            let id = try #require(Schedule.ID(world.name("scheduleId", of: .both)))
            let server = SourceServerID.sample(6).rawValue
            let run = ScheduledRun(
                dueAt: .sample,
                decidedAt: .sample,
                outcome: .skippedBusy,
                detail: "\(server) is busy"
            )
            try await pool.execute(run.keep(of: id))
            for path in ["/api/v1/schedules", "/api/v1/schedules/\(id)", "/api/v1/schedules/\(id)/runs"] {
                let all = try await hub.ask(.GET, path, token: try hub.admin())
                #expect(all.said.contains(server))
                let limited = try await hub.ask(.GET, path, token: try world.limited(.readOnly))
                #expect(limited.status == 200 && limited.said.contains("SKIPPED_BUSY"))
                #expect(!limited.said.contains(server))
            }
        }
    }
}
