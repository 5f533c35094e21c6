internal import Ambient
internal import Contract
internal import Hummingbird
internal import Hypertext
internal import PostgreSQL
internal import Recovery
internal import Reporting
internal import Store

/// What the calls about reports of campaigns do.
struct CampaignReports: Sendable {
    let pool: Pool
    let making: ReportMaking

    func bind(to calls: inout Bindings) {
        calls.answer(
            GetCampaignReport.self,
            finding: canSee,
            streaming: { call, context in try await self.form(of: call, context) }
        ) { call, context in
            let (report, seal) = try await self.report(call, context)
            return SealedCampaignReport(report, seal)
        }
        calls.answer(ListCampaignReports.self, finding: canSee) { call, _ in try await versions(call) }
    }

    /// A report shows all of a campaign: who sees a part of its accounts only is not shown it.
    @Sendable private func canSee(_ path: Bindings.PathValues, _ context: CallContext) async throws {
        let id = try path.value("campaignId", as: Campaign.ID.self)
        guard let campaign = try await pool.first(Campaign.find(id)) else { throw Problem.notFound("campaign") }
        let items = try await pool.run(Campaign.items(of: [id])).map(\.item)
        try context.require(campaign.with(items).accounts, of: "campaign")
    }

    private func report(
        _ call: GetCampaignReport,
        _ context: CallContext
    ) async throws -> (report: CampaignReport, seal: ReportSeal) {
        if call.interim != true, let stored = try await making.stored(call.campaignId, version: call.version) {
            return stored
        }
        guard call.version == nil else { throw Problem.notFound("version") }
        guard let made = try await making.interim(call.campaignId, for: context.caller.name) else {
            throw Problem.notFound("campaign")
        }
        return made
    }

    private func form(of call: GetCampaignReport, _ context: CallContext) async throws -> Response {
        let (report, seal) = try await self.report(call, context)
        let version = report.isInterim ? "interim" : "v\(report.identity.version)"
        let name = "campaign-report-\(report.identity.campaignId)-\(version)"
        switch context.type {
        case "text/csv": return .csv(report.csv, named: name)
        case "application/pdf":
            let pdf = try await making.answering {
                try await making.pdf(
                    of: CampaignForm(report, seal, .print).document,
                    attaching: [
                        ("campaign.json", SealedCampaignReport(report, seal).bytes),
                        (CampaignReport.table, Array(report.csv.utf8)),
                    ]
                )
            }
            return .file(pdf, "application/pdf", named: "\(name).pdf")
        default: return .report(CampaignForm(report, seal, .page).document, named: name)
        }
    }

    private func versions(_ call: ListCampaignReports) async throws -> Page<CampaignReportVersionView> {
        let paging = try Paging(call.limit, call.nextToken, order: "campaign reports", keys: 1)
        let last = try paging.key(0) { Int($0) }
        let rows = try await pool.run(
            CampaignReportStatements.versions(of: call.campaignId, before: last, limit: paging.limit)
        )
        return paging.page(of: rows) { row in
            CampaignReportVersionView(row, of: call.campaignId)
        } keys: {
            ["\($0.version)"]
        }
    }
}

extension CampaignReportVersionView {
    fileprivate init(_ row: CampaignReportStatements.Version, of campaign: Campaign.ID) {
        let seal = ReportSeal(.campaign, document: row.sealDocument, signature: row.signature)
        self.init(
            reportId: row.reportId,
            campaignId: campaign,
            version: row.version,
            why: row.why,
            madeAt: row.madeAt,
            contentHash: seal?.contentHash ?? "",
            keyId: seal?.keyId ?? ""
        )
    }
}
