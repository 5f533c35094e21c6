internal import Ambient
internal import Conductor
internal import Contract
internal import PostgreSQL
internal import Recovery
internal import Store

extension Resources {
    func bindInventory(to calls: inout Bindings) {
        calls.answer(ListSourceServers.self) { call, context in try await list(call, context) }
        calls.answer(RefreshSourceServers.self) { call, context in try await refresh(call.body, context) }
        calls.answer(ListQuotas.self) { call, context in try await list(call, context) }
        calls.answer(ListRegions.self) { call, context in try await list(call, context) }
    }

    private func list(_ call: ListSourceServers, _ context: CallContext) async throws -> Page<SourceServerView> {
        let sort = call.sort.flatMap(SourceServer.Sort.init) ?? .number
        let paging = try Paging(call.limit, call.nextToken, order: "source servers \(sort.rawValue)", keys: 2)
        let last = try paging.nameAndIdentifier { SourceServerID(rawValue: $0) }
        let filter = SourceServer.Filter(
            serverId: call.sourceServerId,
            region: call.region,
            accountId: call.accountId,
            isAssigned: call.assignment.map { $0 == .assigned },
            replicationState: call.state,
            text: call.q,
            groupId: call.groupId,
            scope: context.scope
        )
        let servers = try await pool.run(
            SourceServer.list(
                filter,
                sort: sort,
                after: last.map { (hostname: $0.0, id: $0.1) },
                limit: paging.limit
            )
        )
        return paging.page(of: servers) { [$0.hostname, $0.sourceServerId.rawValue] }
    }

    private func refresh(_ body: RefreshSourceServers.Body, _ context: CallContext) async throws -> InventoryRefresh {
        if let account = body.accountId {
            let isKnown = try await pool.first(Account.find(account)) != nil
            guard context.access.view.covers(account), isKnown else {
                throw Refusal(.unknownAccount, "No account \(account) is registered.")
            }
        }
        let places = try await pool.run(
            SyncedPlace.all(
                accountId: body.accountId,
                region: body.region,
                scope: context.scope,
                at: context.ambient.now
            )
        )
        var asked: Set<Place> = []
        for account in Set(places.map(\.place.accountId)).sorted() {
            asked.formUnion(try await conductor.synchronise(account, in: body.region))
        }
        context.audit("Inventory", body.accountId?.rawValue ?? "all", accounts: Set(asked.map(\.accountId)).sorted())
        return InventoryRefresh(
            items: places.map {
                InventoryRefresh.Place(
                    accountId: $0.place.accountId,
                    region: $0.place.region,
                    state: asked.contains($0.place) ? .requested : .noSpoke,
                    syncedAt: $0.syncedAt
                )
            }
        )
    }

    private func list(_ call: ListQuotas, _ context: CallContext) async throws -> Page<QuotaUse> {
        let paging = try Paging(call.limit, call.nextToken, order: "quotas", keys: 2)
        let account = try paging.key(0) { AccountNumber(rawValue: $0) }
        let region = try paging.key(1) { Region(rawValue: $0) }
        var last: Place?
        if let account, let region { last = Place(accountId: account, region: region) }
        let uses = try await pool.run(
            SourceServer.quotas(
                accountId: call.accountId,
                region: call.region,
                scope: context.scope,
                after: last,
                limit: paging.limit
            )
        )
        return paging.page(of: uses) { [$0.accountId.rawValue, $0.region.rawValue] }
    }

    /// Every Region with DRS, and what is known of it in the accounts that may be seen.
    private func list(_ call: ListRegions, _ context: CallContext) async throws -> Page<RegionView> {
        let paging = try Paging(call.limit, call.nextToken, order: "regions", keys: 1)
        let after = try paging.key(0) { Region(rawValue: $0) }
        let places = try await pool.run(
            SyncedPlace.all(accountId: nil, region: nil, scope: context.scope, at: context.ambient.now)
        )
        let states = Dictionary(grouping: places, by: \.place.region)
        let regions = Set(Region.withDRS).union(states.keys).sorted().filter { region in
            after.map { region > $0 } ?? true
        }
        return paging.page(of: Array(regions.prefix(paging.limit))) { region in
            RegionView(
                region: region,
                accounts: (states[region] ?? []).map {
                    RegionView.AccountState(
                        accountId: $0.place.accountId,
                        initialized: $0.isInitialized,
                        syncedAt: $0.syncedAt
                    )
                }
            )
        } keys: {
            [$0.rawValue]
        }
    }
}
