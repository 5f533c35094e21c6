import Ambient
import Contract
import Hub
import JSON
import NIOHTTP1
import PostgreSQL
import Recovery
import Schema
import TestKit
import Testing

/// What the audit says, and that no change is without it.
@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `The audit` {
    /// A change that an administrator may make in the access world, and what it is of.
    private struct Change {
        let call: any Call.Type
        var owner = AccessWorld.Owner.here
        var body: JSON?
        /// Its status when it is made.
        var status: Int
    }

    /// Every call that changes something of the hub's, each once, in an order in which all of them succeed.
    private static func changes(_ world: AccessWorld) -> [Change] {
        [
            Change(call: CreateAccount.self, body: AccessWorld.account(Place.sample(7), "Third"), status: 201),
            Change(
                call: UpdateAccount.self,
                body: [
                    "accountName": "Renamed", "regions": [.string(world.here.region.rawValue)], "spokePrincipals": [],
                ],
                status: 200
            ),
            Change(call: DrainSpoke.self, status: 202),
            Change(call: CreateRoleBinding.self, body: AccessWorld.binding("new", .readOnly, nil), status: 201),
            Change(call: UpdateRoleBinding.self, body: AccessWorld.binding("of here", .admin, nil), status: 200),
            Change(call: DeleteRoleBinding.self, owner: .there, status: 204),
            Change(call: AddNote.self, body: ["text": "a note"], status: 202),
            Change(call: CreateWallLink.self, body: ["hours": 2], status: 200),
            Change(call: RevokeWallLink.self, status: 204),
            Change(call: PauseExecution.self, body: ["mode": "NEXT_WAVE"], status: 202),
            Change(call: CancelExecution.self, status: 202),
            Change(call: CancelExecution.self, owner: .both, status: 202),
            Change(call: CancelExecution.self, owner: .there, status: 202),
            Change(call: MakeReport.self, body: ["why": "an entry came later"], status: 201),
            Change(call: AddReportEntry.self, body: ["kind": "PURPOSE", "text": "to see"], status: 201),
            Change(call: WithdrawReportEntry.self, status: 204),
            Change(
                call: CreateFinding.self,
                body: [
                    "executionId": .string(world.name("executionId", of: .here)), "title": "A gap", "severity": "HIGH",
                ],
                status: 201
            ),
            Change(
                call: UpdateFinding.self,
                body: ["title": "A gap", "severity": "LOW", "state": "OPEN"],
                status: 200
            ),
            Change(call: StartExecution.self, body: world.start(.both), status: 202),
            Change(call: HideExecutions.self, status: 200),
            Change(
                call: UpdateProtectionGroup.self,
                body: AccessWorld.group("Renamed", [1, 2], world.here),
                status: 200
            ),
            Change(
                call: UpdateRecoveryPlan.self,
                body: AccessWorld.plan("Renamed", [world.name("groupId", of: .here)]),
                status: 200
            ),
            Change(
                call: CreateRecoveryPlan.self,
                body: AccessWorld.plan("New", [world.name("groupId", of: .here)]),
                status: 201
            ),
            Change(call: ImportRecoveryPlan.self, body: AccessWorld.plan("Imported", ["Half here"]), status: 201),
            Change(
                call: CreateSchedule.self,
                body: AccessWorld.schedule("New", world.name("planId", of: .here)),
                status: 201
            ),
            Change(
                call: UpdateSchedule.self,
                body: AccessWorld.schedule("Renamed", world.name("planId", of: .here)),
                status: 200
            ),
            Change(call: DeleteSchedule.self, owner: .there, status: 204),
            Change(
                call: CreateNotificationTarget.self,
                body: NotificationSample.webhook("New", "https://example.com/", isEnabled: false),
                status: 201
            ),
            Change(
                call: UpdateNotificationTarget.self,
                body: NotificationSample.webhook("Renamed", "https://example.com/", isEnabled: false),
                status: 200
            ),
            Change(call: TestNotificationTarget.self, status: 202),
            Change(call: DeleteNotificationTarget.self, status: 204),
            Change(call: DeleteRecoveryPlan.self, owner: .there, status: 204),
            Change(call: DeleteProtectionGroup.self, owner: .there, status: 204),
            Change(call: CreateProtectionGroup.self, body: AccessWorld.group("New", [4], world.there), status: 201),
            Change(call: CancelCampaign.self, status: 202),
            // The last one: its drills begin by themselves, and that is none of these changes.
            Change(
                call: StartCampaign.self,
                body: AccessWorld.campaign("New", [world.name("planId", of: .here)]),
                status: 201
            ),
        ]
    }

    /// Calls that are no change of the hub's, or whose change is shown by another of the same path through the conductor.
    private static let others: Set<String> = [
        // It asks spokes, and changes nothing itself.
        "RefreshSourceServers",
        // By the same turn as a pause and a cancellation; they need waves that wait, failed or ended.
        "ResumeExecution", "ApproveWave", "DeclineWave", "RetryWave", "SkipWave", "RetryServer", "SkipServer",
        "TerminateExecutionInstances", "ReplaceRecoveryPoint",
        // It needs an instance that no execution owns; its event is of the same transaction.
        "TerminateOrphan",
        // It needs a message that was given up; its event is of the same transaction.
        "ResendNotification",
        // It needs somebody who signed in by a browser; its event is of the same transaction.
        "RevokeSession",
        // By the same transaction as its change; groups lie in the world's accounts.
        "DeleteAccount",
    ]

    @Test func `has an event for every change, or there is no change`() async throws {
        try await HubUnderTest.run(keys: ["MUSTER_RATE_LIMITS": "off"]) { hub in
            let world = try await AccessWorld(hub)
            let changes = Self.changes(world)
            let changing = Contract.calls.filter { call in
                call.route.method != .get && (call.route.method != .post || call.type.takesIdempotencyKey)
            }
            let known = Set(changes.map { $0.call.name }).union(Self.others)
            #expect(changing.map(\.name).filter { !known.contains($0) } == [])
            let pool = try TestDatabase.current.pool()
            defer { pool.close() }
            try await pool.execute(
                Statement(
                    """
                    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN RAISE EXCEPTION 'no audit'; END $$
                    """
                )
            )
            for change in changes { try await expectBoth(change, world, pool) }
        }
    }

    private func expectBoth(_ change: Change, _ world: AccessWorld, _ pool: Pool) async throws {
        let name = change.call.name
        func ask() async throws -> HubUnderTest.Answer {
            let route = change.call.route
            return try await world.hub.ask(
                HTTPMethod(rawValue: route.method.rawValue),
                try #require(world.path(route.path, of: change.owner)),
                token: try world.hub.admin(),
                body: change.body?.text
            )
        }
        try await pool.execute(Statement("CREATE TRIGGER no BEFORE INSERT ON audit_event EXECUTE FUNCTION refuse()"))
        let before = try await Self.digest(pool)
        let refused = try await ask()
        #expect(refused.status >= 500, "\(name) without its event: \(refused.said)")
        let changed = Set(try await Self.digest(pool)).subtracting(before)
        #expect(changed == [], "\(name) changed something without its event")
        try await pool.execute(Statement("DROP TRIGGER no ON audit_event"))
        let count = try await Self.count(name, pool)
        let made = try await ask()
        #expect(made.status == change.status, "\(name): \(made.said)")
        #expect(try await Self.count(name, pool) == count + 1, "\(name) has one event")
    }

    private static func count(_ action: String, _ pool: Pool) async throws -> Int {
        let query = Query(
            "SELECT count(*) FROM audit_event WHERE action = \(action) AND outcome = 'DONE'",
            as: Int.self
        )
        return try await pool.first(query) ?? 0
    }

    /// All rows of everything that people change; commands of no execution are the hub's own.
    private static func digest(_ pool: Pool) async throws -> [String] {
        var digests: [String] = []
        for table in [
            "account", "protection_group", "group_member", "recovery_plan", "plan_group", "schedule", "execution",
            "execution_wave", "server_claim", "journal_event", "command", "role_binding", "report", "report_entry",
            "report_entry_withdrawal", "finding",
            // The pace of its messages is the hub's own.
            "(SELECT target_name, revision FROM notification_target)", "campaign",
        ] {
            let which = table == "command" ? "WHERE execution_id IS NOT NULL" : ""
            let rows = SQL(
                stringLiteral:
                    "SELECT coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '') FROM \(table) t \(which)"
            )
            digests.append("\(table) \(try await pool.first(Query(rows, as: String.self)) ?? "")")
        }
        let drained = Query("SELECT count(*)::text FROM spoke WHERE is_draining", as: String.self)
        return digests + ["drained \(try await pool.first(drained) ?? "")"]
    }

    @Test func `says who changed what, from where, and both values`() async throws {
        try await HubUnderTest.run { hub in
            let world = try await AccessWorld(hub)
            let path = "/api/v1/accounts/\(world.here.accountId)"
            let body: JSON = [
                "accountName": "Renamed", "regions": [.string(world.here.region.rawValue)], "spokePrincipals": [],
            ]
            let request = [("x-request-id", "request-7")]
            let bytes = Array(body.text.utf8)
            let changed = try await hub.ask(.PUT, path, token: try hub.admin(), bytes: bytes, headers: request)
            #expect(changed.status == 200)
            let list = "/api/v1/audit-events?action=UpdateAccount"
            let event = try #require(try await hub.ask(.GET, list, token: try hub.admin()).json["items"]?[0])
            #expect(event["principal"]?.string == "subject-of-ada@\(hub.issuer.url)")
            #expect(event["sourceAddress"]?.string == "127.0.0.1" && event["requestId"]?.string == "request-7")
            #expect(event["oldRevision"]?.integer == 1 && event["newRevision"]?.integer == 2)
            #expect(event["changes"] == [["field": "accountName", "before": "\"Here\"", "after": "\"Renamed\""]])
            let others = try await hub.ask(.GET, list, token: try world.limited(.readOnly)).json
            #expect(others["items"]?.array?.count == 1)
        }
    }

    @Test func `has refusals too, and only the number of a flood`() async throws {
        try await HubUnderTest.run(keys: ["MUSTER_RATE_LIMITS": "off"]) { hub in
            let reader = try hub.issuer.token(.readOnly, name: "eve")
            for _ in 0..<60 { _ = try await hub.ask(.DELETE, "/api/v1/executions", token: reader) }
            for _ in 0..<60 { _ = try await hub.ask(.GET, "/api/v1/accounts", token: "nonsense") }
            func refused(_ filter: String) async throws -> [JSON] {
                let path = "/api/v1/audit-events?outcome=REFUSED&limit=200&\(filter)"
                return try await hub.ask(.GET, path, token: try hub.admin()).json["items"]?.array ?? []
            }
            try await eventually("the refusals are there") {
                let (forbidden, unknown) = (
                    try await refused("action=HideExecutions"), try await refused("action=ListAccounts")
                )
                return !forbidden.isEmpty && !unknown.isEmpty
            }
            let forbidden = try await refused("action=HideExecutions")
            #expect(forbidden.first?["principal"]?.string == "subject-of-eve@\(hub.issuer.url)")
            #expect(forbidden.first?["detail"]?.string == "PERMISSION_MISSING")
            #expect(forbidden.count < 60)
            let unknown = try await refused("action=ListAccounts")
            #expect(unknown.first?["detail"]?.string == "UNAUTHENTICATED" && unknown.count < 60)
        }
    }
}

extension AccessWorld {
    func start(_ owner: Owner) -> JSON {
        ["planId": .string(name("planId", of: owner)), "executionType": "DRILL"]
    }
}
