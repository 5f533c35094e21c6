internal import Ambient
internal import Contract
internal import PostgreSQL
internal import Recovery
internal import Store

extension Resources {
    func bindRecoveryPlans(to calls: inout Bindings) {
        calls.answer(ListRecoveryPlans.self) { call, context in try await list(call, context) }
        calls.answer(CreateRecoveryPlan.self) { call, context in try await create(call.body, context) }
        calls.answer(GetRecoveryPlan.self, finding: findPlan) { call, context in try await show(call.planId, context) }
        calls.answer(UpdateRecoveryPlan.self, finding: findPlanToChange) { call, context in
            try await replace(call.planId, by: call.body, context)
        }
        calls.answer(DeleteRecoveryPlan.self, finding: findPlanToChange) { call, context in
            try await remove(call.planId, context)
        }
        calls.answer(ValidateRecoveryPlan.self, finding: findPlan) { call, context in
            try await validate(call.planId, context)
        }
        bindRecoveryPlanVersions(to: &calls)
    }

    @Sendable func findPlan(_ path: Bindings.PathValues, _ context: CallContext) async throws {
        let accounts = try await pool.first(RecoveryPlan.accounts(of: path.value("planId")))
        guard let accounts, context.access.view.shows(accounts) else { throw Problem.notFound("recovery plan") }
    }

    @Sendable func findPlanToChange(_ path: Bindings.PathValues, _ context: CallContext) async throws {
        guard let accounts = try await pool.first(RecoveryPlan.accounts(of: path.value("planId"))) else {
            throw Problem.notFound("recovery plan")
        }
        try context.require(accounts, of: "recovery plan")
    }

    func show(_ id: RecoveryPlan.ID, _ context: CallContext) async throws -> RecoveryPlanView {
        guard let standing = try await pool.first(RecoveryPlan.find(id, within: context.scope)) else {
            throw Problem.notFound("recovery plan")
        }
        let view = RecoveryPlanView(standing, within: context.scope, at: context.ambient.now)
        return try await shown([view], to: context).first ?? view
    }

    private func list(_ call: ListRecoveryPlans, _ context: CallContext) async throws -> Page<RecoveryPlanView> {
        let sort = call.sort.flatMap(RecoveryPlan.Sort.init) ?? .newest
        let paging = try Paging(call.limit, call.nextToken, order: "recovery plans \(sort.rawValue)", keys: 2)
        let last = try paging.nameAndIdentifier { RecoveryPlan.ID($0) }
        let filter = RecoveryPlan.Filter(
            accountId: call.accountId,
            groupId: call.groupId,
            text: call.q,
            readiness: call.readiness,
            scope: context.scope
        )
        let plans = try await pool.run(
            RecoveryPlan.list(
                filter,
                sort: sort,
                after: last.map { (name: $0.0, id: $0.1) },
                limit: paging.limit
            )
        )
        let now = context.ambient.now
        var page = paging.page(of: plans) {
            RecoveryPlanView($0, within: context.scope, at: now)
        } keys: {
            [$0.plan.planName, $0.plan.planId.description]
        }
        page.items = try await shown(page.items, to: context)
        return page
    }

    func create(_ body: RecoveryPlanBody, _ context: CallContext) async throws -> RecoveryPlanView {
        let plan = RecoveryPlan(body, id: context.identifier(), by: context.caller, at: context.ambient.now)
        if !context.isMade {
            _ = try await plan.create(
                through: pool,
                within: context.scope,
                reaching: context.reach,
                asWritten: body.waves.map { Wave($0) },
                as: context.deed
            )
        }
        return try await show(plan.planId, context)
    }

    private func replace(
        _ id: RecoveryPlan.ID,
        by body: RecoveryPlanBody,
        _ context: CallContext
    ) async throws -> RecoveryPlanView {
        let plan = RecoveryPlan(body, id: id, by: context.caller, at: context.ambient.now)
        let replaced = try await plan.replace(
            through: pool,
            within: context.scope,
            reaching: context.reach,
            asWritten: body.waves.map { Wave($0) },
            by: context.caller.name,
            as: context.deed,
            checking: context.precondition.check
        )
        guard replaced != nil else { throw Problem.notFound("recovery plan") }
        return try await show(id, context)
    }

    private func remove(_ id: RecoveryPlan.ID, _ context: CallContext) async throws -> NoContent {
        let removed = try await RecoveryPlan.remove(
            id,
            through: pool,
            within: context.scope,
            reaching: context.reach,
            as: context.deed,
            checking: context.precondition.check
        )
        guard removed != nil else { throw Problem.notFound("recovery plan") }
        return NoContent()
    }
}

extension RecoveryPlan {
    /// The plan of a body, its waves in the order of their numbers.
    fileprivate init(_ body: RecoveryPlanBody, id: ID, by caller: Caller, at now: Instant) {
        self.init(
            planId: id,
            planName: body.planName,
            description: body.description ?? "",
            ordering: body.ordering ?? .sequential,
            recoveryTimeObjectiveMinutes: body.recoveryTimeObjectiveMinutes,
            recoveryPointObjectiveSeconds: body.recoveryPointObjectiveSeconds,
            owner: body.owner,
            application: body.application,
            waves: body.waves.map { Wave($0) }.sorted { $0.waveNumber < $1.waveNumber },
            createdDate: now,
            lastModifiedDate: now,
            createdBy: caller.name,
            revision: 1
        )
    }
}

extension RecoveryPlanView {
    fileprivate init(_ standing: RecoveryPlanStanding, within scope: [AccountNumber]?, at now: Instant) {
        let plan = standing.plan
        self.init(
            planId: plan.planId,
            planName: plan.planName,
            description: plan.description,
            ordering: plan.ordering,
            recoveryTimeObjectiveMinutes: plan.recoveryTimeObjectiveMinutes,
            recoveryPointObjectiveSeconds: plan.recoveryPointObjectiveSeconds,
            owner: plan.owner,
            application: plan.application,
            waves: plan.waves.map { WaveView($0) },
            totalWaves: plan.waves.count,
            totalServers: standing.totalServers,
            readiness: PlanReadiness(standing.readiness, checkedAt: standing.checkedAt, within: scope),
            hasServerConflict: standing.conflict != nil,
            conflictInfo: standing.conflict,
            latestExecution: standing.latestExecution,
            lastDrillAt: standing.lastDrillAt,
            drillDue: RecoveryPlan.isDrillDue(lastDrillAt: standing.lastDrillAt, at: now),
            createdDate: plan.createdDate,
            lastModifiedDate: plan.lastModifiedDate,
            createdBy: plan.createdBy,
            revision: plan.revision
        )
    }
}
