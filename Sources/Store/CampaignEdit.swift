package import Ambient
package import Audit
internal import JSON
package import PostgreSQL
package import Recovery

extension Campaign {
    /// What a person says of a campaign that is to begin.
    package struct Wish: Sendable {
        package var campaignId: ID
        package var campaignName: String
        package var reason: String
        package var plans: [RecoveryPlan.ID]
        package var rules: Rules
        package var cleanUpAfterHours: Int?
        package var person: String

        package init(
            campaignId: ID,
            campaignName: String,
            reason: String,
            plans: [RecoveryPlan.ID],
            rules: Rules,
            cleanUpAfterHours: Int?,
            person: String
        ) {
            self.campaignId = campaignId
            self.campaignName = campaignName
            self.reason = reason
            self.plans = plans
            self.rules = rules
            self.cleanUpAfterHours = cleanUpAfterHours
            self.person = person
        }
    }

    /// Begins a campaign: its drills begin when somebody looks.
    ///
    /// - Parameters:
    ///   - wish: What is wanted.
    ///   - pool: The database.
    ///   - view: What the caller may see.
    ///   - reach: Where the caller may start drills.
    ///   - deed: Who does it.
    ///   - now: When its clock begins.
    /// - Throws: `Refusal`.
    package static func begin(
        _ wish: Wish,
        through pool: Pool,
        seeing view: AccountScope,
        reaching reach: AccountScope,
        as deed: Deed,
        at now: Instant
    ) async throws {
        try await refusing {
            try await pool.transaction { transaction in
                let items = try await items(for: wish.plans, seeing: view, reaching: reach, in: transaction)
                let campaign = Campaign(
                    campaignId: wish.campaignId,
                    campaignName: wish.campaignName,
                    reason: wish.reason,
                    rules: wish.rules,
                    cleanUpAfterHours: wish.cleanUpAfterHours,
                    startedBy: wish.person,
                    startedAt: now,
                    items: items
                )
                try await transaction.execute(
                    campaign.insert + [
                        deed.done(
                            to: "Campaign",
                            wish.campaignId,
                            accounts: campaign.accounts,
                            new: 1,
                            after: campaign.fields
                        ).insert
                    ]
                )
            }
        }
    }

    private static func items(
        for plans: [RecoveryPlan.ID],
        seeing view: AccountScope,
        reaching reach: AccountScope,
        in transaction: Transaction
    ) async throws -> [Item] {
        let found = try await transaction.run(RecoveryPlan.named(plans))
        let byPlan = Dictionary(found.map { ($0.planId, $0) }) { first, _ in first }
        var items: [Item] = []
        var unknown: [Refusal.Pointer] = []
        for (position, id) in plans.enumerated() {
            guard let plan = byPlan[id], view.shows(plan.accounts) else {
                unknown.append(.init("/planIds/\(position)", "is no plan"))
                continue
            }
            guard reach.covers(all: plan.accounts) else {
                throw Refusal(.outsideScope, "Some accounts of \(plan.planName) are outside your scope.")
            }
            items.append(Item(position: position, planId: id, planName: plan.planName, accounts: plan.accounts))
        }
        guard unknown.isEmpty else {
            throw Refusal(.unknownPlan, "There are no such recovery plans.", .pointers(unknown))
        }
        return items
    }

    private var fields: JSON {
        [
            "campaignName": .string(campaignName), "reason": .string(reason),
            "planIds": .array(items.map { .string($0.planId.description) }),
            "maxConcurrent": .integer(Int64(rules.mostAtOnce)),
            "maxConcurrentPerAccount": rules.mostPerAccount.map { .integer(Int64($0)) } ?? .null,
            "stopAfterFailures": rules.stopAfterFailures.map { .integer(Int64($0)) } ?? .null,
            "patienceMinutes": .integer(Int64(rules.patienceMinutes)),
            "cleanUpAfterHours": cleanUpAfterHours.map { .integer(Int64($0)) } ?? .null,
        ]
    }
}

extension RecoveryPlan {
    /// Names and accounts of plans, those that exist.
    package static func named(
        _ ids: [ID]
    ) -> Query<(planId: ID, planName: String, accounts: [AccountNumber])> {
        Query(
            """
            SELECT p.plan_id, p.plan_name,
                   ARRAY(SELECT DISTINCT g.account_id FROM plan_group n JOIN protection_group g ON g.group_id = n.group_id
                          WHERE n.plan_id = p.plan_id ORDER BY 1)
              FROM recovery_plan p WHERE p.plan_id = ANY(\(ids))
            """
        ) { row in (try row.read(), try row.read(), try row.readLabels()) }
    }
}
