internal import Ambient
internal import Audit
internal import Contract
internal import Hummingbird
internal import Hypertext
internal import JSON
internal import PostgreSQL
internal import Recovery
internal import Reporting
internal import Store

/// What the calls about drill reports do.
struct Reports: Sendable {
    let pool: Pool
    let making: ReportMaking

    /// Binds them all.
    func bind(to calls: inout Bindings) {
        calls.answer(
            GetReport.self,
            finding: canSee,
            streaming: { call, context in try await self.form(of: call, context) }
        ) { call, context in
            let (report, seal, _) = try await self.report(call, context)
            return SealedReport(report, seal)
        }
        calls.answer(ListReports.self, finding: canSee) { call, context in try await versions(call) }
        calls.answer(MakeReport.self, finding: canSee) { call, context in try await make(call, context) }
        calls.answer(ListReportEntries.self, finding: canSee) { call, context in try await entries(call) }
        calls.answer(AddReportEntry.self, finding: canSee) { call, context in try await add(call, context) }
        calls.answer(WithdrawReportEntry.self, finding: canSeeEntry) { call, context in
            try await withdraw(call, context)
        }
    }

    /// A report shows all of an execution: who sees a part of its accounts only is not shown it.
    ///
    /// Hidden executions keep their reports.
    @Sendable private func canSee(_ path: Bindings.PathValues, _ context: CallContext) async throws {
        let id = try path.value("executionId", as: Execution.ID.self)
        guard let accounts = try await pool.first(ReportFindingStatements.accounts(of: id)) else {
            throw Problem.notFound("execution")
        }
        try context.require(accounts, of: "execution")
    }

    @Sendable private func canSeeEntry(_ path: Bindings.PathValues, _ context: CallContext) async throws {
        try await canSee(path, context)
        let id = try path.value("entryId", as: ReportEntry.ID.self)
        let execution = try path.value("executionId", as: Execution.ID.self)
        guard try await pool.first(ReportEntryStatements.find(id, of: execution)) != nil else {
            throw Problem.notFound("entry")
        }
    }

    private func report(
        _ call: GetReport,
        _ context: CallContext
    ) async throws -> (report: Report, seal: ReportSeal, isStored: Bool) {
        if call.interim != true, let stored = try await making.stored(call.executionId, version: call.version) {
            return (stored.report, stored.seal, true)
        }
        guard call.version == nil else { throw Problem.notFound("version") }
        guard let made = try await making.interim(call.executionId, for: context.caller.name) else {
            throw Problem.notFound("execution")
        }
        return (made.report, made.seal, false)
    }

    private func form(of call: GetReport, _ context: CallContext) async throws -> Response {
        let (report, seal, isStored) = try await self.report(call, context)
        let name =
            "drill-report-\(report.identity.executionId)-\(report.isInterim ? "interim" : "v\(report.identity.version)")"
        switch context.type {
        case "text/csv": return .csv(report.csv, named: name)
        case "application/pdf":
            let pdf = try await making.answering { try await making.pdf(of: report, seal, isStored: isStored) }
            return .file(pdf, "application/pdf", named: "\(name).pdf")
        default: return .report(ReportPage(report, seal, .page).document, named: name)
        }
    }

    private func versions(_ call: ListReports) async throws -> Page<ReportVersionView> {
        let paging = try Paging(call.limit, call.nextToken, order: "reports", keys: 1)
        let last = try paging.key(0) { Int($0) }
        let rows = try await pool.run(
            ReportStatements.versions(of: call.executionId, before: last, limit: paging.limit)
        )
        return paging.page(of: rows, as: ReportVersionView.init) { ["\($0.version)"] }
    }

    private func make(_ call: MakeReport, _ context: CallContext) async throws -> ReportVersionView {
        let id = context.identifier(for: Report.self)
        let version = try await making.make(
            call.executionId,
            for: "REQUESTED \(id)",
            because: call.body.why,
            by: context.caller.name,
            as: id,
            context.deed
        )
        let made = try await pool.run(
            ReportStatements.versions(of: call.executionId, before: version.map { $0 + 1 }, limit: 1)
        )
        guard let first = made.first, version != nil || first.reportId == id else {
            throw Refusal(.executionActive, "The execution has not ended: ask for an interim report.")
        }
        return ReportVersionView(first)
    }
}

extension Reports {
    private func entries(_ call: ListReportEntries) async throws -> Page<ReportEntry> {
        let paging = try Paging(call.limit, call.nextToken, order: "report entries", keys: 2)
        let at = try paging.key(0) { Instant($0) }
        let id = try paging.key(1) { ReportEntry.ID($0) }
        var last: (at: Instant, id: ReportEntry.ID)?
        if let at, let id { last = (at, id) }
        let rows = try await pool.run(
            ReportEntryStatements.list(of: call.executionId, after: last, limit: paging.limit)
        )
        return paging.page(of: rows) { [$0.at.description, $0.entryId.description] }
    }

    private func add(_ call: AddReportEntry, _ context: CallContext) async throws -> ReportEntry {
        let id = context.identifier(for: ReportEntry.self)
        if context.isMade, let made = try await pool.first(ReportEntryStatements.find(id, of: call.executionId)) {
            return made
        }
        let entry = ReportEntry(
            entryId: id,
            executionId: call.executionId,
            kind: call.body.kind,
            text: call.body.text,
            name: call.body.name,
            role: call.body.role,
            by: context.caller.name,
            at: context.ambient.now
        )
        let accounts = try await pool.first(ReportFindingStatements.accounts(of: call.executionId)) ?? []
        let event = context.deed.done(
            to: "ReportEntry",
            entry.entryId,
            accounts: accounts,
            detail: entry.kind.rawValue,
            after: [
                "executionId": .string(call.executionId.description), "kind": .string(entry.kind.rawValue),
                "name": entry.name.map { .string($0) } ?? .null, "role": entry.role.map { .string($0) } ?? .null,
                "text": .string(entry.text),
            ]
        )
        try await pool.transaction { transaction in
            try await transaction.execute(ReportEntryStatements.insert(entry))
            try await transaction.execute(event.insert)
        }
        return entry
    }

    private func withdraw(_ call: WithdrawReportEntry, _ context: CallContext) async throws -> NoContent {
        let accounts = try await pool.first(ReportFindingStatements.accounts(of: call.executionId)) ?? []
        let withdraw = ReportEntryStatements.withdraw(call.entryId, by: context.caller.name, at: context.ambient.now)
        let event = context.deed.done(to: "ReportEntry", call.entryId, accounts: accounts)
        try await pool.transaction { transaction in
            try await transaction.execute(withdraw)
            try await transaction.execute(event.insert)
        }
        return NoContent()
    }
}

extension ReportVersionView {
    fileprivate init(_ row: ReportStatements.Version) {
        let seal = ReportSeal(document: row.sealDocument, signature: row.signature)
        self.init(
            reportId: row.reportId,
            executionId: row.executionId,
            version: row.version,
            why: row.why,
            madeBy: row.madeBy,
            madeAt: row.madeAt,
            contentHash: seal?.contentHash ?? "",
            keyId: seal?.keyId ?? "",
            isPrinted: row.isPrinted
        )
    }
}
