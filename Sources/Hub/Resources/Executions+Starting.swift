internal import Ambient
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
        if body.cleanUpAfterHours != nil, body.executionType != .drill {
            throw Refusal(
                .ruleBroken,
                "What a RECOVERY launched is never terminated by itself.",
                .pointers([.init("/cleanUpAfterHours", "must be left out for a RECOVERY")])
            )
        }
        if let intent = context.intent, intent.wasMade { return try await show(intent.identifier(), context) }
        let execution = try await conductor.start(as: context.intent?.identifier()) { transaction in
            StartOrder(
                plan: try await freeze(body.planId, for: context, in: transaction),
                type: body.executionType,
                reason: body.reason,
                declaredAt: body.declaredAt,
                cancelsDrills: body.cancelDrills ?? false,
                person: context.caller.name,
                reach: context.access.scope(of: .manageExecution).union(context.reach),
                cleanUpAfter: body.cleanUpAfterHours.map { .seconds($0 * 3600) },
                as: context.deed
            )
        }
        return ExecutionView(execution, waiting: [:], at: context.ambient.now, version: 1)
    }

    /// The plan with every choice made, as the groups and the inventory are now.
    private func freeze(
        _ id: RecoveryPlan.ID,
        for context: CallContext,
        in transaction: Transaction
    ) async throws -> FrozenPlan {
        let gathered = try await RecoveryPlan.gather(id, within: context.scope, in: transaction, locking: true)
        guard let gathered else { throw Problem.notFound("recovery plan") }
        try context.require(gathered.accounts, of: "recovery plan")
        return try gathered.frozen()
    }
}
