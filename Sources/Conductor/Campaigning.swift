internal import Ambient
package import Audit
internal import Logging
internal import PostgreSQL
package import Recovery
internal import Store

/// Campaigns: what `Campaign` decides, made durable.
///
/// Every replica looks. Each change of a campaign is one transaction under the lock of its row, in which it is read and
/// decided anew; a drill begins in the transaction that notes it. So no more drills run at once than the rules allow,
/// whatever number of replicas look and die.
extension Conductor {
    /// Between two looks.
    private static let campaignPause = Duration.seconds(2)

    /// Moves campaigns on until cancelled; an unreachable database is reported once and tried again.
    package func runCampaigns() async {
        var isAway = false
        while !Task.isCancelled {
            do {
                try await moveCampaigns()
                isAway = false
            } catch is CancellationError {
                return
            } catch {
                if !isAway { logger.error("campaigns do not move; trying again", metadata: ["reason": "\(error)"]) }
                isAway = true
            }
            do { try await ambient.time.sleep(for: Self.campaignPause) } catch { return }
        }
    }

    /// Looks at every campaign that has not ended.
    package func moveCampaigns() async throws {
        for id in try await pool.run(Campaign.active) { try await move(id) }
    }

    /// A person ends a campaign: nothing more begins, and what runs goes on to its end.
    ///
    /// - Returns: The campaign; nil when there is none of that identifier.
    package func cancel(campaign id: Campaign.ID, as deed: Deed) async throws -> Campaign? {
        try await change(id) { campaign, now in
            campaign.cancel(at: now)
            return [deed.done(to: "Campaign", id, accounts: campaign.accounts).insert]
        }
    }

    private func move(_ id: Campaign.ID) async throws {
        let endings = try await pool.run(Campaign.endings(of: id))
        if !endings.isEmpty {
            let ended = Dictionary(endings.map { ($0.execution, $0.status) }) { first, _ in first }
            _ = try await change(id) { campaign, now in
                campaign.observe(ended, at: now)
                return []
            }
        }
        while let campaign = try await load(id, from: pool), let position = campaign.due(at: ambient.now).first {
            guard try await begin(position, of: campaign) else { return }
        }
    }

    /// Changes a campaign under its lock, and tells of its end.
    private func change(
        _ id: Campaign.ID,
        _ body: (inout Campaign, Instant) -> [Statement]
    ) async throws -> Campaign? {
        let now = ambient.now
        return try await pool.transaction { transaction in
            guard let former = try await lock(id, in: transaction) else { return nil }
            var campaign = former
            let more = body(&campaign, now)
            let end = former.endedAt == nil && campaign.endedAt != nil ? [notice(of: campaign, at: now).tell] : []
            let statements = campaign.save(since: former) + more + end
            if !statements.isEmpty { try await transaction.execute(statements) }
            return campaign
        }
    }

    private func load(_ id: Campaign.ID, from runner: some Runner) async throws -> Campaign? {
        guard let campaign = try await runner.first(Campaign.find(id)) else { return nil }
        return campaign.with(try await runner.run(Campaign.items(of: [id])).map(\.item))
    }

    private func lock(_ id: Campaign.ID, in transaction: Transaction) async throws -> Campaign? {
        guard let campaign = try await transaction.first(Campaign.lock(id)) else { return nil }
        return campaign.with(try await transaction.run(Campaign.items(of: [id])).map(\.item))
    }

    /// Another replica was quicker, or a person has ended the campaign.
    private struct Overtaken: Error {}

    /// Begins the drill of one item, if it is still due when the campaign is locked.
    ///
    /// - Parameters:
    ///   - position: The item's.
    ///   - known: The campaign as this replica has read it, perhaps long ago.
    /// - Returns: Whether it is worth looking at once whether another is due.
    /// - Throws: `PostgresFailure`.
    package func begin(_ position: Int, of known: Campaign) async throws -> Bool {
        let id = ambient.identifier(for: Execution.self)
        let person = "campaign \(known.campaignName)"
        let event = AuditEvent(
            eventId: ambient.identifier(),
            at: ambient.now,
            principal: person,
            action: "START_CAMPAIGN_DRILL"
        )
        do {
            _ = try await start(as: id) { transaction in
                // The lock of the campaign comes first: who was overtaken must not wait for servers as well.
                guard let former = try await lock(known.campaignId, in: transaction),
                    former.due(at: ambient.now).contains(position)
                else { throw Overtaken() }
                var campaign = former
                campaign.begun(position, as: id, at: ambient.now)
                try await transaction.execute(campaign.save(since: former))
                let plan = try await plan(of: campaign.items[position], in: transaction)
                return StartOrder(
                    plan: plan,
                    type: .drill,
                    reason: campaign.reason.isEmpty ? nil : campaign.reason,
                    declaredAt: nil,
                    cancelsDrills: false,
                    person: person,
                    cleanUpAfter: campaign.cleanUpAfterHours.map { .seconds($0 * 3600) },
                    as: Deed(event)
                )
            }
        } catch is Overtaken {
            return false
        } catch let refusal as Refusal {
            _ = try await change(known.campaignId) { campaign, now in
                campaign.refused(position, by: refusal, at: now)
                return []
            }
            return true
        }
        logger.info(
            "drill of a campaign started",
            metadata: ["campaign": "\(known.campaignName)", "execution": "\(id)", "position": "\(position)"]
        )
        return true
    }

    /// The item's plan as it is now, unless it has come to touch accounts that nobody was asked about.
    private func plan(of item: Campaign.Item, in transaction: Transaction) async throws -> FrozenPlan {
        let gathered = try await RecoveryPlan.gather(item.planId, within: nil, in: transaction, locking: true)
        guard let gathered else { throw Refusal(.unknownPlan, "The plan was deleted.") }
        let plan = try gathered.frozen()
        guard Set(plan.places.map(\.accountId)).isSubset(of: item.accounts) else {
            throw Refusal(.outsideScope, "The plan has come to touch further accounts since the campaign began.")
        }
        return plan
    }

    private func notice(of campaign: Campaign, at now: Instant) -> Notice {
        let passed = campaign.items.count { $0.state == .passed }
        let rest = campaign.items.filter { $0.state == .failed || $0.state == .skipped }
            .prefix(10).map { "\($0.planName): \($0.state.rawValue). \($0.detail ?? "")" }
        return Notice(
            noticeId: ambient.identifier(),
            kind: .campaignEnded,
            at: now,
            accounts: campaign.accounts,
            title: "Campaign \(campaign.campaignName) ended \(campaign.status.rawValue)",
            text: (["\(passed) of \(campaign.items.count) drills were completed."] + rest).joined(separator: "\n")
        )
    }
}
