internal import Ambient
internal import Console
internal import Contract
internal import Hypertext
internal import Recovery

extension Pages {
    /// Events that the page shows; the rest is a click away.
    static let eventsShown = 60

    func bindExecutions(_ calls: inout Bindings) {
        bindWall(&calls)
        page("/executions", &calls) { visit in
            let filter = ExecutionsPage.Filter(
                status: visit.choice("status"),
                type: visit.choice("executionType"),
                active: visit.query["active"].flatMap(Bool.init),
                planId: visit.text("planId").flatMap(RecoveryPlan.ID.init),
                sort: visit.query["sort"] == "startedAt" ? "startedAt" : "-startedAt"
            )
            let answer = try await visit.ask(
                ListExecutions(
                    status: filter.status,
                    planId: filter.planId,
                    executionType: filter.type,
                    active: filter.active,
                    sort: filter.sort,
                    nextToken: visit.query["nextToken"]
                )
            )
            return ExecutionsPage(
                executions: answer.items,
                filter: filter,
                nextToken: answer.nextToken,
                isFirst: visit.query["nextToken"] == nil
            )
        }
        page("/executions/{executionId}", &calls) { visit in
            let id: Execution.ID = try visit.parameter("executionId", of: "execution")
            let execution = try await visit.ask(GetExecution(executionId: id))
            return ExecutionPage(
                execution: execution,
                events: try await Self.lastEvents(of: id, visit),
                selection: Self.selection(visit.query, execution)
            )
        }
    }

    /// The wallboard.
    func bindWall(_ calls: inout Bindings) {
        page("/executions/{executionId}/wall", &calls) { visit in
            let id: Execution.ID = try visit.parameter("executionId", of: "execution")
            return WallPage(
                execution: try await visit.ask(GetExecution(executionId: id)),
                events: try await Self.lastEvents(of: id, visit)
            )
        }
    }

    /// The end of the journal: pages are read until the last one, of which there are few.
    static func lastEvents(of id: Execution.ID, _ visit: Visit) async throws -> [JournalView] {
        var last: [JournalView] = []
        var token: String?
        repeat {
            let page = try await visit.ask(
                ListExecutionEvents(executionId: id, limit: Limits.pageSize.upperBound, nextToken: token)
            )
            last = (last + page.items).suffix(eventsShown)
            token = page.nextToken
        } while token != nil
        return last
    }

    /// Which servers are shown: as the address says, else those of the wave that matters now.
    static func selection(_ query: [String: String], _ execution: ExecutionView) -> ExecutionPage.Selection {
        let wave = query["wave"].map { Int($0) } ?? (execution.currentWave ?? 0)
        return ExecutionPage.Selection(
            wave: wave,
            status: query["status"].flatMap(ServerStatus.init(rawValue:)),
            page: query["page"].flatMap { Int($0) }.map { max(0, $0) } ?? 0
        )
    }
}
