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
                    limit: visit.rows,
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
            let selection = Self.selection(visit.query, execution)
            async let events = Self.lastEvents(of: id, visit, log: selection.log)
            async let wallLinks = Self.wallLinks(of: id, visit)
            async let panel = Self.panel(of: execution, selection, visit)
            async let spokes = Self.spokes(visit)
            return try await ExecutionPage(
                execution: execution,
                events: events,
                selection: selection,
                wallLinks: wallLinks,
                panel: panel,
                spokes: spokes
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

    /// The end of the journal, or what stands around one event of it.
    static func lastEvents(
        of id: Execution.ID,
        _ visit: Visit,
        log: ExecutionPage.Selection.Log = .init()
    ) async throws -> [JournalView] {
        var call = ListExecutionEvents(
            executionId: id,
            last: eventsShown,
            waveNumber: log.wave,
            problems: log.isOfProblems,
            limit: eventsShown
        )
        if let around = log.around {
            call.last = nil
            call.after = max(0, around - eventsShown / 2)
        }
        return try await visit.ask(call).items
    }

    /// Events and lines of DRS's log that the panel of a server shows.
    private static let linesOfServer = 100

    /// The panel of the server that the address names, unless it names none.
    static func panel(
        of execution: ExecutionView,
        _ selection: ExecutionPage.Selection,
        _ visit: Visit
    ) async throws -> ServerPanel? {
        guard let server = selection.server else { return nil }
        let id = execution.executionId
        let log = ListJobLogs(executionId: id, sourceServerId: server, limit: linesOfServer)
        let events = ListExecutionEvents(
            executionId: id,
            last: linesOfServer,
            sourceServerId: server,
            limit: linesOfServer
        )
        return ServerPanel(
            execution: execution,
            server: server,
            selection: selection,
            jobLog: try await visit.ask(log).items,
            events: try await visit.ask(events).items
        )
    }

    /// Which servers are shown: as the address says, else those of the wave that matters now.
    static func selection(_ query: [String: String], _ execution: ExecutionView) -> ExecutionPage.Selection {
        let waves = (execution.waves ?? []).map(\.waveNumber)
        let wave = query["wave"].map { Int($0) } ?? (execution.currentWave ?? 0)
        return ExecutionPage.Selection(
            wave: wave,
            status: query["status"].flatMap(ServerStatus.init(rawValue:)),
            page: query["page"].flatMap { Int($0) }.map { max(0, $0) } ?? 0,
            server: query["server"].flatMap(SourceServerID.init(rawValue:)),
            log: .init(
                wave: query["logWave"].flatMap { Int($0) }.flatMap { waves.contains($0) ? $0 : nil },
                isOfProblems: query["log"] == "problems",
                around: query["event"].flatMap { Int($0) }.flatMap { (1...Int(Int32.max)).contains($0) ? $0 : nil }
            )
        )
    }
}
