internal import Ambient
internal import Conductor
internal import Contract
internal import JSON
internal import PostgreSQL
internal import Recovery
internal import Store

extension Executions {
    func show(_ id: Execution.ID, _ context: CallContext) async throws -> ExecutionView {
        guard let reading = try await conductor.reading(id) else { throw Problem.notFound("execution") }
        return ExecutionView(
            reading.execution,
            waiting: reading.waiting,
            at: context.ambient.now,
            version: reading.version
        ).shown(within: context.access.view)
    }

    func list(_ call: ListExecutions, _ context: CallContext) async throws -> Page<ExecutionView> {
        let filter = ExecutionListStatements.Filter(
            status: call.status,
            planId: call.planId,
            type: call.executionType,
            accountId: call.accountId,
            isActive: call.active,
            from: call.from,
            to: call.to,
            scope: context.scope
        )
        let sort = call.sort ?? "-startedAt"
        let limit = call.limit ?? Limits.defaultPageSize
        let last = try call.nextToken.map { token in
            guard let cursor = Cursor(token, order: "executions\(sort)", keys: 2), let at = Instant(cursor.keys[0]),
                let id = Execution.ID(cursor.keys[1])
            else { throw Problem.badCursor }
            return (at, id)
        }
        let rows = try await pool.run(
            ExecutionListStatements.list(filter, newestFirst: sort == "-startedAt", after: last, limit: limit + 1)
        )
        let shown = rows.prefix(limit)
        let token =
            rows.count > limit
            ? shown.last.map {
                Cursor(order: "executions\(sort)", keys: [$0.startedAt.description, $0.executionId.description]).token
            } : nil
        return Page(
            items: shown.map { ExecutionView($0, at: context.ambient.now).shown(within: context.access.view) },
            nextToken: token
        )
    }

    func jobLog(_ call: ListJobLogs, _ context: CallContext) async throws -> Page<JobLogView> {
        let limit = call.limit ?? Limits.defaultPageSize
        let last = try call.nextToken.map { token in
            guard let cursor = Cursor(token, order: "job-logs", keys: 2), let at = Instant(cursor.keys[0]),
                let item = Int(cursor.keys[1])
            else { throw Problem.badCursor }
            return (at: at, itemId: item)
        }
        let rows = try await pool.run(
            JobLogStatements.page(
                of: call.executionId,
                within: context.scope,
                server: call.sourceServerId,
                after: last,
                limit: limit + 1
            )
        )
        let shown = rows.prefix(limit)
        let token =
            rows.count > limit
            ? shown.last.map { Cursor(order: "job-logs", keys: [$0.at.description, String($0.itemId)]).token } : nil
        return Page(items: shown.map(JobLogView.init), nextToken: token)
    }

    func events(_ call: ListExecutionEvents, _ context: CallContext) async throws -> Page<JournalView> {
        let limit = call.limit ?? Limits.defaultPageSize
        var after = call.after ?? 0
        if let token = call.nextToken {
            guard let cursor = Cursor(token, order: "events", keys: 1), let sequence = Int(cursor.keys[0]) else {
                throw Problem.badCursor
            }
            after = max(after, sequence)
        }
        let filter = JournalStatements.Filter(
            waveNumber: call.waveNumber,
            sourceServerId: call.sourceServerId,
            isOfProblems: call.problems == true
        )
        var query = JournalStatements.events(of: call.executionId, after: after, filter: filter, limit: limit + 1)
        if let last = call.last {
            query = JournalStatements.last(
                last,
                of: call.executionId,
                after: after,
                filter: filter,
                limit: limit + 1
            )
        }
        let rows = try await pool.run(query)
        let shown = rows.prefix(limit)
        let token =
            rows.count > limit ? shown.last.map { Cursor(order: "events", keys: [String($0.sequence)]).token } : nil
        let window = try await JournalWindow(
            on: context.access.view,
            of: context.access.view == .all ? nil : conductor.execution(call.executionId)
        )
        // What is hidden of an event must not be told by whether a filter finds it.
        return Page(items: try shown.map(window.view).filter(call.admits), nextToken: token)
    }
}

extension ListExecutionEvents {
    fileprivate func admits(_ event: JournalView) -> Bool {
        (sourceServerId == nil || event.sourceServerId == sourceServerId)
            && (waveNumber == nil || event.waveNumber == waveNumber)
            && (problems != true || event.isProblem)
    }
}

extension Problem {
    /// A `nextToken` that this list did not give.
    static let badCursor = Problem(
        .invalidRequest,
        "A parameter of the query is not as it should be.",
        errors: [JSON.Problem(pointer: "/nextToken", message: "must be a nextToken that this list gave")]
    )
}

extension JobLogView {
    fileprivate init(_ item: JobLogStatements.Item) {
        self.init(
            at: item.at,
            waveNumber: item.waveNumber,
            accountId: item.place.accountId,
            region: item.place.region,
            jobId: item.jobId,
            event: item.event,
            sourceServerId: item.sourceServerId,
            detail: item.detail
        )
    }
}

extension JournalView {
    /// Reads an event's text as it was hashed.
    init(_ stored: JournalStatements.Stored) throws {
        let event = try JSON(parsing: stored.event.utf8)
        self.init(
            sequence: stored.sequence,
            at: try (event["at"] ?? .null).decoded(),
            event: try (event["kind"] ?? .null).decoded(),
            by: event["by"]?.string,
            waveNumber: event["waveNumber"]?.integer.map(Int.init),
            accountId: event["accountId"]?.string.flatMap(AccountNumber.init(rawValue:)),
            region: event["region"]?.string.flatMap(Region.init(rawValue:)),
            jobId: event["jobId"]?.string,
            sourceServerId: event["sourceServerId"]?.string.flatMap(SourceServerID.init(rawValue:)),
            recoveryInstanceId: event["recoveryInstanceId"]?.string,
            label: event["label"]?.string,
            text: event["text"]?.string
        )
    }
}
