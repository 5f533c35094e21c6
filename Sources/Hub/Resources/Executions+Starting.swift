internal import Conductor
internal import Contract
internal import PostgreSQL
internal import Recovery
internal import Store

extension Executions {
    /// Freezes the plan and starts it, in one transaction.
    func start(_ body: StartExecution.Body, _ context: CallContext) async throws -> ExecutionView {
        if body.cancelDrills == true, body.executionType != .recovery {
            throw Refusal(
                .ruleBroken,
                "Only a RECOVERY may cancel drills.",
                .pointers([.init("/cancelDrills", "must be false for a DRILL")])
            )
        }
        let execution = try await conductor.start { transaction in
            StartOrder(
                plan: try await freeze(body.planId, for: context.caller, in: transaction),
                type: body.executionType,
                reason: body.reason,
                declaredAt: body.declaredAt,
                cancelsDrills: body.cancelDrills ?? false,
                person: context.caller.name
            )
        }
        let accounts = Set(execution.plan.places.map(\.accountId)).sorted()
        context.audit("execution", execution.id, accounts: accounts, detail: body.executionType.rawValue)
        return ExecutionView(execution, waiting: [], at: context.ambient.now, version: 1)
    }

    /// The plan with every choice made, as the groups and the inventory are now.
    private func freeze(
        _ id: RecoveryPlan.ID,
        for caller: Caller,
        in transaction: Transaction
    ) async throws -> FrozenPlan {
        guard try await transaction.first(StartStatements.hold(id)) != nil,
            let plan = try await transaction.first(RecoveryPlan.find(id, within: caller.scope.limit))?.plan
        else { throw Problem.notFound("recovery plan") }
        let named = Set(plan.waves.flatMap(\.protectionGroupIds)).sorted()
        _ = try await transaction.run(StartStatements.holdGroups(named))
        let groups = try await transaction.run(StartStatements.memberships(named))
        let accounts = Set(groups.map(\.place.accountId)).sorted()
        try caller.scope.require(accounts, of: "recovery plan")
        let members = Dictionary(groups.map { ($0.groupId, $0) }, uniquingKeysWith: { first, _ in first })
        let servers = Set(plan.waves.flatMap { $0.members(of: members) }).sorted()
        let inventory = try await transaction.run(StartStatements.inventory(servers))
        let quotas = try await transaction.run(StartStatements.quotas(of: accounts))
        return try plan.frozen(
            groups: members,
            inventory: Dictionary(inventory.map { ($0.sourceServerId, $0) }, uniquingKeysWith: { first, _ in first }),
            serversPerJob: Dictionary(
                quotas.map { ($0.place, $0.quotas.serversPerJob) },
                uniquingKeysWith: { first, _ in first }
            )
        )
    }
}
