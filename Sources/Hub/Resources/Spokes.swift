internal import Ambient
internal import Audit
internal import Contract
internal import JSON
internal import PostgreSQL
internal import Recovery
internal import Store

extension Resources {
    func bindSpokes(to calls: inout Bindings) {
        calls.answer(ListSpokes.self) { call, context in try await list(call, context) }
        calls.answer(GetSpoke.self, finding: findSpoke) { call, context in
            try await spoke(call.spokeId, context).shown(to: context)
        }
        calls.answer(DrainSpoke.self, finding: findSpokeToDrain) { call, context in
            try await drain(call.spokeId, context)
        }
    }

    private func findSpoke(_ path: Bindings.PathValues, _ context: CallContext) async throws {
        _ = try await spoke(path.value("spokeId"), context)
    }

    private func findSpokeToDrain(_ path: Bindings.PathValues, _ context: CallContext) async throws {
        let accounts = try await spoke(path.value("spokeId"), context).accounts.map(\.accountId)
        try context.require(accounts, of: "spoke")
    }

    private func spoke(_ id: Identifier<Spoke>, _ context: CallContext) async throws -> SpokeView {
        guard let spoke = try await pool.first(Spoke.find(id, within: context.scope, at: context.ambient.now)) else {
            throw Problem.notFound("spoke")
        }
        return spoke
    }

    private func list(_ call: ListSpokes, _ context: CallContext) async throws -> Page<SpokeView> {
        let paging = try Paging(call.limit, call.nextToken, order: "spokes", keys: 2)
        let last = try paging.nameAndIdentifier { Identifier<Spoke>($0) }
        let spokes = try await pool.run(
            Spoke.list(
                account: call.accountId,
                state: call.state,
                scope: context.scope,
                after: last.map { (name: $0.0, id: $0.1) },
                limit: paging.limit,
                at: context.ambient.now
            )
        )
        return paging.page(of: spokes) {
            $0.shown(to: context)
        } keys: {
            [$0.name, $0.spokeId.description]
        }
    }

    private func drain(_ id: Identifier<Spoke>, _ context: CallContext) async throws -> SpokeView {
        let accounts = try await spoke(id, context).accounts.map(\.accountId)
        try context.require(accounts, of: "spoke")
        if !context.isMade {
            try await pool.transaction { transaction in
                try await transaction.execute([
                    Spoke.drain(id),
                    context.deed.done(to: "Spoke", id, accounts: accounts, after: ["draining": true]).insert,
                ])
            }
        }
        return try await spoke(id, context).shown(to: context)
    }
}

extension SpokeView {
    /// The accounts outside the caller's scope are counted only.
    fileprivate func shown(to context: CallContext) -> SpokeView {
        var shown = self
        shown.accounts = accounts.filter { context.access.view.covers($0.accountId) }
        shown.accountsOutsideScope = accounts.count - shown.accounts.count
        return shown
    }
}
