internal import Ambient
package import Contract
package import Hypertext
internal import Recovery

/// One campaign: its clock, its rules, and what became of each plan.
package struct CampaignPage: ConsolePage {
    package let campaign: CampaignView

    package init(campaign: CampaignView) {
        self.campaign = campaign
    }

    package var title: String { campaign.campaignName }
    package var section: Section? { .campaigns }
    package var trail: [Crumb] { [Crumb("Campaigns", "/campaigns")] }

    private func reason(_ viewer: Viewer) -> String? {
        guard viewer.may(CancelCampaign.permission) else { return "This needs the permission ExecuteRecovery." }
        return campaign.status.isTerminal ? "It has ended." : nil
    }

    package func heading(for viewer: Viewer) -> HTML {
        Heading(
            title,
            badges: Status(campaign.status).html,
            note: "\(campaign.reason)",
            actions: Button("Cancel campaign", .danger, opens: "cancel", disabledBecause: reason(viewer)).html
        ).html
    }

    package func content(for viewer: Viewer) -> HTML {
        "\(summary(viewer))\(report)\(plans)\(if: reason(viewer) == nil, cancel)"
    }

    private func summary(_ viewer: Viewer) -> HTML {
        let counts = campaign.counts
        var pairs: [(String, HTML)] = [
            ("Started", "\(Times.moment(campaign.startedAt)) by \(campaign.startedBy)"),
            ("Clock", Times.ticking(from: campaign.startedAt, to: campaign.endedAt, at: viewer.now)),
            ("Completed", "\(counts.passed) of \(counts.total)"), ("Not completed", "\(counts.failed)"),
            ("Running", "\(counts.running)"), ("Waiting", "\(counts.waiting)"), ("Skipped", "\(counts.skipped)"),
        ]
        if let servers = campaign.servers {
            pairs.append(("Servers", "\(servers.launched) of \(servers.total) launched, \(servers.failed) failed"))
        }
        pairs += [
            ("Drills at once", "\(campaign.maxConcurrent)"),
            ("Of them in the same account", "\(campaign.maxConcurrentPerAccount.map { "\($0)" } ?? "No matter")"),
            ("Stops after", "\(campaign.stopAfterFailures.map { "\($0) not completed" } ?? "Goes through all")"),
            (
                "Instances are terminated",
                campaign.cleanUpAfterHours.map { "\($0) hours after a drill's start" as HTML } ?? "by a person"
            ),
        ]
        return Card("Summary", KeyValues(pairs).html).html
    }

    private var report: HTML {
        let words: HTML =
            campaign.status.isTerminal
            ? "Of all drills together. It makes itself when each drill has its report, and again when one has a new version."
            : "Of all drills together, as of this moment; a final one makes itself at the end."
        let id = campaign.campaignId
        let forms = [
            Button("Read", .primary, link: .campaignReport(id, .html)),
            Button("PDF", link: .campaignReport(id, .pdf), icon: "download"),
            Button("JSON", link: .campaignReport(id, .json), icon: "download"),
            Button("CSV", link: .campaignReport(id, .csv), icon: "download"),
        ]
        guard campaign.itemsOutsideScope == 0 else {
            return Card("Report", "<p class=\"quiet\">It needs all accounts of the campaign in your scope.</p>").html
        }
        return Card("Report", "<p>\(words)</p><div class=\"actions\">\(forms.html(\.html))</div>").html
    }

    private var plans: HTML {
        let outside: HTML =
            campaign.itemsOutsideScope > 0
            ? "<p class=\"quiet\">\(campaign.itemsOutsideScope) plans of accounts outside your scope are not shown.</p>"
            : .empty
        let items = campaign.items ?? []
        return Card(
            "Plans",
            items.isEmpty
                ? Empty("None", "Nothing of it is shown to you.").html
                : Table(
                    "Plans",
                    columns: [
                        .init("Plan"), .init("State"), .init("Drill"), .init("Report"), .init("Begun"), .init("Why"),
                    ],
                    rows: items.map(row)
                ).html + outside
        ).html
    }

    private func row(_ item: CampaignView.Item) -> Table.Row {
        Table.Row([
            "<a href=\"\(Link.plan(item.planId))\">\(item.planName)</a>", Status(item.state).html,
            item.executionId.map { "<a href=\"\(Link.execution($0))\">Open</a>" } ?? "-",
            item.executionId.map { "<a href=\"\(Link.executionReport($0))\">Report</a>" } ?? "-",
            Times.moment(item.begunAt), "\(item.detail ?? "-")",
        ])
    }

    private var cancel: HTML {
        Dialog(
            "cancel",
            "Cancel campaign",
            """
            <p>No more drills begin. Those that run go on to their end.</p>\(CallForm(
                Action(CancelCampaign.self, [campaign.campaignId.description]),
                submit: "Cancel campaign",
                .danger,
                then: "/campaigns/{campaignId}",
                done: "The campaign is cancelled."
            ).html)
            """
        ).html
    }
}
