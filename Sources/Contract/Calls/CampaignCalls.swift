package import JSON
package import Recovery

extension Contract {
    static let campaigns: [CallDescription] = [
        CallDescription(ListCampaigns.self), CallDescription(StartCampaign.self), CallDescription(GetCampaign.self),
        CallDescription(CancelCampaign.self),
    ]
}

/// Lists campaigns, the newest first.
package struct ListCampaigns: Call {
    package typealias Answer = Page<CampaignView>
    package static let route = Route.get("/campaigns", of: .campaigns)
    package static let permission: Permission? = .viewResources
    package static let summary = "List campaigns"
    package static let parameters: [Parameter] =
        [.query("active", Shapes.flag, "Only such as have not ended, or have.", as: .flag)] + Parameter.paging

    package var active: Bool?
    package var limit: Int?
    package var nextToken: String?

    package init(active: Bool? = nil, limit: Int? = nil, nextToken: String? = nil) {
        self.active = active
        self.limit = limit
        self.nextToken = nextToken
    }
}

/// Starts drills of many plans as one.
package struct StartCampaign: Call {
    package typealias Answer = CampaignView
    package static let route = Route.post("/campaigns", of: .campaigns, answering: .created)
    package static let permission: Permission? = .executeRecovery
    package static let summary = "Start a campaign"
    package static let details = """
        Drills of the plans begin in their order, so many at once, on one clock. A plan whose servers are in use is tried \
        again every 30 seconds for as long as patience lasts. With stopAfterFailures nothing more begins once so many \
        drills were not completed; what runs goes on to its end.
        """
    package static let bodyShape: Shape? = Shapes.campaign

    package static func location(of answer: CampaignView) -> String? {
        "\(Route.base)/campaigns/\(answer.campaignId)"
    }

    package var body: CampaignBody

    package init(body: CampaignBody) {
        self.body = body
    }
}

/// Shows one campaign with what became of each plan.
package struct GetCampaign: Call {
    package typealias Answer = CampaignView
    package static let route = Route.get("/campaigns/{campaignId}", of: .campaigns)
    package static let permission: Permission? = .viewResources
    package static let summary = "Show a campaign"
    package static let parameters = [Parameter.campaign]

    package var campaignId: Campaign.ID

    package init(campaignId: Campaign.ID) {
        self.campaignId = campaignId
    }
}

/// Ends a campaign: nothing more begins, and what runs goes on to its end.
package struct CancelCampaign: Call {
    package typealias Answer = CampaignView
    package static let route = Route.post(
        "/campaigns/{campaignId}/cancel",
        of: .campaigns,
        answering: .accepted
    )
    package static let permission: Permission? = .executeRecovery
    package static let summary = "Cancel a campaign"
    package static let details = "Nothing more begins. Drills that run go on; each can be cancelled by itself."
    package static let parameters = [Parameter.campaign]

    package var campaignId: Campaign.ID

    package init(campaignId: Campaign.ID) {
        self.campaignId = campaignId
    }
}

extension Parameter {
    static let campaign = Parameter.path("campaignId", Shapes.identifier, "The campaign.")
}
