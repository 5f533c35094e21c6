internal import Ambient
package import Conductor
internal import Contract
package import PostgreSQL
internal import Recovery
internal import Store

/// What the calls about role bindings do.
package struct RoleBindings: Sendable {
    let pool: Pool
    let authority: Authority
    let hints: Hints

    package init(pool: Pool, authority: Authority, hints: Hints) {
        self.pool = pool
        self.authority = authority
        self.hints = hints
    }

    package func bind(to calls: inout Bindings) {
        calls.answer(ListRoleBindings.self) { call, context in try await list(call, context) }
        calls.answer(CreateRoleBinding.self) { call, context in try await create(call.body, context) }
        calls.answer(GetRoleBinding.self, finding: find) { call, context in
            RoleBindingView(try await binding(call.bindingId, context), for: context)
        }
        calls.answer(UpdateRoleBinding.self, finding: findToChange) { call, context in
            try await replace(call.bindingId, by: call.body, context)
        }
        calls.answer(DeleteRoleBinding.self, finding: findToChange) { call, context in
            try await remove(call.bindingId, context)
        }
    }

    @Sendable private func find(_ path: Bindings.PathValues, _ context: CallContext) async throws {
        _ = try await binding(path.value("bindingId"), context)
    }

    @Sendable private func findToChange(_ path: Bindings.PathValues, _ context: CallContext) async throws {
        try await find(path, context)
        try requireAll(context)
    }

    private func binding(_ id: RoleBinding.ID, _ context: CallContext) async throws -> RoleBinding {
        guard let binding = try await pool.first(RoleBinding.find(id, within: context.reach.limit)) else {
            throw Problem.notFound("role binding")
        }
        return binding
    }

    /// A binding changes what its name has everywhere: the first one for a group takes away what the group has by itself,
    /// the last one gives that back.
    private func requireAll(_ context: CallContext) throws {
        guard context.reach == .all else {
            throw Refusal(.outsideScope, "Who changes role bindings must manage all accounts.")
        }
    }

    /// Nobody locks themselves out: somebody would have to be let in by the host's break-glass code then.
    private func judge(_ context: CallContext) -> RoleBinding.Judgement {
        { bindings in
            let access = Access(of: context.caller.standing, under: bindings)
            guard access.scope(of: .manageAccounts) == .all else {
                throw Refusal(.administrationLost, "After this you would not manage all accounts any more.")
            }
        }
    }

    private func list(_ call: ListRoleBindings, _ context: CallContext) async throws -> Page<RoleBindingView> {
        let paging = try Paging(call.limit, call.nextToken, order: "role bindings", keys: 2)
        let last = try paging.nameAndIdentifier { RoleBinding.ID($0) }
        let filter = RoleBinding.Filter(kind: call.kind, role: call.role, text: call.q, scope: context.reach.limit)
        let bindings = try await pool.run(
            RoleBinding.list(filter, after: last.map { (name: $0.0, id: $0.1) }, limit: paging.limit)
        )
        return paging.page(of: bindings) {
            RoleBindingView($0, for: context)
        } keys: {
            [$0.name, $0.bindingId.description]
        }
    }

    private func create(_ body: RoleBindingBody, _ context: CallContext) async throws -> RoleBindingView {
        try requireAll(context)
        let id = context.identifier(for: RoleBinding.self)
        if context.isMade { return RoleBindingView(try await binding(id, context), for: context) }
        let binding = RoleBinding(body, id: id, by: context.caller, at: context.ambient.now)
        try await binding.create(through: pool, as: context.deed, judging: judge(context))
        tell()
        return RoleBindingView(binding, for: context)
    }

    private func replace(
        _ id: RoleBinding.ID,
        by body: RoleBindingBody,
        _ context: CallContext
    ) async throws -> RoleBindingView {
        let binding = try await RoleBinding(body, id: id, by: context.caller, at: context.ambient.now).replace(
            through: pool,
            as: context.deed,
            checking: context.precondition.check,
            judging: judge(context)
        )
        guard let binding else { throw Problem.notFound("role binding") }
        tell()
        return RoleBindingView(binding, for: context)
    }

    private func remove(_ id: RoleBinding.ID, _ context: CallContext) async throws -> NoContent {
        let removed = try await RoleBinding.remove(
            id,
            through: pool,
            as: context.deed,
            checking: context.precondition.check,
            judging: judge(context)
        )
        guard removed != nil else { throw Problem.notFound("role binding") }
        tell()
        return NoContent()
    }

    /// Here at once, so that it holds from the next request on; in the other replicas when the hint is there.
    private func tell() {
        authority.forget()
        hints.send(.bindings)
    }
}

extension RoleBinding {
    fileprivate init(_ body: RoleBindingBody, id: ID, by caller: Caller, at now: Instant) {
        self.init(
            bindingId: id,
            kind: body.kind,
            name: body.name,
            role: body.role,
            accounts: body.accountIds.map { Set($0).sorted() },
            description: body.description ?? "",
            createdDate: now,
            lastModifiedDate: now,
            createdBy: caller.name,
            revision: 1
        )
    }
}

extension RoleBindingView {
    /// The accounts outside the caller's scope are counted only.
    fileprivate init(_ binding: RoleBinding, for context: CallContext) {
        let shown = binding.accounts?.filter(context.reach.covers)
        self.init(
            bindingId: binding.bindingId,
            kind: binding.kind,
            name: binding.name,
            role: binding.role,
            accountIds: shown,
            accountsOutsideScope: (binding.accounts?.count ?? 0) - (shown?.count ?? 0),
            description: binding.description,
            createdDate: binding.createdDate,
            lastModifiedDate: binding.lastModifiedDate,
            createdBy: binding.createdBy,
            revision: binding.revision
        )
    }
}
