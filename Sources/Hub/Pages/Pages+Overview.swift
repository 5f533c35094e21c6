internal import Ambient
internal import Console
internal import Contract
internal import Hypertext
internal import Recovery

extension Pages {
    func bindOverview(_ calls: inout Bindings) {
        page("/", &calls) { visit in try await Self.dashboard(visit) }
        page("/approvals", &calls) { visit in ApprovalsPage(executions: try await Self.waitingInFull(visit)) }
        page("/design", &calls) { _ in DesignPage() }
    }

    /// Executions that wait for somebody and are read whole, to be answered: a person has no time for more.
    private static let executionsInFull = 20
    /// Executions under way that the dashboard names; the number of all stands above them.
    private static let executionsNamed = 20
    /// Executions that have ended, of which the dashboard counts how.
    private static let executionsCounted = 50

    /// The executions that wait for a person, with their waves.
    private static func waitingInFull(_ visit: Visit) async throws -> [ExecutionView] {
        let active = try await visit.ask(ListExecutions(active: true, limit: Limits.pageSize.upperBound)).items
        var executions: [ExecutionView] = []
        for execution in active.filter(\.needsSomebody).prefix(executionsInFull) {
            executions.append(try await visit.ask(GetExecution(executionId: execution.executionId)))
        }
        return executions
    }

    static func dashboard(_ visit: Visit) async throws -> DashboardPage {
        let everything = Limits.pageSize.upperBound
        return DashboardPage(
            active: try await visit.ask(ListExecutions(active: true, limit: executionsNamed)).items,
            recent: try await visit.ask(ListExecutions(active: false, limit: executionsCounted)).items,
            standing: try await visit.ask(GetDashboard()),
            spokes: try await visit.ask(ListSpokes(limit: everything)).items,
            quotas: try await visit.ask(ListQuotas(limit: everything)).items
        )
    }
}
