internal import Ambient
internal import Console
internal import Contract
internal import Hypertext
internal import Recovery

extension Pages {
    /// Runs that a plan's page shows; the rest is a click away.
    private static let runsShown = 10

    func bindPlans(_ calls: inout Bindings) {
        page("/recovery-plans", &calls) { visit in try await Self.plans(visit) }
        page("/recovery-plans/new", &calls) { visit in
            try await Self.editor(nil, visit)
        }
        page("/recovery-plans/{planId}", &calls) { visit in
            let plan = try await Self.plan(visit)
            return PlanPage(
                plan: plan,
                groups: try await Self.groupNames(of: plan, visit),
                runs: try await visit.ask(ListExecutions(planId: plan.planId, limit: Self.runsShown)).items
            )
        }
        page("/recovery-plans/{planId}/edit", &calls) { visit in
            try await Self.editor(Self.plan(visit), visit)
        }
        fragment("/ui/groups", &calls) { visit in try await Self.choices(visit).html }
        fragment("/ui/wave-servers", &calls) { visit in try await Self.waveServers(visit).html }
        page("/recovery-plans/{planId}/start", &calls) { visit in
            let plan = try await Self.plan(visit)
            return PlanStartPage(
                plan: plan,
                type: visit.choice("type") ?? .drill,
                validation: try await visit.ask(ValidateRecoveryPlan(planId: plan.planId))
            )
        }
    }

    private static func plan(_ visit: Visit) async throws -> RecoveryPlanView {
        let id: RecoveryPlan.ID = try visit.parameter("planId", of: "recovery plan")
        return try await visit.ask(GetRecoveryPlan(planId: id))
    }

    /// Due drills are no column that a query could narrow by, so they are looked for page by page.
    private static func plans(_ visit: Visit) async throws -> PlansPage {
        let readiness: Readiness.State? = visit.choice("readiness")
        let isDue = visit.query["due"] == "true"
        let sort = visit.query["sort"].flatMap { ["planName", "-planName"].contains($0) ? $0 : nil } ?? "planName"
        var (items, token) = ([RecoveryPlanView](), visit.query["nextToken"])
        repeat {
            let answer = try await visit.ask(
                ListRecoveryPlans(
                    q: visit.text("q"),
                    readiness: readiness,
                    sort: sort,
                    limit: visit.rows,
                    nextToken: token
                )
            )
            items += isDue ? answer.items.filter(\.drillDue) : answer.items
            token = answer.nextToken
        } while token != nil && items.count < visit.rows
        let query = ListQuery(
            "/recovery-plans",
            sort: "planName",
            given: sort,
            text: visit.text("q"),
            filters: [("readiness", readiness?.rawValue), ("due", isDue ? "true" : nil)],
            token: visit.query["nextToken"],
            nextToken: token
        )
        return PlansPage(plans: items, query: query, readiness: readiness, isDue: isDue)
    }

    /// The groups that the plan names, as far as the visitor sees them.
    private static func groups(of plan: RecoveryPlanView, _ visit: Visit) async throws -> [ProtectionGroupView] {
        var (items, token) = ([ProtectionGroupView](), String?.none)
        repeat {
            let call = ListProtectionGroups(
                planId: plan.planId,
                sort: "groupName",
                limit: Limits.pageSize.upperBound,
                nextToken: token
            )
            let answer = try await visit.ask(call)
            items += answer.items
            token = answer.nextToken
        } while token != nil
        return items
    }

    private static func groupNames(
        of plan: RecoveryPlanView,
        _ visit: Visit
    ) async throws -> [ProtectionGroup.ID: String] {
        let groups = try await groups(of: plan, visit)
        return Dictionary(groups.map { ($0.groupId, $0.groupName) }) { first, _ in first }
    }

    /// The editor has the plan's own groups and the first of all; a search in it finds the others.
    private static func editor(_ plan: RecoveryPlanView?, _ visit: Visit) async throws -> PlanEditPage {
        var named: [ProtectionGroupView] = []
        if let plan { named = try await groups(of: plan, visit) }
        return PlanEditPage(plan: plan, groups: named, choices: try await choices(visit))
    }

    /// The groups to choose from: those that match the search, by name.
    private static func choices(_ visit: Visit) async throws -> GroupChoices {
        let answer = try await visit.ask(
            ListProtectionGroups(q: visit.text("q"), sort: "groupName", limit: GroupChoices.limit)
        )
        return GroupChoices(groups: answer.items, hasMore: answer.nextToken != nil)
    }

    /// The servers of the groups that a wave has in the editor, and what is stored of them.
    private static func waveServers(_ visit: Visit) async throws -> WaveServers {
        let wanted = (visit.query["groups"] ?? "").split(separator: ",").prefix(Limits.groupsPerWave)
        var wave: WaveView?
        if let id = visit.text("plan").flatMap(RecoveryPlan.ID.init), let number = visit.text("wave").flatMap(Int.init)
        {
            let plan = try await visit.ask(GetRecoveryPlan(planId: id))
            wave = plan.waves.first { $0.waveNumber == number }
        }
        var servers: [SourceServerView] = []
        for group in wanted.compactMap({ ProtectionGroup.ID(String($0)) }) where servers.count <= WaveServers.limit {
            servers += try await visit.ask(GetProtectionGroup(groupId: group)).servers ?? []
        }
        return WaveServers(servers: servers, wave: wave, hasMore: servers.count > WaveServers.limit)
    }
}
