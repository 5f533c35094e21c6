import Ambient
import Console
import Contract
import Recovery

extension Sample {
    static func campaign(
        _ status: Campaign.Status,
        _ text: String = "Autumn 2026",
        isOutside: Bool = false
    ) -> CampaignView {
        let items = Campaign.Item.State.allCases.enumerated().map { position, state in
            Campaign.Item(
                position: position,
                planId: id(30 + position),
                planName: text,
                accounts: [],
                state: state,
                executionId: state == .waiting ? nil : id(60 + position),
                detail: state == .failed ? text : nil,
                begunAt: state == .skipped ? nil : now
            )
        }
        let campaign = Campaign(
            campaignId: id(70),
            campaignName: text,
            reason: text,
            rules: .init(
                mostAtOnce: 5,
                mostPerAccount: isOutside ? 1 : nil,
                stopAfterFailures: 3,
                patienceMinutes: 240
            ),
            cleanUpAfterHours: isOutside ? nil : 12,
            startedBy: text,
            startedAt: now,
            status: status,
            endedAt: status.isTerminal ? now : nil,
            items: items
        )
        let servers = CampaignView.Servers(total: 9, launched: 7, failed: 1)
        return CampaignView(campaign, servers: servers, at: now, isWhole: true) { _ in !isOutside }
    }
}

extension PlanChoices {
    static func sample(_ name: String = "Shop", hasMore: Bool = false) -> Self {
        Self(plans: (0..<3).map { Plan(Sample.id(30 + $0), "\(name) \($0)") }, hasMore: hasMore)
    }
}
