internal import Ambient
internal import PostgreSQL
internal import Recovery
internal import Store
internal import TestKit

/// What notifications ask of the database.
extension Examined {
    private static let target = NotificationTarget.sample(1)
    private static let notice = Notice.sample(1)
    private static let delivery = NotificationDelivery(
        deliveryId: .sample(2),
        targetId: .sample(1),
        notices: 1,
        subject: "s",
        body: "b",
        document: "{}",
        nextAt: .sample,
        createdAt: .sample
    )

    private static let campaign = Campaign(
        campaignId: .sample(1),
        campaignName: "c",
        reason: "",
        rules: .init(mostAtOnce: 1, mostPerAccount: nil, stopAfterFailures: nil, patienceMinutes: 1),
        cleanUpAfterHours: nil,
        startedBy: "ada",
        startedAt: .sample,
        items: [.init(position: 0, planId: .sample(1), planName: "p", accounts: [])]
    )

    static let notifications: [Examined] =
        [
            Examined("targets", NotificationTarget.list(text: nil, after: nil, limit: 1), scans: true),
            Examined("targets further", NotificationTarget.list(text: "a", after: ("a", .sample(1)), limit: 1)),
            Examined("target", NotificationTarget.find(.sample(1))),
            Examined("target lock", NotificationTarget.lock(.sample(1))),
            Examined("target count", NotificationTarget.count, scans: true),
            Examined("target insert", target.insert(secret: [1])),
            Examined("target update", target.update(secret: nil)),
            Examined("notice tell", notice.tell, scans: true),
            Examined("notice tell one", notice.tell(only: .sample(1))),
            Examined("targets ready", NotificationStatements.ready(limit: 1, at: .sample), scans: true),
            Examined("notices waiting", NotificationStatements.waiting(for: .sample(1), limit: 1)),
            Examined("notices fold", NotificationStatements.fold([.sample(1)], for: .sample(1), into: .sample(2))),
            Examined("target rests", NotificationStatements.rest(.sample(1), NotificationPace(), until: .sample)),
            Examined("work", NotificationWork.due(at: .sample), scans: true),
            Examined("delivery insert", delivery.insert),
            Examined("deliveries", NotificationDelivery.list(of: .sample(1), in: .dead, before: .sample(2), limit: 1)),
            Examined("delivery", NotificationDelivery.find(.sample(2), of: .sample(1))),
            Examined("deliveries take", NotificationDelivery.take(limit: 1, until: .sample, at: .sample)),
            Examined("delivery hand over", delivery.handOver(until: .sample)),
            Examined("delivery settle", delivery.settle(.again(at: .sample), problem: "p", at: .sample)),
            Examined("delivery revive", NotificationDelivery.revive(.sample(2), of: .sample(1), at: .sample)),
            Examined("deliveries published", NotificationDelivery.published(limit: 1, at: .sample)),
            Examined("delivery withdraw", delivery.withdraw(at: .sample)),
            Examined("campaigns", Campaign.list(isActive: nil, within: nil, before: nil, limit: 1)),
            Examined(
                "campaigns further",
                Campaign.list(isActive: true, within: [], before: (.sample, .sample(1)), limit: 1)
            ),
            Examined("campaign", Campaign.find(.sample(1))),
            Examined("campaign lock", Campaign.lock(.sample(1))),
            Examined("campaign items", Campaign.items(of: [.sample(1)])),
            Examined("campaigns active", Campaign.active),
            Examined("campaign endings", Campaign.endings(of: .sample(1))),
            Examined("campaign servers", Campaign.servers(of: .sample(1))),
            Examined("campaign report standing", CampaignReportStatements.standing(of: .sample(1), "o")),
            Examined("campaign report", CampaignReportStatements.document(of: .sample(1), version: nil)),
            Examined("campaign report version", CampaignReportStatements.document(of: .sample(1), version: 1)),
            Examined("campaign reports", CampaignReportStatements.versions(of: .sample(1), before: 2, limit: 1)),
            Examined("campaign results", CampaignReportStatements.results(of: .sample(1))),
            // There are some campaigns a year, and each look has a bound in time.
            Examined("campaign reports due", CampaignReportStatements.due(endedAfter: .sample, limit: 1), scans: true),
            Examined("campaign of an execution", CampaignReportStatements.campaign(of: .sample(1))),
            Examined("plans named", RecoveryPlan.named([.sample(1)])),
            Examined("orphans", Orphan.list(accountId: nil, region: nil, within: nil, after: nil, limit: 1)),
            Examined("orphan", Orphan.find("i-1")),
            Examined("orphan lock", Orphan.lock("i-1")),
            Examined("orphan note", Orphan.note("i-1", key: "k")),
            Examined("schedules coming", Schedule.coming(at: .sample, limit: 1)),
            Examined("schedule told", Schedule.noteTold(.sample(1), of: .sample)),
        ] + each("target delete", NotificationTarget.delete(.sample(1)))
        + each("campaign insert", campaign.insert) + [Examined("campaign item", campaign.items[0].save(of: .sample(1)))]
        + each("notifications forget", NotificationStatements.forget(before: .sample))
}

extension NotificationTarget {
    static func sample(
        _ number: Int,
        events: [Notice.Kind] = Notice.Kind.choices,
        accounts: [AccountNumber]? = nil,
        plans: [RecoveryPlan.ID]? = nil,
        isEnabled: Bool = true
    ) -> NotificationTarget {
        NotificationTarget(
            targetId: .sample(number),
            targetName: "Target \(number)",
            description: "",
            address: .webhook(.init(url: "https://example.com/\(number)")),
            eventKinds: events,
            accounts: accounts,
            plans: plans,
            isEnabled: isEnabled,
            createdDate: .sample,
            lastModifiedDate: .sample,
            createdBy: "ada",
            revision: 1
        )
    }
}

extension Notice {
    static func sample(
        _ number: Int,
        _ kind: Kind = .executionEnded,
        accounts: [AccountNumber] = [],
        plan: RecoveryPlan.ID? = nil
    ) -> Notice {
        Notice(
            noticeId: .sample(number),
            kind: kind,
            at: .sample,
            accounts: accounts,
            planId: plan,
            title: "Notice \(number)"
        )
    }
}
