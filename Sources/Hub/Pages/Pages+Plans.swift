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
            PlanEditPage(plan: nil, groups: try await Self.allGroups(visit))
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
            PlanEditPage(plan: try await Self.plan(visit), groups: try await Self.allGroups(visit))
        }
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
                ListRecoveryPlans(q: visit.text("q"), readiness: readiness, sort: sort, nextToken: token)
            )
            items += isDue ? answer.items.filter(\.drillDue) : answer.items
            token = answer.nextToken
        } while token != nil && items.count < Limits.defaultPageSize
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

    /// Every group that the visitor sees, by name, for the editor.
    private static func allGroups(_ visit: Visit) async throws -> [ProtectionGroupView] {
        var (items, token) = ([ProtectionGroupView](), String?.none)
        repeat {
            let answer = try await visit.ask(
                ListProtectionGroups(sort: "groupName", limit: Limits.pageSize.upperBound, nextToken: token)
            )
            items += answer.items
            token = answer.nextToken
        } while token != nil && items.count < Limits.groupsPerWave
        return items
    }

    private static func groupNames(
        of plan: RecoveryPlanView,
        _ visit: Visit
    ) async throws -> [ProtectionGroup.ID: String] {
        let wanted = Set(plan.waves.flatMap(\.protectionGroupIds))
        let groups = try await allGroups(visit).filter { wanted.contains($0.groupId) }
        return Dictionary(groups.map { ($0.groupId, $0.groupName) }) { first, _ in first }
    }
}
