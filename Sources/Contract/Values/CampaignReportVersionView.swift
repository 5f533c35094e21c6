package import Ambient
package import Recovery
package import Reporting

/// A final report of a campaign, without its content.
package struct CampaignReportVersionView: Codable, Sendable, Hashable {
    package var reportId: Identifier<CampaignReport>
    package var campaignId: Campaign.ID
    package var version: Int
    package var why: String
    package var madeAt: Instant
    /// SHA-256 of its content.
    package var contentHash: String
    /// The key that signed it.
    package var keyId: String

    package init(
        reportId: Identifier<CampaignReport>,
        campaignId: Campaign.ID,
        version: Int,
        why: String,
        madeAt: Instant,
        contentHash: String,
        keyId: String
    ) {
        self.reportId = reportId
        self.campaignId = campaignId
        self.version = version
        self.why = why
        self.madeAt = madeAt
        self.contentHash = contentHash
        self.keyId = keyId
    }
}
