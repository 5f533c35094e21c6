internal import Ambient
internal import Console
internal import Contract
internal import Hummingbird
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
        page("/executions/compare", &calls) { visit in try await Self.comparison(visit) }
        page("/executions/{executionId}", &calls) { visit in
            let id: Execution.ID = try visit.parameter("executionId", of: "execution")
            let execution = try await visit.ask(GetExecution(executionId: id))
            return ExecutionPage(
                execution: execution,
                events: try await Self.lastEvents(of: id, visit),
                selection: Self.selection(visit.query, execution),
                wallLinks: try await Self.wallLinks(of: id, visit),
                spokes: try await Self.spokes(visit)
            )
        }
    }

    /// The wallboard, for whoever is signed in and for whoever has a link to it.
    func bindWall(_ calls: inout Bindings) {
        let visitor = { @Sendable (exchange: Exchange) in
            guard let token = Visit.share(in: exchange.request.uri.query ?? ""),
                let id = exchange.parameters["executionId"].flatMap(Execution.ID.init)
            else { return try await Visit(exchange, calls: self.calls) }
            return try await Visit(exchange, calls: self.calls, wall: id, sharedBy: token)
        }
        page("/executions/{executionId}/wall", &calls, as: visitor) { visit in
            let id: Execution.ID = try visit.parameter("executionId", of: "execution")
            return WallPage(
                execution: try await visit.ask(GetExecution(executionId: id)),
                events: try await Self.lastEvents(of: id, visit)
            )
        }
    }

    /// Executions of a plan that one can be compared with.
    private static let candidates = 50

    private static func comparison(_ visit: Visit) async throws -> ComparePage {
        guard let id = visit.text("a").flatMap(Execution.ID.init) else { throw Problem.notFound("execution") }
        let one = try await visit.ask(GetExecution(executionId: id))
        let runs = try await visit.ask(ListExecutions(planId: one.planId, limit: candidates)).items
        let others = runs.filter { $0.executionId != id }
        // Nobody chose yet: the last one before it is what people mean.
        let chosen =
            visit.text("b").flatMap(Execution.ID.init)
            ?? others.first { $0.startedAt < one.startedAt }?.executionId ?? others.first?.executionId
        var other: ExecutionView?
        if let chosen { other = try await visit.ask(GetExecution(executionId: chosen)) }
        return ComparePage(one: one, other: other, candidates: others)
    }

    /// The links to its wall, for who may make some; who may not for all of its accounts is not shown them.
    private static func wallLinks(of id: Execution.ID, _ visit: Visit) async throws -> [WallLinkView] {
        guard visit.access.may(.manageExecution) else { return [] }
        do {
            return try await visit.ask(ListWallLinks(executionId: id, limit: Limits.wallLinksPerExecution)).items
        } catch is Refusal {
            return []
        }
    }

    /// Who tells of servers, for who may know; as many as one page of a list has.
    static func spokes(_ visit: Visit) async throws -> [SpokeView]? {
        guard visit.access.may(.viewResources) else { return nil }
        return try await visit.ask(ListSpokes(limit: Limits.pageSize.upperBound)).items
    }

    /// The end of the journal.
    static func lastEvents(of id: Execution.ID, _ visit: Visit) async throws -> [JournalView] {
        // What is added while it is read comes on top.
        let call = ListExecutionEvents(executionId: id, last: eventsShown, limit: Limits.pageSize.upperBound)
        return try await visit.ask(call).items.suffix(eventsShown)
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
