internal import Ambient
internal import Console
internal import Contract
internal import Recovery

extension Pages {
    func bindPlanVersions(_ calls: inout Bindings) {
        page("/recovery-plans/import", &calls) { _ in PlanImportPage() }
        page("/recovery-plans/{planId}/versions", &calls) { visit in try await Self.versions(visit) }
    }

    /// The newest two unless the address says which; the older one is the one from which is counted, however they are given.
    private static func versions(_ visit: Visit) async throws -> PlanVersionsPage {
        let id: RecoveryPlan.ID = try visit.parameter("planId", of: "recovery plan")
        let plan = try await visit.ask(GetRecoveryPlan(planId: id))
        let token = visit.query["nextToken"]
        let list = try await visit.ask(ListRecoveryPlanVersions(planId: id, limit: visit.rows, nextToken: token))
        let to = visit.query["to"].flatMap(Int.init) ?? plan.revision
        let from = visit.query["from"].flatMap(Int.init) ?? to - 1
        let (first, last) = (min(from, to), max(from, to))
        var older: RecoveryPlanVersionView?
        if first > 0 { older = try await visit.ask(GetRecoveryPlanVersion(planId: id, revision: first)) }
        return PlanVersionsPage(
            plan: plan,
            versions: list.items,
            query: ListQuery(
                .planVersions(id),
                sort: "-revision",
                filters: [("from", visit.query["from"]), ("to", visit.query["to"])],
                token: token,
                nextToken: list.nextToken
            ),
            older: older,
            newer: try await visit.ask(GetRecoveryPlanVersion(planId: id, revision: last))
        )
    }
}
