package import Recovery
package import Reporting

extension Contract {
    static let campaignReports: [CallDescription] = [
        CallDescription(GetCampaignReport.self), CallDescription(ListCampaignReports.self),
    ]
}

/// Shows the report of a campaign.
package struct GetCampaignReport: Call {
    package typealias Answer = SealedCampaignReport
    package static let route = Route.get("/campaigns/{campaignId}/report", of: .reports)
    package static let permission: Permission? = .viewResources
    package static let summary = "Show a campaign's report"
    package static let details = """
        One report of all its drills. The newest final version; while it runs, or with interim, a report as of this moment. \
        All its accounts must be in the caller's scope. It names each drill's own report by the hash of its content; \
        muster report verify checks both. As CSV it has one row a drill; 503 PDF_UNAVAILABLE where WeasyPrint is not \
        installed.
        """
    package static let parameters: [Parameter] = [
        Parameter.campaign,
        .query("format", .choice(ReportFormat.self), "The form; without it Accept decides."),
        .query("version", Shapes.reportVersion, "A version instead of the newest.", as: .integer),
        .query("interim", Shapes.flag, "true: as of this moment, whatever versions there are.", as: .flag),
    ]
    package static let otherTypes = ["text/html", "application/pdf", "text/csv"]

    package var campaignId: Campaign.ID
    package var format: ReportFormat?
    package var version: Int?
    package var interim: Bool?

    package init(campaignId: Campaign.ID, format: ReportFormat? = nil, version: Int? = nil, interim: Bool? = nil) {
        self.campaignId = campaignId
        self.format = format
        self.version = version
        self.interim = interim
    }

    package var preferredType: String? { format?.mediaType }
}

/// Lists the final versions of a campaign's report, the newest first.
package struct ListCampaignReports: Call {
    package typealias Answer = Page<CampaignReportVersionView>
    package static let route = Route.get("/campaigns/{campaignId}/reports", of: .reports)
    package static let permission: Permission? = .viewResources
    package static let summary = "List the versions of a campaign's report"
    package static let details = """
        The first makes itself when the campaign has ended and each of its drills has a report; another whenever one of \
        those has a new version. Earlier versions stay as they are.
        """
    package static let parameters = [Parameter.campaign] + Parameter.paging

    package var campaignId: Campaign.ID
    package var limit: Int?
    package var nextToken: String?

    package init(campaignId: Campaign.ID, limit: Int? = nil, nextToken: String? = nil) {
        self.campaignId = campaignId
        self.limit = limit
        self.nextToken = nextToken
    }
}
