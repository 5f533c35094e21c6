import Ambient
import Contract
import Hub
import JSON
import NIOHTTP1
import Recovery
import Schema
import TestKit
import Testing

/// Walks every call with every role that is limited to one account, on that account's objects and on others'.
@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `A caller who is limited to an account` {
    /// What a call is to a caller who is limited to an account and has its permission.
    enum Kind: Sendable {
        /// Shows one object: of another account 404, of several without what is not theirs.
        case reads
        /// Shows an object as a whole: of another account 404, of several 403.
        case readsWhole
        /// Changes one object: of another account 404, of several 403.
        case changes
        /// Is there for those only who see all of it: of another account and of several 404.
        case hides
        /// Changes what only those may change who manage all accounts: 403 as soon as it is seen.
        case governs
        /// Makes something in an account that the body names: in another one 403, or 422 for what may not even be known.
        case makes(@Sendable (AccessWorld) -> JSON, status: Int)
        /// Starts something of an object that the body names: 404 and 403 as for a change.
        case starts(@Sendable (String) -> JSON)
        /// Lists objects: without those of other accounts.
        case lists
        /// Is of no account.
        case isOfNoAccount
        /// Is of all accounts: 404 for who does not manage them all.
        case isOfAllAccounts
    }

    /// Every call of the contract; a new one without its line here fails.
    static let calls: [String: Kind] = [
        "ListAccounts": .lists, "GetAccount": .reads, "UpdateAccount": .changes, "DeleteAccount": .changes,
        "ValidateAccount": .changes,
        "CreateAccount": .makes({ _ in AccessWorld.account(Place.sample(7), "Third") }, status: 403),
        "ListSpokes": .lists, "GetSpoke": .reads, "DrainSpoke": .changes,
        "GetCurrentUser": .isOfNoAccount, "ListSessions": .isOfNoAccount, "RevokeSession": .isOfNoAccount,
        "GetDashboard": .lists, "GetDiagnosis": .lists,
        "ListRoleBindings": .lists, "GetRoleBinding": .reads, "UpdateRoleBinding": .governs,
        "DeleteRoleBinding": .governs,
        "CreateRoleBinding": .makes({ AccessWorld.binding("new", .readOnly, [$0.here]) }, status: 403),
        "ListAuditEvents": .lists, "GetAuditVerification": .isOfNoAccount, "ListAuditKeys": .isOfNoAccount,
        "ListProtectionGroups": .lists, "GetProtectionGroup": .reads, "UpdateProtectionGroup": .changes,
        "DeleteProtectionGroup": .changes,
        "CreateProtectionGroup": .makes({ AccessWorld.group("New", [4], $0.there) }, status: 403),
        "ResolveSelection": .makes(
            {
                [
                    "accountId": .string($0.there.accountId.rawValue), "region": .string($0.there.region.rawValue),
                    "serverSelectionTags": ["a": "b"],
                ]
            },
            status: 422
        ),
        "ListSourceServers": .lists, "ListQuotas": .lists, "ListRegions": .lists,
        "RefreshSourceServers": .makes({ ["accountId": .string($0.there.accountId.rawValue)] }, status: 422),
        "ListRecoveryPlans": .lists, "GetRecoveryPlan": .reads, "UpdateRecoveryPlan": .changes,
        "DeleteRecoveryPlan": .changes, "ValidateRecoveryPlan": .reads,
        "ListRecoveryPlanVersions": .reads, "GetRecoveryPlanVersion": .reads, "ExportRecoveryPlan": .readsWhole,
        "ImportRecoveryPlan": .makes({ _ in AccessWorld.plan("New", ["There"]) }, status: 422),
        "CreateRecoveryPlan": .makes({ AccessWorld.plan("New", [$0.name("groupId", of: .there)]) }, status: 422),
        "ListSchedules": .lists, "GetSchedule": .reads, "UpdateSchedule": .changes, "DeleteSchedule": .changes,
        "ListScheduleRuns": .reads,
        "CreateSchedule": .makes({ AccessWorld.schedule("New", $0.name("planId", of: .there)) }, status: 422),
        "ListCampaigns": .lists, "GetCampaign": .reads, "CancelCampaign": .changes,
        "GetCampaignReport": .readsWhole, "ListCampaignReports": .readsWhole,
        "StartCampaign": .makes({ AccessWorld.campaign("New", [$0.name("planId", of: .there)]) }, status: 422),
        "ListOrphans": .lists, "TerminateOrphan": .changes,
        "ListNotificationTargets": .lists, "GetNotificationTarget": .isOfAllAccounts,
        "UpdateNotificationTarget": .isOfAllAccounts, "DeleteNotificationTarget": .isOfAllAccounts,
        "TestNotificationTarget": .isOfAllAccounts, "ListNotificationDeliveries": .isOfAllAccounts,
        "ResendNotification": .isOfAllAccounts,
        "CreateNotificationTarget": .makes(
            { _ in NotificationSample.webhook("New", "https://example.com/") },
            status: 403
        ),
        "StartExecution": .starts { ["planId": .string($0), "executionType": "DRILL"] },
        "ListExecutions": .lists, "GetExecution": .reads, "HideExecutions": .isOfNoAccount,
        "ListJobLogs": .reads, "ListExecutionEvents": .reads, "CancelExecution": .changes,
        "PauseExecution": .changes, "ResumeExecution": .changes, "ApproveWave": .changes, "DeclineWave": .changes,
        "TerminateExecutionInstances": .changes, "RetryWave": .changes, "SkipWave": .changes,
        "RetryServer": .changes, "SkipServer": .changes, "ReplaceRecoveryPoint": .changes, "AddNote": .changes,
        "ListWallLinks": .changes, "CreateWallLink": .changes, "RevokeWallLink": .changes,
        "GetReport": .readsWhole, "ListReports": .readsWhole, "MakeReport": .changes,
        "ListReportEntries": .readsWhole, "AddReportEntry": .changes, "WithdrawReportEntry": .changes,
        "GetCoverage": .lists, "ListFindings": .lists, "GetFinding": .hides, "UpdateFinding": .hides,
        "CreateFinding": .makes(
            {
                [
                    "executionId": .string($0.name("executionId", of: .there)), "title": "new", "severity": "LOW",
                ]
            },
            status: 422
        ),
    ]

    @Test func `is walked through every call there is`() {
        #expect(Contract.calls.map(\.name).filter { Self.calls[$0] == nil } == [])
    }

    @Test(arguments: Role.allCases)
    func `sees nothing of others, and does nothing to what is partly others'`(role: Role) async throws {
        try await HubUnderTest.run(keys: ["MUSTER_RATE_LIMITS": "off"]) { hub in
            let world = try await AccessWorld(hub)
            let token = try world.limited(role)
            for call in Contract.calls {
                guard let kind = Self.calls[call.name] else { continue }
                guard call.permission.map({ role.permissions.contains($0) }) ?? true else {
                    try await expectForbidden(call, in: world, token)
                    continue
                }
                try await expect(kind, of: call, in: world, token)
            }
        }
    }

    private func method(_ call: CallDescription) -> HTTPMethod {
        HTTPMethod(rawValue: call.route.method.rawValue)
    }

    private func expectForbidden(_ call: CallDescription, in world: AccessWorld, _ token: String) async throws {
        for owner in AccessWorld.Owner.allCases {
            guard let path = world.path(call.route.path, of: owner) else { continue }
            let answer = try await world.hub.ask(method(call), path, token: token)
            try world.hub.expectProblem(answer, 403, "PERMISSION_MISSING")
        }
    }

    private func expect(_ kind: Kind, of call: CallDescription, in world: AccessWorld, _ token: String) async throws {
        func ask(_ owner: AccessWorld.Owner, _ body: JSON? = nil) async throws -> HubUnderTest.Answer? {
            guard let path = world.path(call.route.path, of: owner) else { return nil }
            let hasBody = call.bodyShape != nil && body != nil
            return try await world.hub.ask(
                method(call),
                path,
                token: token,
                body: hasBody ? body?.text : nil,
                headers: call.route.takesPrecondition ? [("if-match", "\"999\"")] : []
            )
        }
        func expectStatus(_ owner: AccessWorld.Owner, _ status: Int, _ code: String, _ body: JSON? = nil) async throws {
            guard let answer = try await ask(owner, body) else { return }
            #expect(answer.status == status && answer.code == code, "\(call.name) of \(owner): \(answer.said)")
        }
        // What is well-formed could change the world for the calls that follow.
        let nonsense: JSON = ["nonsense": 1]
        switch kind {
        case .reads:
            try await expectStatus(.there, 404, "NOT_FOUND")
            for owner in [AccessWorld.Owner.here, .both] {
                guard let answer = try await ask(owner, call.route.method == .post ? [:] : nil) else { continue }
                #expect(answer.status == 200, "\(call.name) of \(owner): \(answer.said)")
                expectNoSecret(answer, call, world)
            }
        case .changes, .governs:
            try await expectStatus(.there, 404, "NOT_FOUND", nonsense)
            try await expectStatus(.both, 403, "OUTSIDE_SCOPE", nonsense)
            guard let answer = try await ask(.here, nonsense) else { return }
            if case .governs = kind {
                #expect(answer.status == 403 && answer.code == "OUTSIDE_SCOPE", "\(call.name): \(answer.said)")
            } else {
                #expect(![401, 403, 404, 500].contains(answer.status), "\(call.name): \(answer.said)")
            }
        case .readsWhole:
            try await expectStatus(.there, 404, "NOT_FOUND")
            try await expectStatus(.both, 403, "OUTSIDE_SCOPE")
            let answer = try #require(try await ask(.here))
            #expect(answer.status == 200, "\(call.name): \(answer.said)")
            expectNoSecret(answer, call, world)
        case .hides:
            try await expectStatus(.there, 404, "NOT_FOUND", nonsense)
            try await expectStatus(.both, 404, "NOT_FOUND", nonsense)
            let answer = try #require(try await ask(.here, nonsense))
            #expect(![401, 403, 404, 500].contains(answer.status), "\(call.name): \(answer.said)")
        case .makes(let body, let status):
            let answer = try await ask(.here, body(world))
            #expect(answer?.status == status, "\(call.name): \(answer?.said ?? "")")
        case .starts(let body):
            try await expectStatus(.here, 404, "NOT_FOUND", body(world.name("planId", of: .there)))
            try await expectStatus(.here, 403, "OUTSIDE_SCOPE", body(world.name("planId", of: .both)))
            let own = try await ask(.here, body(world.name("planId", of: .here)))
            #expect(own.map { [202, 409].contains($0.status) } == true, "\(call.name): \(own?.said ?? "")")
        case .lists:
            let answer = try #require(try await ask(.here))
            #expect(answer.status == 200, "\(call.name): \(answer.said)")
            expectNoSecret(answer, call, world)
        case .isOfAllAccounts: try await expectStatus(.here, 404, "NOT_FOUND", nonsense)
        case .isOfNoAccount:
            // A session is its person's, whatever they may see; there is none here.
            guard let answer = try await ask(.here) else { return }
            #expect(answer.status == 200, "\(call.name): \(answer.said)")
        }
    }

    private func expectNoSecret(_ answer: HubUnderTest.Answer, _ call: CallDescription, _ world: AccessWorld) {
        // What they themselves asked for in vain stands in the audit, by the path that they know.
        let shown = (try? answer.json["items"]?.array?.filter { $0["outcome"] != "REFUSED" }).map {
            JSON.array($0).text
        }
        for secret in world.secrets {
            #expect(!(shown ?? answer.said).contains(secret), "\(call.name) shows \(secret)")
        }
    }

    @Test func `is told how much they are not shown, and nothing else of it`() async throws {
        try await HubUnderTest.run { hub in
            let world = try await AccessWorld(hub)
            let token = try world.limited(.recoveryManager)
            func show(_ path: String) async throws -> JSON {
                try await hub.ask(.GET, "/api/v1" + path, token: token).json
            }
            let execution = try await show("/executions/\(world.name("executionId", of: .both))")
            #expect(execution["counts"]?["total"]?.integer == 2)
            #expect(execution["waves"]?[0]?["servers"]?.array?.count == 1)
            #expect(execution["waves"]?[0]?["outsideScope"]?["servers"]?.integer == 1)
            let plan = try await show("/recovery-plans/\(world.name("planId", of: .both))")
            #expect(plan["waves"]?[0]?["protectionGroupIds"]?.array?.count == 1)
            #expect(plan["waves"]?[0]?["outsideScope"]?["groups"]?.integer == 1)
            #expect(plan["totalServers"]?.integer == 2)
            let spoke = try await show("/spokes/\(world.name("spokeId", of: .both))")
            #expect(spoke["accounts"]?.array?.count == 1 && spoke["accountsOutsideScope"]?.integer == 1)
            let journal = try await show("/executions/\(world.name("executionId", of: .both))/events")
            let numbers = journal["items"]?.array?.compactMap { $0["sequence"]?.integer } ?? []
            #expect(numbers == Array(1...Int64(numbers.count)))
            let hidden = journal["items"]?.array?.filter { $0["outsideScope"]?.bool == true } ?? []
            #expect(
                !hidden.isEmpty && hidden.allSatisfy { $0["text"]?.isNull == true && $0["accountId"]?.isNull == true }
            )
            let whole = try await hub.ask(
                .GET,
                "/api/v1/executions/\(world.name("executionId", of: .both))",
                token: try hub.admin()
            ).json
            #expect(whole["waves"]?[0]?["outsideScope"]?.isNull == true)
        }
    }

    @Test func `finds in lists only what is theirs, page by page`() async throws {
        try await HubUnderTest.run { hub in
            let world = try await AccessWorld(hub)
            let token = try world.limited(.readOnly)
            for (path, count) in [
                ("/protection-groups", 2), ("/recovery-plans", 2), ("/executions", 2), ("/accounts", 1), ("/spokes", 2),
                ("/drs/source-servers", 3),
            ] {
                var (found, next) = (0, "")
                repeat {
                    let page = try await hub.ask(.GET, "/api/v1\(path)?limit=1\(next)", token: token).json
                    found += page["items"]?.array?.count ?? 0
                    next = page["nextToken"]?.string.map { "&nextToken=\($0)" } ?? ""
                } while !next.isEmpty
                #expect(found == count, "\(path)")
            }
        }
    }
}

extension HubUnderTest.Answer {
    /// The body as text.
    var said: String { "\(status) \(String(decoding: bytes, as: UTF8.self))" }
}
