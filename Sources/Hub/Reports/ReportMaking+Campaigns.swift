internal import Ambient
internal import Audit
internal import Hypertext
internal import JSON
internal import Logging
internal import PostgreSQL
internal import Recovery
internal import Reporting
internal import Store

/// Reports of campaigns: they follow the reports of their drills.
extension ReportMaking {
    /// A campaign's report as of now, which nobody keeps; nil when there is no such campaign.
    func interim(_ id: Campaign.ID, for person: String) async throws -> (report: CampaignReport, seal: ReportSeal)? {
        let order = ReportMaterial.Order(
            reportId: ambient.identifier(for: CampaignReport.self).description,
            version: 0,
            why: "somebody asked for it",
            madeBy: person,
            madeAt: ambient.now,
            hubVersion: MusterVersion.text
        )
        let made = try await pool.transaction(.snapshot) { transaction in
            try await report(of: id, order, from: transaction)
        }
        guard let made else { return nil }
        return (made, try ReportSeal(made, by: keys))
    }

    /// A version as it was made; nil where there is none.
    func stored(_ id: Campaign.ID, version: Int?) async throws -> (report: CampaignReport, seal: ReportSeal)? {
        guard let row = try await pool.first(CampaignReportStatements.document(of: id, version: version)),
            let seal = ReportSeal(.campaign, document: row.seal, signature: row.signature, of: row.document)
        else { return nil }
        return (try CampaignReport(text: row.document), seal)
    }

    /// Makes the reports that are due; one that cannot be made does not keep the others from it.
    ///
    /// - Throws: `PostgresFailure`.
    func lookAtCampaigns(back moment: Instant) async throws {
        for due in try await pool.run(CampaignReportStatements.due(endedAfter: moment, limit: Self.batch)) {
            do {
                try await make(due)
            } catch let error as CancellationError {
                throw error
            } catch {
                logger.error(
                    "a campaign's report was not made",
                    metadata: ["campaign": "\(due.campaignId)", "failure": "\(error)"]
                )
            }
        }
    }

    private func make(_ due: CampaignReportStatements.Due) async throws {
        let id = ambient.identifier(for: CampaignReport.self)
        try await pool.transaction { transaction in
            // The lock of the campaign lets one report of it be made after the other.
            _ = try await transaction.first(Campaign.lock(due.campaignId))
            let standing = try await transaction.first(
                CampaignReportStatements.standing(of: due.campaignId, due.occasion)
            )
            guard let standing, !standing.isMade else { return }
            let order = ReportMaterial.Order(
                reportId: id.description,
                version: standing.versions + 1,
                why: standing.versions == 0 ? "the campaign ended" : "a drill of it has a new report",
                madeBy: "muster",
                madeAt: ambient.now,
                hubVersion: MusterVersion.text
            )
            guard let report = try await report(of: due.campaignId, order, from: transaction) else { return }
            let seal = try ReportSeal(report, by: keys)
            try await transaction.execute(
                CampaignReportStatements.insert(.init(report, seal, id: id, occasion: due.occasion))
            )
            try await transaction.execute(event(of: report, seal).insert)
        }
    }

    private func report(
        of id: Campaign.ID,
        _ order: ReportMaterial.Order,
        from transaction: Transaction
    ) async throws -> CampaignReport? {
        guard let campaign = try await transaction.first(Campaign.find(id)) else { return nil }
        let items = try await transaction.run(Campaign.items(of: [id])).map(\.item)
        let results = try await transaction.run(CampaignReportStatements.results(of: id))
        return CampaignReport(
            campaign.with(items),
            results: Dictionary(results.map { ($0.execution, $0.result) }) { first, _ in first },
            order
        )
    }

    private func event(of report: CampaignReport, _ seal: ReportSeal) -> AuditEvent {
        let accounts = Set(report.drills.flatMap(\.accountIds)).compactMap(AccountNumber.init(rawValue:)).sorted()
        return Deed(
            AuditEvent(
                eventId: ambient.identifier(),
                at: ambient.now,
                principal: "muster",
                action: "MAKE_CAMPAIGN_REPORT"
            )
        ).done(
            to: "CampaignReport",
            report.identity.reportId,
            accounts: accounts,
            detail: report.identity.why,
            after: [
                "campaignId": .string(report.identity.campaignId.description),
                "contentHash": .string(seal.contentHash), "version": .integer(Int64(report.identity.version)),
            ]
        )
    }
}
