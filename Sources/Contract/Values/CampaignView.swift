package import Ambient
package import JSON
package import Recovery

/// A campaign as the API shows it.
package struct CampaignView: Codable, Sendable, Hashable {
    package struct Item: Codable, Sendable, Hashable {
        package var position: Int
        package var planId: RecoveryPlan.ID
        package var planName: String
        package var state: Campaign.Item.State
        /// The drill that was started.
        @Nullable package var executionId: Execution.ID?
        /// Why it waits, failed or was skipped.
        @Nullable package var detail: String?
        @Nullable package var begunAt: Instant?
        @Nullable package var endedAt: Instant?

        package init(_ item: Campaign.Item) {
            position = item.position
            planId = item.planId
            planName = item.planName
            state = item.state
            executionId = item.executionId
            detail = item.detail
            // Before, it is the first try of a plan whose servers were in use.
            begunAt = item.executionId == nil ? nil : item.begunAt
            endedAt = item.endedAt
        }
    }

    package struct Counts: Codable, Sendable, Hashable {
        package var total: Int
        package var waiting: Int
        package var running: Int
        package var passed: Int
        package var failed: Int
        package var skipped: Int
    }

    package struct Servers: Codable, Sendable, Hashable {
        /// Of the drills that have begun.
        package var total: Int
        package var launched: Int
        package var failed: Int

        package init(total: Int, launched: Int, failed: Int) {
            self.total = total
            self.launched = launched
            self.failed = failed
        }
    }

    package var campaignId: Campaign.ID
    package var campaignName: String
    package var reason: String
    package var status: Campaign.Status
    package var maxConcurrent: Int
    @Nullable package var maxConcurrentPerAccount: Int?
    @Nullable package var stopAfterFailures: Int?
    package var patienceMinutes: Int
    @Nullable package var cleanUpAfterHours: Int?
    package var startedBy: String
    /// The campaign's one clock.
    package var startedAt: Instant
    @Nullable package var endedAt: Instant?
    package var elapsedSeconds: Int
    package var counts: Counts
    @Nullable package var servers: Servers?
    /// Nil in lists.
    @Nullable package var items: [Item]?
    /// Plans of accounts outside the caller's scope, which are counted and not shown.
    package var itemsOutsideScope: Int

    /// - Parameters:
    ///   - campaign: With its items.
    ///   - servers: Of its drills; nil in lists.
    ///   - now: The time it is.
    ///   - isWhole: Whether the items are shown.
    ///   - shows: Whether the caller may see an item.
    package init(
        _ campaign: Campaign,
        servers: Servers?,
        at now: Instant,
        isWhole: Bool,
        showing shows: (Campaign.Item) -> Bool
    ) {
        campaignId = campaign.campaignId
        campaignName = campaign.campaignName
        reason = campaign.reason
        status = campaign.status
        maxConcurrent = campaign.rules.mostAtOnce
        maxConcurrentPerAccount = campaign.rules.mostPerAccount
        stopAfterFailures = campaign.rules.stopAfterFailures
        patienceMinutes = campaign.rules.patienceMinutes
        cleanUpAfterHours = campaign.cleanUpAfterHours
        startedBy = campaign.startedBy
        startedAt = campaign.startedAt
        endedAt = campaign.endedAt
        elapsedSeconds = max(0, Int(((campaign.endedAt ?? now) - campaign.startedAt).seconds))
        func count(_ state: Campaign.Item.State) -> Int { campaign.items.count { $0.state == state } }
        counts = Counts(
            total: campaign.items.count,
            waiting: count(.waiting),
            running: count(.running),
            passed: count(.passed),
            failed: count(.failed),
            skipped: count(.skipped)
        )
        self.servers = servers
        let shown = campaign.items.filter(shows)
        items = isWhole ? shown.map { Item($0) } : nil
        itemsOutsideScope = campaign.items.count - shown.count
    }
}

/// What a client says of a campaign.
package struct CampaignBody: Codable, Sendable, Hashable {
    package var campaignName: String
    package var reason: String?
    package var planIds: [RecoveryPlan.ID]
    package var maxConcurrent: Int?
    package var maxConcurrentPerAccount: Int?
    package var stopAfterFailures: Int?
    package var patienceMinutes: Int?
    package var cleanUpAfterHours: Int?

    package init(
        campaignName: String,
        reason: String? = nil,
        planIds: [RecoveryPlan.ID],
        maxConcurrent: Int? = nil,
        maxConcurrentPerAccount: Int? = nil,
        stopAfterFailures: Int? = nil,
        patienceMinutes: Int? = nil,
        cleanUpAfterHours: Int? = nil
    ) {
        self.campaignName = campaignName
        self.reason = reason
        self.planIds = planIds
        self.maxConcurrent = maxConcurrent
        self.maxConcurrentPerAccount = maxConcurrentPerAccount
        self.stopAfterFailures = stopAfterFailures
        self.patienceMinutes = patienceMinutes
        self.cleanUpAfterHours = cleanUpAfterHours
    }
}
