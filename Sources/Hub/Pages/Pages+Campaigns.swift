internal import Console
internal import Contract
internal import Hypertext
internal import Recovery

extension Pages {
    /// The pages of drills of many plans.
    func bindCampaigns(_ calls: inout Bindings) {
        page("/campaigns", &calls) { visit in
            let answer = try await visit.ask(ListCampaigns(nextToken: visit.query["nextToken"]))
            let query = ListQuery(
                "/campaigns",
                sort: "-startedAt",
                token: visit.query["nextToken"],
                nextToken: answer.nextToken
            )
            return CampaignsPage(campaigns: answer.items, plans: try await Self.plans(visit), query: query)
        }
        page("/campaigns/{campaignId}", &calls) { visit in
            let id: Campaign.ID = try visit.parameter("campaignId", of: "campaign")
            return CampaignPage(campaign: try await visit.ask(GetCampaign(campaignId: id)))
        }
    }
}
