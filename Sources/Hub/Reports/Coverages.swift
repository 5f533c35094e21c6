internal import Ambient
internal import Contract
internal import Hummingbird
internal import Hypertext
internal import PostgreSQL
internal import Recovery
internal import Reporting
internal import Store

/// What the call about the enterprise's coverage does.
struct Coverages: Sendable {
    let pool: Pool
    let making: ReportMaking

    /// Quarters that are looked back: those that are shown, and the rest of the first.
    private static let past = Duration.seconds((Coverage.quartersShown + 1) * 92 * 86_400)
    /// Repeated causes that are shown.
    private static let causes = 20

    /// Binds it.
    func bind(to calls: inout Bindings) {
        calls.answer(
            GetCoverage.self,
            streaming: { call, context in try await self.form(of: call, context) }
        ) { call, context in try await self.coverage(call, context) }
    }

    private func form(of call: GetCoverage, _ context: CallContext) async throws -> Response {
        let coverage = try await self.coverage(call, context)
        let name = "coverage-\(coverage.asOf.description.prefix(10))"
        func page(_ medium: ReportPage.Medium) -> HTML {
            CoverageForm(coverage, narrowedTo: call.narrowing, for: context.caller.name, medium).document
        }
        switch context.type {
        case "text/csv": return .csv(coverage.csv, named: name)
        case "application/pdf":
            let table = (name: Coverage.attachment, bytes: Array(coverage.csv.utf8))
            let pdf = try await making.answering { try await making.pdf(of: page(.print), attaching: [table]) }
            return .file(pdf, "application/pdf", named: "\(name).pdf")
        default: return .report(page(.page), named: name)
        }
    }

    private func coverage(_ call: GetCoverage, _ context: CallContext) async throws -> Coverage {
        let (now, days) = (context.ambient.now, call.days ?? GetCoverage.usualDays)
        let filter = CoverageStatements.Filter(
            accountId: call.accountId,
            region: call.region,
            application: call.application,
            owner: call.owner,
            scope: context.scope
        )
        return try await pool.transaction(.snapshot) { transaction in
            let since = now - .seconds(days * 86_400)
            let none = Coverage.FindingAges(
                under30Days: 0,
                under90Days: 0,
                older: 0,
                overdue: 0,
                unassigned: 0,
                accepted: 0
            )
            return Coverage(
                accounts: try await transaction.run(CoverageStatements.accounts(filter, provenSince: since)),
                plans: try await transaction.run(CoverageStatements.plans(filter)),
                quarters: try await transaction.run(CoverageStatements.quarters(filter, since: now - Self.past)),
                findings: try await transaction.first(CoverageStatements.findings(filter, at: now)) ?? none,
                causes: try await transaction.run(CoverageStatements.causes(filter, limit: Self.causes)),
                days: days,
                at: now
            )
        }
    }
}
