internal import Ambient
package import Contract
package import Hypertext
internal import Recovery

/// Drills of many plans as one, the newest first.
package struct CampaignsPage: ConsolePage {
    package let campaigns: [CampaignView]
    /// What a new one may be of.
    package let plans: PlanChoices
    package let query: ListQuery

    package init(
        campaigns: [CampaignView],
        plans: PlanChoices,
        query: ListQuery = ListQuery("/campaigns", sort: "-startedAt")
    ) {
        self.campaigns = campaigns
        self.plans = plans
        self.query = query
    }

    package var title: String { "Campaigns" }
    package var section: Section? { .campaigns }

    private func reason(_ viewer: Viewer) -> String? {
        guard viewer.may(StartCampaign.permission) else { return "This needs the permission ExecuteRecovery." }
        return plans.plans.isEmpty ? "There is no recovery plan yet." : nil
    }

    package func heading(for viewer: Viewer) -> HTML {
        Heading(
            title,
            count: query.count(campaigns.count),
            note: "Drills of many plans as one, on one clock.",
            actions: Button("New campaign", .primary, opens: "new", icon: "plus", disabledBecause: reason(viewer)).html
        ).html
    }

    package func content(for viewer: Viewer) -> HTML {
        let list: HTML =
            campaigns.isEmpty
            ? Empty("No campaigns", "A campaign drills many plans over many accounts, so many at once.").html
            : Table(
                title,
                columns: [
                    .init("Campaign"), .init("Status"), .init("Started"), .init("Plans"), .init("Not completed"),
                    .init("Clock"),
                ],
                rows: campaigns.map(row)
            ).html
        return """
            <section class="card" aria-label="List">\(list)\(query.pagination(campaigns.count))</section>\
            \(if: reason(viewer) == nil, new)
            """
    }

    private func row(_ campaign: CampaignView) -> Table.Row {
        Table.Row([
            "<a href=\"\(Link.campaign(campaign.campaignId))\" data-row-link>\(campaign.campaignName)</a>",
            Status(campaign.status).html, Times.moment(campaign.startedAt),
            "\(campaign.counts.passed + campaign.counts.failed + campaign.counts.skipped) of \(campaign.counts.total)",
            "\(campaign.counts.failed)", "\(Times.duration(campaign.elapsedSeconds))",
        ])
    }

    private var new: HTML {
        Dialog(
            "new",
            "New campaign",
            CallForm(
                Action(StartCampaign.self),
                submit: "Start drills",
                then: "/campaigns/{campaignId}",
                done: "The campaign has begun.",
                fields: """
                    <div class="fields">\(Field.text("campaignName", "Name", isRequired: true))\(plans.field(.several, "Plans, in this order"))\
                    \(Field.number("maxConcurrent", "Drills at once", value: Limits.defaultDrillsAtOnce, range: Limits.drillsAtOnce, unit: "drills"))\
                    \(Field.number("maxConcurrentPerAccount", "Of them in the same account", range: Limits.drillsAtOnce, unit: "drills"))\
                    \(Field.number("stopAfterFailures", "Stop once so many were not completed", range: 1...Limits.plansPerCampaign.upperBound, unit: "drills", hint: "Empty: go through all."))\
                    \(Field.number("patienceMinutes", "Wait for servers in use", value: Limits.defaultPatienceMinutes, range: Limits.patienceMinutes, unit: "minutes"))\
                    \(Field.number("cleanUpAfterHours", "Terminate instances after", value: 24, range: Limits.cleanUpHours, unit: "hours", hint: "Empty: a person does it."))\
                    \(Field.area("reason", "Why"))</div>
                    """
            ).html
        ).html
    }
}

extension Status {
    init(_ status: Campaign.Status) {
        switch status {
        case .running: self.init(.running, "Running")
        case .stopping: self.init(.warning, "Stopping")
        case .cancelling: self.init(.running, "Cancelling")
        case .completed: self.init(.success, "Completed")
        case .partial: self.init(.warning, "Partly failed")
        case .failed: self.init(.error, "Stopped")
        case .cancelled: self.init(.stopped, "Cancelled")
        }
    }

    init(_ state: Campaign.Item.State) {
        switch state {
        case .waiting: self.init(.pending, "Waiting")
        case .running: self.init(.running, "Running")
        case .passed: self.init(.success, "Completed")
        case .failed: self.init(.error, "Not completed")
        case .skipped: self.init(.stopped, "Skipped")
        }
    }
}
