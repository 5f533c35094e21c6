internal import Ambient
internal import Contract
internal import PostgreSQL
internal import Recovery
internal import Store

extension Resources {
    func bindDashboard(to calls: inout Bindings) {
        calls.answer(GetDashboard.self) { _, context in try await dashboard(context) }
    }

    /// Plans that are named on it: as many as a person looks at before asking for all.
    private static let plansNamed = 10

    private func dashboard(_ context: CallContext) async throws -> DashboardView {
        let (scope, now) = (context.scope, context.ambient.now)
        let plans = try await pool.first(DashboardStatements.plans(within: scope, at: now))
        let executions = try await pool.first(DashboardStatements.executions(within: scope))
        let spokes = try await pool.run(Spoke.counts(within: scope, at: now))
        let broken = try await pool.run(
            RecoveryPlan.list(
                RecoveryPlan.Filter(readiness: .notReady, scope: scope),
                sort: .name,
                after: nil,
                limit: Self.plansNamed
            )
        )
        func count(_ state: Spoke.State) -> Int { spokes.first { $0.state == state }?.count ?? 0 }
        return DashboardView(
            plans: plans ?? DashboardView.Plans(verified: 0, needsCheck: 0, notReady: 0, drillDue: 0),
            notReadyPlans: broken.map { standing in
                DashboardView.PlanSummary(
                    planId: standing.plan.planId,
                    planName: standing.plan.planName,
                    readiness: PlanReadiness(standing.readiness, checkedAt: standing.checkedAt, within: scope)
                )
            },
            executions: executions ?? DashboardView.Executions(active: 0, waitingForPerson: 0),
            spokes: DashboardView.Spokes(
                connected: count(.connected),
                draining: count(.draining),
                lost: count(.lost)
            )
        )
    }
}
