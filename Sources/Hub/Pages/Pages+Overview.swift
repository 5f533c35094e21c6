internal import Ambient
internal import Console
internal import Contract
internal import Hypertext
internal import Recovery

extension Pages {
    func bindOverview(_ calls: inout Bindings) {
        page("/", &calls) { visit in try await Self.dashboard(visit) }
        page("/approvals", &calls) { visit in ApprovalsPage(executions: try await Self.activeInFull(visit)) }
        page("/design", &calls) { _ in DesignPage() }
    }

    /// Executions that are read whole for an overview: more do not run at the same time in practice.
    private static let executionsInFull = 20

    /// The executions that have not ended, with their waves.
    static func activeInFull(_ visit: Visit) async throws -> [ExecutionView] {
        let active = try await visit.ask(ListExecutions(active: true, limit: executionsInFull)).items
        var executions: [ExecutionView] = []
        for execution in active {
            executions.append(try await visit.ask(GetExecution(executionId: execution.executionId)))
        }
        return executions
    }

    static func dashboard(_ visit: Visit) async throws -> DashboardPage {
        let everything = Limits.pageSize.upperBound
        return DashboardPage(
            active: try await activeInFull(visit),
            recent: try await visit.ask(ListExecutions(active: false, limit: 50)).items,
            standing: try await visit.ask(GetDashboard()),
            spokes: try await visit.ask(ListSpokes(limit: everything)).items,
            quotas: try await visit.ask(ListQuotas(limit: everything)).items
        )
    }
}
