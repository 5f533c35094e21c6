internal import Ambient
internal import Audit
internal import Contract
internal import JSON
internal import PostgreSQL
internal import Recovery
internal import Reporting
internal import Store

/// What the calls about findings do.
struct Findings: Sendable {
    let pool: Pool

    /// Binds them all.
    func bind(to calls: inout Bindings) {
        calls.answer(ListFindings.self) { call, context in try await list(call, context) }
        calls.answer(CreateFinding.self) { call, context in try await create(call.body, context) }
        calls.answer(GetFinding.self, finding: find) { call, context in try await finding(call.findingId, context) }
        calls.answer(UpdateFinding.self, finding: findToChange) { call, context in try await update(call, context) }
    }

    @Sendable private func find(_ path: Bindings.PathValues, _ context: CallContext) async throws {
        _ = try await finding(path.value("findingId"), context)
    }

    @Sendable private func findToChange(_ path: Bindings.PathValues, _ context: CallContext) async throws {
        let finding = try await self.finding(path.value("findingId"), context)
        try context.require(try await accounts(of: finding.executionId), of: "finding")
    }

    private func finding(_ id: ReportFinding.ID, _ context: CallContext) async throws -> ReportFinding {
        guard let finding = try await pool.first(ReportFindingStatements.find(id, within: context.scope)) else {
            throw Problem.notFound("finding")
        }
        return finding
    }

    private func accounts(of id: Execution.ID) async throws -> [AccountNumber] {
        try await pool.first(ReportFindingStatements.accounts(of: id)) ?? []
    }

    private func list(_ call: ListFindings, _ context: CallContext) async throws -> Page<ReportFinding> {
        let paging = try Paging(call.limit, call.nextToken, order: "findings", keys: 1)
        let last = try paging.key(0) { ReportFinding.ID($0) }
        let filter = ReportFindingStatements.Filter(
            executionId: call.executionId,
            state: call.state,
            severity: call.severity,
            dueBefore: call.overdue == true ? context.ambient.now : nil,
            scope: context.scope
        )
        let rows = try await pool.run(ReportFindingStatements.list(filter, before: last, limit: paging.limit))
        return paging.page(of: rows) { [$0.findingId.description] }
    }

    private func create(_ body: CreateFinding.Body, _ context: CallContext) async throws -> ReportFinding {
        guard let accounts = try await pool.first(ReportFindingStatements.accounts(of: body.executionId)),
            context.access.view.shows(accounts)
        else {
            throw Refusal(
                .ruleBroken,
                "There is no such execution.",
                .pointers([.init("/executionId", "must be that of an execution")])
            )
        }
        try context.require(accounts, of: "execution")
        let (now, person, id) = (context.ambient.now, context.caller.name, context.identifier(for: ReportFinding.self))
        if context.isMade { return try await self.finding(id, context) }
        let finding = ReportFinding(
            findingId: id,
            executionId: body.executionId,
            planName: "",
            title: body.title,
            detail: body.detail,
            severity: body.severity,
            cause: body.cause,
            owner: body.owner,
            dueOn: body.dueOn,
            ticket: body.ticket,
            createdBy: person,
            createdAt: now,
            changedBy: person,
            changedAt: now
        )
        return try await keep(finding, after: nil, accounts, context)
    }

    private func update(_ call: UpdateFinding, _ context: CallContext) async throws -> ReportFinding {
        let former = try await self.finding(call.findingId, context)
        try context.precondition.check(former.revision)
        let body = call.body
        var finding = former
        finding.title = body.title
        finding.detail = body.detail
        finding.severity = body.severity
        finding.cause = body.cause
        finding.owner = body.owner
        finding.dueOn = body.dueOn
        finding.ticket = body.ticket
        finding.riskAcceptance = body.riskAcceptance
        finding.retestExecutionId = body.retestExecutionId
        finding.state = body.state
        finding.changedBy = context.caller.name
        finding.changedAt = context.ambient.now
        finding.revision = former.revision + 1
        try await judge(finding)
        return try await keep(finding, after: former, try await accounts(of: finding.executionId), context)
    }

    /// A closed finding was shown closed; an accepted one has somebody who accepts it.
    private func judge(_ finding: ReportFinding) async throws {
        if finding.state == .accepted, finding.riskAcceptance?.isEmpty ?? true {
            throw Self.broken("/riskAcceptance", "must say who takes the risk, why, and until when")
        }
        if finding.state == .closed, finding.retestExecutionId == nil {
            throw Self.broken("/retestExecutionId", "must be the run that showed it closed")
        }
        guard let retest = finding.retestExecutionId else { return }
        guard let header = try await pool.first(ExecutionStatements.header(retest)), header.endedAt != nil,
            retest != finding.executionId, header.startedAt >= finding.createdAt
        else { throw Self.broken("/retestExecutionId", "must be a run that began after the finding, and has ended") }
    }

    private static func broken(_ pointer: String, _ rule: String) -> Refusal {
        Refusal(.ruleBroken, "The finding breaks a rule.", .pointers([.init(pointer, rule)]))
    }

    private func keep(
        _ finding: ReportFinding,
        after former: ReportFinding?,
        _ accounts: [AccountNumber],
        _ context: CallContext
    ) async throws -> ReportFinding {
        let event = context.deed.done(
            to: "Finding",
            finding.findingId,
            accounts: accounts,
            old: former?.revision,
            new: finding.revision,
            before: former.map { JSON(document: $0) },
            after: JSON(document: finding)
        )
        do {
            try await pool.transaction { transaction in
                try await transaction.execute(ReportFindingStatements.insert(finding))
                try await transaction.execute(event.insert)
            }
        } catch let failure as PostgresFailure where failure.constraint == "finding_revision_once" {
            // Somebody else's change came between; the caller must see it first.
            throw Problem(.revisionStale, "The finding was changed meanwhile.")
        }
        return try await self.finding(finding.findingId, context)
    }
}
