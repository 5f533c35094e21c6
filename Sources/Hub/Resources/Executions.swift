internal import Ambient
internal import Audit
package import Conductor
internal import Contract
package import PostgreSQL
internal import Recovery
internal import Store

/// What the calls about executions do.
package struct Executions: Sendable {
    let conductor: Conductor
    let pool: Pool
    let gate: Gate
    let authority: Authority
    let capacity: Capacity

    package init(conductor: Conductor, pool: Pool, gate: Gate, authority: Authority, capacity: Capacity) {
        self.capacity = capacity
        self.conductor = conductor
        self.pool = pool
        self.gate = gate
        self.authority = authority
    }

    /// Binds them all.
    package func bind(_ calls: inout Bindings) {
        calls.answer(StartExecution.self) { call, context in try await start(call.body, context) }
        calls.answer(ListExecutions.self) { call, context in try await list(call, context) }
        calls.answer(GetExecution.self, finding: canSee) { call, context in try await show(call.executionId, context) }
        calls.answer(HideExecutions.self) { call, context in try await hide(call, context) }
        calls.answer(ListJobLogs.self, finding: canSee) { call, context in try await jobLog(call, context) }
        calls.answer(
            ListExecutionEvents.self,
            finding: canSee,
            streaming: { call, context in try await stream(call, context) }
        ) { call, context in try await events(call, context) }
        bindActions(&calls)
    }

    private func bindActions(_ calls: inout Bindings) {
        calls.answer(CancelExecution.self, finding: canSteer) { call, context in
            try await steer(call.executionId, .cancel, context) { .cancelRequested(by: $0, comment: nil) }
        }
        calls.answer(PauseExecution.self, finding: canSteer) { call, context in
            let mode = call.body.mode ?? .nextWave
            return try await steer(call.executionId, .pause(mode), context) { .pauseRequested(mode, by: $0) }
        }
        calls.answer(ResumeExecution.self, finding: canSteer) { call, context in
            let (wave, comment) = (call.body.waveNumber, call.body.comment)
            return try await steer(call.executionId, .resume(wave: wave), context) {
                .resumed(wave: wave, by: $0, comment: comment)
            }
        }
        calls.answer(ApproveWave.self, finding: canSteer) { call, context in
            try await requireApprover(of: call.waveNumber, in: call.executionId, context)
            let name = context.caller.name
            return try await steer(call.executionId, .approve(wave: call.waveNumber, by: name), context) {
                .approved(wave: call.waveNumber, by: $0, comment: call.body.comment)
            }
        }
        calls.answer(DeclineWave.self, finding: canSteer) { call, context in
            try await requireApprover(of: call.waveNumber, in: call.executionId, context)
            return try await steer(call.executionId, .decline(wave: call.waveNumber), context) {
                .declined(wave: call.waveNumber, by: $0, comment: call.body.comment)
            }
        }
        bindRepairs(&calls)
        WallLinks(pool: pool).bind(to: &calls, finding: canSteer)
        calls.answer(TerminateExecutionInstances.self, finding: canSteer) { call, context in
            try await terminate(call, context)
        }
    }

    /// The execution is there and some of its accounts are in the caller's scope.
    @Sendable private func canSee(_ path: Bindings.PathValues, _ context: CallContext) async throws {
        let id = try path.value("executionId", as: Execution.ID.self)
        guard let standing = try await pool.first(ExecutionListStatements.standing(id)),
            context.access.view.shows(standing.accounts)
        else { throw Problem.notFound("execution") }
    }

    /// All of its accounts are.
    @Sendable func canSteer(_ path: Bindings.PathValues, _ context: CallContext) async throws {
        let id = try path.value("executionId", as: Execution.ID.self)
        guard let standing = try await pool.first(ExecutionListStatements.standing(id)) else {
            throw Problem.notFound("execution")
        }
        try context.require(standing.accounts, of: "execution")
    }

    private func steer(
        _ id: Execution.ID,
        _ request: Execution.Request,
        _ context: CallContext,
        _ event: (String) -> Execution.Event
    ) async throws -> ExecutionView {
        if context.isMade { return try await show(id, context) }
        _ = try await conductor.steer(
            id,
            request,
            event(context.caller.name),
            as: context.deed,
            saying: context.exchange.parameters["waveNumber"].map { "wave \($0)" }
        )
        return try await show(id, context)
    }

    /// Hides what lies wholly in the caller's reach; journal, audit and final reports stay.
    private func hide(_ call: HideExecutions, _ context: CallContext) async throws -> HiddenExecutions {
        let now = context.ambient.now
        let end = call.olderThan ?? now
        let hide = ExecutionListStatements.hide(endedBefore: end, within: context.reach.limit, at: now)
        return try await pool.transaction { transaction in
            let count = try await transaction.execute(hide)
            let event = context.deed.done(
                to: "Executions",
                "ended before \(end)",
                accounts: context.reach.limit ?? [],
                detail: "\(count) hidden"
            )
            try await transaction.execute(event.insert)
            return HiddenExecutions(deleted: count)
        }
    }

    private func requireApprover(of wave: Int, in id: Execution.ID, _ context: CallContext) async throws {
        guard let execution = try await conductor.execution(id), execution.plan.waves.indices.contains(wave),
            let rule = execution.plan.waves[wave].approvals, !rule.groups.isEmpty,
            Set(rule.groups).isDisjoint(with: context.caller.groups)
        else { return }
        throw Problem(
            .permissionMissing,
            "Wave \(wave) is approved by members of \(rule.groups.joined(separator: ", ")) only."
        )
    }

    private func terminate(
        _ call: TerminateExecutionInstances,
        _ context: CallContext
    ) async throws -> ExecutionView {
        if context.isMade { return try await show(call.executionId, context) }
        guard let execution = try await conductor.execution(call.executionId) else {
            throw Problem.notFound("execution")
        }
        if let refusal = execution.refusal(of: .terminate) { throw refusal }
        if execution.type == .recovery, call.body.confirm != execution.plan.planName {
            throw Refusal(
                .confirmationMissing,
                "These are the instances of a recovery: confirm with the plan's name.",
                .pointers([.init("/confirm", "must be the plan's name, \(execution.plan.planName)")])
            )
        }
        return try await steer(call.executionId, .terminate, context) { .terminationRequested(by: $0) }
    }
}
