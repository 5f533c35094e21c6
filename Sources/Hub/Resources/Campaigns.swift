internal import Ambient
internal import Conductor
internal import Contract
internal import PostgreSQL
internal import Recovery
internal import Store

/// What the calls about campaigns do.
struct Campaigns: Sendable {
    let pool: Pool
    let conductor: Conductor

    func bind(to calls: inout Bindings) {
        calls.answer(ListCampaigns.self) { call, context in try await list(call, context) }
        calls.answer(StartCampaign.self) { call, context in try await start(call.body, context) }
        calls.answer(GetCampaign.self, finding: find) { call, context in try await show(call.campaignId, context) }
        calls.answer(CancelCampaign.self, finding: findToChange) { call, context in
            try await cancel(call.campaignId, context)
        }
    }

    @Sendable private func find(_ path: Bindings.PathValues, _ context: CallContext) async throws {
        let campaign = try await campaign(path.value("campaignId"))
        guard context.access.view.shows(campaign.accounts) else { throw Problem.notFound("campaign") }
    }

    @Sendable private func findToChange(_ path: Bindings.PathValues, _ context: CallContext) async throws {
        try context.require(try await campaign(path.value("campaignId")).accounts, of: "campaign")
    }

    private func campaign(_ id: Campaign.ID) async throws -> Campaign {
        guard let campaign = try await pool.first(Campaign.find(id)) else { throw Problem.notFound("campaign") }
        return campaign.with(try await pool.run(Campaign.items(of: [id])).map(\.item))
    }

    private func show(_ id: Campaign.ID, _ context: CallContext) async throws -> CampaignView {
        let campaign = try await campaign(id)
        let counts = try await pool.run(Campaign.servers(of: id))
        let servers = CampaignView.Servers(
            total: counts.map(\.count).reduce(0, +),
            launched: counts.first { $0.status == .launched }?.count ?? 0,
            failed: counts.first { $0.status == .failed }?.count ?? 0
        )
        return view(campaign, servers, context)
    }

    private func list(_ call: ListCampaigns, _ context: CallContext) async throws -> Page<CampaignView> {
        let paging = try Paging(call.limit, call.nextToken, order: "campaigns", keys: 2)
        let last = try paging.key(1) { Campaign.ID($0) }
        let found = try await pool.run(
            Campaign.list(
                isActive: call.active,
                within: context.scope,
                before: try paging.time().flatMap { time in last.map { (at: time, id: $0) } },
                limit: paging.limit
            )
        )
        let items = try await pool.run(Campaign.items(of: found.map(\.campaignId)))
        let byCampaign = Dictionary(grouping: items, by: \.campaign)
        let campaigns = found.map { $0.with(byCampaign[$0.campaignId]?.map(\.item) ?? []) }
        return paging.page(of: campaigns) {
            view($0, nil, context)
        } keys: {
            [$0.startedAt.description, $0.campaignId.description]
        }
    }

    private func start(_ body: CampaignBody, _ context: CallContext) async throws -> CampaignView {
        let id: Campaign.ID = context.identifier()
        if !context.isMade {
            try await Campaign.begin(
                Campaign.Wish(body, id: id, by: context.caller.name),
                through: pool,
                seeing: context.access.view,
                reaching: context.reach,
                as: context.deed,
                at: context.ambient.now
            )
        }
        return try await show(id, context)
    }

    private func cancel(_ id: Campaign.ID, _ context: CallContext) async throws -> CampaignView {
        if !context.isMade { _ = try await conductor.cancel(campaign: id, as: context.deed) }
        return try await show(id, context)
    }

    private func view(
        _ campaign: Campaign,
        _ servers: CampaignView.Servers?,
        _ context: CallContext
    ) -> CampaignView {
        CampaignView(campaign, servers: servers, at: context.ambient.now, isWhole: servers != nil) { item in
            // Why something failed may name servers of any of its accounts.
            context.access.view.covers(all: item.accounts)
        }
    }
}

extension Campaign.Wish {
    fileprivate init(_ body: CampaignBody, id: Campaign.ID, by person: String) {
        self.init(
            campaignId: id,
            campaignName: body.campaignName,
            reason: body.reason ?? "",
            plans: body.planIds,
            rules: Campaign.Rules(
                mostAtOnce: body.maxConcurrent ?? Limits.defaultDrillsAtOnce,
                mostPerAccount: body.maxConcurrentPerAccount,
                stopAfterFailures: body.stopAfterFailures,
                patienceMinutes: body.patienceMinutes ?? Limits.defaultPatienceMinutes
            ),
            cleanUpAfterHours: body.cleanUpAfterHours,
            person: person
        )
    }
}
