internal import Ambient
internal import Audit
package import PostgreSQL
package import Recovery
package import Reporting
internal import Store

/// Reads everything that a report is made of, all of it as of one moment.
package enum ReportGathering {
    /// Earlier runs that a report shows, after report.md: the last five.
    private static let earlierRuns = 5
    /// Events, entries and the like of one execution: some hundred times what 5,000 servers make.
    private static let most = 10_000_000

    /// What is recorded of an execution; nil when there is none.
    ///
    /// - Throws: `PostgresFailure`.
    package static func material(of id: Execution.ID, from pool: Pool) async throws -> ReportMaterial? {
        try await pool.transaction(.snapshot) { transaction in
            guard let execution = try await ExecutionReading(id, from: transaction)?.execution else { return nil }
            let events = try await transaction.run(JournalStatements.events(of: id, after: 0, limit: most))
            let head = events.last.map { JournalHead(sequence: $0.sequence, hash: $0.hash) } ?? .empty
            var material = ReportMaterial(
                execution: execution,
                journal: events.map { ($0.event, $0.hash) },
                journalHead: head
            )
            material.baseline = try await transaction.first(BaselineStatements.find(id))
            material.jobLog = try await transaction.run(JobLogStatements.page(of: id, after: nil, limit: most)).map {
                JobLogLine(
                    at: $0.at,
                    jobId: $0.jobId,
                    event: $0.event,
                    sourceServerId: $0.sourceServerId?.rawValue,
                    detail: $0.detail
                )
            }
            try await add(to: &material, from: transaction)
            return material
        }
    }

    private static func add(to material: inout ReportMaterial, from transaction: Transaction) async throws {
        let execution = material.execution
        material.entries = try await transaction.run(
            ReportEntryStatements.list(of: execution.id, after: nil, limit: most)
        )
        material.findings = try await transaction.run(
            ReportFindingStatements.list(.init(executionId: execution.id), before: nil, limit: most)
        )
        material.earlier = try await transaction.run(BaselineStatements.earlier(than: execution, limit: earlierRuns))
        if let last = material.earlier.first {
            material.earlierPlan = try await transaction.first(BaselineStatements.plan(of: last.executionId))
        }
        let deeds = AuditReading.Filter(subjectId: execution.id.description, asker: "")
        let events = try await transaction.run(AuditReading.list(deeds, after: nil, limit: most))
        material.calls = events.reversed().compactMap { AuditEvent(text: $0.text) }.map(Report.AuditedCall.init)
        material.campaign = try await transaction.first(CampaignReportStatements.campaign(of: execution.id))
        if let labels = try await transaction.first(BaselineStatements.labels(of: execution.plan)) {
            material.application = labels.application
            material.owner = labels.owner
        }
    }
}
