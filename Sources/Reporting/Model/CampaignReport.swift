package import Ambient
package import JSON
package import Recovery

/// The report of a campaign: many drills on one clock, what came of each, and where the proof of it is.
///
/// Its drills' figures are those of their own reports, which it names by the hash of their content: who has both files can
/// compare them (`CampaignVerification`). What is summed up follows from `drills` alone.
package struct CampaignReport: Codable, Sendable, Hashable {
    package var identity: Identity
    package var summary: Summary
    /// In the order in which they were to begin.
    package var drills: [Drill]

    package struct Identity: Codable, Sendable, Hashable {
        package var reportId: String
        /// Counts a campaign's reports from 1; 0: an interim one.
        package var version: Int
        package var why: String
        package var madeAt: Instant
        package var madeBy: String
        package var hubVersion: String
        package var classification: String
        package var campaignId: Campaign.ID
        package var campaignName: String
        package var reason: String
        package var status: Campaign.Status
        package var startedBy: String
        package var startedAt: Instant
        @Nullable package var endedAt: Instant?
        package var maxConcurrent: Int
        @Nullable package var maxConcurrentPerAccount: Int?
        @Nullable package var stopAfterFailures: Int?
        package var patienceMinutes: Int
        @Nullable package var cleanUpAfterHours: Int?
    }

    /// One plan of the campaign.
    package struct Drill: Codable, Sendable, Hashable {
        /// From 1.
        package var number: Int
        package var planId: RecoveryPlan.ID
        package var planName: String
        /// The plan's accounts when the campaign began.
        package var accountIds: [String]
        package var state: Campaign.Item.State
        /// Why it did not begin, or how it ended.
        @Nullable package var detail: String?
        @Nullable package var executionId: Execution.ID?
        @Nullable package var begunAt: Instant?
        @Nullable package var endedAt: Instant?
        /// What its own report says; null: it has none yet, or never began.
        @Nullable package var result: Result?
    }

    /// What the newest report of a drill says.
    package struct Result: Codable, Sendable, Hashable {
        package var reportId: String
        package var version: Int
        /// SHA-256 of that report's content as RFC 8785 text, which its own seal has signed.
        package var contentHash: String
        @Nullable package var application: String?
        @Nullable package var owner: String?
        @Nullable package var verdict: Verdict?
        package var results: [Report.ObjectiveResult]
        package var counts: Report.Counts
        /// When its last server was launched; null: none was.
        @Nullable package var lastLaunchAt: Instant?
        package var cleanUp: Report.CleanUp
        package var findings: [ReportFinding]
        /// How many people have signed it off.
        package var signatures: Int
    }

    /// What follows from the drills.
    package struct Summary: Codable, Sendable, Hashable {
        /// Null until the campaign has ended.
        @Nullable package var verdict: Verdict?
        package var drills: Int
        package var passed: Int
        package var passedWithDeviations: Int
        /// Drills that ended as PARTIAL, FAIL or ABORTED, and such as could not begin.
        package var notPassed: Int
        package var skipped: Int
        /// Drills that have not begun, that run, or whose report is not made.
        package var open: Int
        /// Servers of the drills that have a report.
        package var servers: Report.Counts
        /// From the campaign's start to its last launch.
        @Nullable package var lastLaunchSeconds: Int?
        package var timeObjectives: Objectives
        package var pointObjectives: Objectives
        package var openFindings: Int
        package var instancesLeft: Int
        package var signed: Int
    }

    /// How drills stood to an objective of their plans.
    package struct Objectives: Codable, Sendable, Hashable {
        package var met: Int
        package var missed: Int
        /// Not set, or not known.
        package var none: Int
    }

    package var isInterim: Bool { identity.version == 0 }
}

extension CampaignReport {
    /// Makes the report of a campaign and of its drills' results.
    ///
    /// - Parameters:
    ///   - campaign: With its items.
    ///   - results: What the newest report of each drill says.
    ///   - order: Which report is to be made.
    package init(
        _ campaign: Campaign,
        results: [Execution.ID: Result],
        _ order: ReportMaterial.Order
    ) {
        identity = Identity(campaign, order)
        drills = campaign.items.map { item in
            Drill(
                number: item.position + 1,
                planId: item.planId,
                planName: item.planName,
                accountIds: item.accounts.map(\.rawValue),
                state: item.state,
                detail: item.detail,
                executionId: item.executionId,
                begunAt: item.executionId == nil ? nil : item.begunAt,
                endedAt: item.endedAt,
                result: item.executionId.flatMap { results[$0] }
            )
        }
        summary = Summary(of: drills, identity)
    }
}

extension CampaignReport.Identity {
    fileprivate init(_ campaign: Campaign, _ order: ReportMaterial.Order) {
        self.init(
            reportId: order.reportId,
            version: order.version,
            why: order.why,
            madeAt: order.madeAt,
            madeBy: order.madeBy,
            hubVersion: order.hubVersion,
            classification: order.classification,
            campaignId: campaign.campaignId,
            campaignName: campaign.campaignName,
            reason: campaign.reason,
            status: campaign.status,
            startedBy: campaign.startedBy,
            startedAt: campaign.startedAt,
            endedAt: campaign.endedAt,
            maxConcurrent: campaign.rules.mostAtOnce,
            maxConcurrentPerAccount: campaign.rules.mostPerAccount,
            stopAfterFailures: campaign.rules.stopAfterFailures,
            patienceMinutes: campaign.rules.patienceMinutes,
            cleanUpAfterHours: campaign.cleanUpAfterHours
        )
    }
}

extension CampaignReport.Result {
    /// What a drill's report says.
    package init(_ report: Report, contentHash: String) {
        let anatomy = report.recoveryTime.anatomy
        self.init(
            reportId: report.identity.reportId,
            version: report.identity.version,
            contentHash: contentHash,
            application: report.identity.application,
            owner: report.identity.owner,
            verdict: report.summary.verdict,
            results: report.summary.results,
            counts: report.summary.counts,
            lastLaunchAt: report.recoveryTime.isReached ? anatomy.to : nil,
            cleanUp: report.cleanUp,
            findings: report.findings,
            signatures: report.signOff.signatures.count { $0.withdrawnAt == nil }
        )
    }
}
