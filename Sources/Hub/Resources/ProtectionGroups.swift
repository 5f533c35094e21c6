internal import Ambient
internal import Conductor
internal import Contract
internal import PostgreSQL
internal import Recovery
internal import Store

extension Resources {
    func bindProtectionGroups(to calls: inout Bindings) {
        calls.answer(ListProtectionGroups.self) { call, context in try await list(call, context) }
        calls.answer(CreateProtectionGroup.self) { call, context in try await create(call.body, context) }
        calls.answer(GetProtectionGroup.self, finding: findGroup) { call, context in
            try await show(call.groupId, context)
        }
        calls.answer(UpdateProtectionGroup.self, finding: findGroupToChange) { call, context in
            try await replace(call.groupId, by: call.body, context)
        }
        calls.answer(DeleteProtectionGroup.self, finding: findGroupToChange) { call, context in
            try await remove(call.groupId, context)
        }
        calls.answer(ResolveSelection.self) { call, context in try await resolve(call.body, context) }
    }

    private func findGroup(_ path: Bindings.PathValues, _ context: CallContext) async throws {
        guard try await pool.first(ProtectionGroup.find(path.value("groupId"), within: context.scope)) != nil else {
            throw Problem.notFound("protection group")
        }
    }

    private func findGroupToChange(_ path: Bindings.PathValues, _ context: CallContext) async throws {
        let group = try await pool.first(ProtectionGroup.find(path.value("groupId"), within: context.scope))
        guard let group else { throw Problem.notFound("protection group") }
        try context.require([group.accountId], of: "protection group")
    }

    /// The group with its servers.
    private func show(_ id: ProtectionGroup.ID, _ context: CallContext) async throws -> ProtectionGroupView {
        guard var group = try await pool.first(ProtectionGroup.find(id, within: context.scope)) else {
            throw Problem.notFound("protection group")
        }
        group.servers = try await pool.run(SourceServer.members(of: [id]))
        return group
    }

    private func list(_ call: ListProtectionGroups, _ context: CallContext) async throws -> Page<ProtectionGroupView> {
        let sort = call.sort.flatMap(ProtectionGroup.Sort.init) ?? .newest
        let paging = try Paging(call.limit, call.nextToken, order: "protection groups \(sort.rawValue)", keys: 2)
        let last = try paging.nameAndIdentifier { ProtectionGroup.ID($0) }
        let filter = ProtectionGroup.Filter(
            accountId: call.accountId,
            region: call.region,
            planId: call.planId,
            text: call.q,
            scope: context.scope
        )
        var groups = try await pool.run(
            ProtectionGroup.list(
                filter,
                sort: sort,
                after: last.map { (name: $0.0, id: $0.1) },
                limit: paging.limit
            )
        )
        if call.include != nil {
            let servers = try await pool.run(SourceServer.members(of: groups.map(\.groupId)))
            let members = Dictionary(grouping: servers, by: \.groupId)
            for index in groups.indices { groups[index].servers = members[groups[index].groupId] ?? [] }
        }
        return paging.page(of: groups) { [$0.groupName, $0.groupId.description] }
    }

    private func create(_ body: ProtectionGroupBody, _ context: CallContext) async throws -> ProtectionGroupView {
        try requireScope(of: body, context)
        let group = ProtectionGroup(body, id: context.identifier(), by: context.caller, at: context.ambient.now)
        if !context.isMade {
            try await lookingUp(in: group.place) { try await group.create(through: pool, as: context.deed) }
        }
        return try await show(group.groupId, context)
    }

    private func replace(
        _ id: ProtectionGroup.ID,
        by body: ProtectionGroupBody,
        _ context: CallContext
    ) async throws -> ProtectionGroupView {
        try requireScope(of: body, context)
        let group = ProtectionGroup(body, id: id, by: context.caller, at: context.ambient.now)
        let revisions = try await lookingUp(in: group.place) {
            try await group.replace(
                through: pool,
                within: context.reach.limit,
                as: context.deed,
                checking: context.precondition.check
            )
        }
        guard revisions != nil else { throw Problem.notFound("protection group") }
        return try await show(id, context)
    }

    private func remove(_ id: ProtectionGroup.ID, _ context: CallContext) async throws -> NoContent {
        let removed = try await ProtectionGroup.remove(
            id,
            through: pool,
            within: context.reach.limit,
            as: context.deed,
            at: context.ambient.now,
            checking: context.precondition.check
        )
        guard removed != nil else { throw Problem.notFound("protection group") }
        return NoContent()
    }

    private func requireScope(of body: ProtectionGroupBody, _ context: CallContext) throws {
        try context.requireReach(of: body.accountId)
    }

    /// Makes a change; where the inventory does not know servers, has a spoke look for them at DRS and tries once more.
    private func lookingUp<Result>(in place: Place, _ change: () async throws -> Result) async throws -> Result {
        do {
            return try await change()
        } catch let unknown as UnknownServers {
            guard try await conductor.lookUp(unknown.servers, in: place) else {
                throw Refusal(
                    .unknownServer,
                    "The inventory of \(place) does not know all servers, and nobody could be asked: no spoke answered.",
                    .servers(unknown.servers)
                )
            }
        }
        do {
            return try await change()
        } catch let unknown as UnknownServers {
            throw Refusal(.unknownServer, "DRS does not know these servers in \(place).", .servers(unknown.servers))
        }
    }

    private func resolve(_ body: ResolveSelection.Body, _ context: CallContext) async throws -> ResolvedSelection {
        let place = Place(accountId: body.accountId, region: body.region)
        if let refusal = GroupRules(place: place, servers: [], tags: body.serverSelectionTags).refusal { throw refusal }
        let isKnown = try await pool.first(Account.find(place.accountId)) != nil
        guard context.access.view.covers(place.accountId), isKnown else {
            throw Refusal(.unknownAccount, "No account \(place.accountId) is registered.")
        }
        let servers = try await pool.run(SourceServer.picked(by: body.serverSelectionTags, in: place))
        let conflicts = servers.compactMap { server -> ServerHolder? in
            guard let group = server.groupId, let name = server.groupName else { return nil }
            return ServerHolder(serverId: server.sourceServerId, groupId: group, groupName: name)
        }
        return ResolvedSelection(servers: servers, conflicts: conflicts)
    }
}

extension ProtectionGroup {
    fileprivate init(_ body: ProtectionGroupBody, id: ID, by caller: Caller, at now: Instant) {
        self.init(
            groupId: id,
            groupName: body.groupName,
            description: body.description ?? "",
            place: Place(accountId: body.accountId, region: body.region),
            sourceServerIds: body.sourceServerIds ?? [],
            serverSelectionTags: body.serverSelectionTags ?? [:],
            createdDate: now,
            lastModifiedDate: now,
            createdBy: caller.name,
            revision: 1
        )
    }
}
