internal import Ambient
internal import Contract
internal import JSON
internal import PostgreSQL
internal import Recovery
internal import Store

extension Conductor {
    /// Writes one effect into the tables, from which alone it is performed.
    ///
    /// Statements whose answer nobody needs are collected in `later` and sent in one go; those that decide something
    /// (which commands could be taken back) run at once, after what was collected before them.
    func perform(
        _ effect: Execution.Effect,
        of turn: inout Turn,
        later statements: inout [Statement],
        ready: inout Set<AccountNumber>,
        in transaction: Transaction
    ) async throws {
        let execution = turn.execution
        switch effect {
        case .launch(let key):
            guard let job = execution.jobs[key] else { return }
            statements.append(CommandStatements.insert(launch(job, of: execution), at: turn.now))
            turn.places.insert(job.place)
        case .rewrite(let key):
            guard let job = execution.jobs[key] else { return }
            statements.append(
                CommandStatements.rewrite(key.text, body: JSON(document: body(of: job, in: execution)).text)
            )
        case .hold(let keys):
            // The commands of this very turn must be there before they can be kept back.
            try await flush(&statements, in: transaction)
            let held = try await transaction.run(CommandStatements.hold(keys.map(\.text)))
            if !held.isEmpty { turn.receive(.held(held.map(JobKey.init))) }
        case .release(let keys):
            statements.append(CommandStatements.release(keys.map(\.text)))
            turn.places.formUnion(keys.compactMap { execution.jobs[$0]?.place })
        case .withdraw(let keys):
            // The commands of this very turn must be there before they can be taken back.
            try await flush(&statements, in: transaction)
            let taken = try await transaction.run(CommandStatements.withdraw(keys.map(\.text), at: turn.now))
            if !taken.isEmpty { turn.receive(.withdrawn(taken.map(JobKey.init))) }
        case .terminate(let order):
            statements.append(CommandStatements.insert(termination(order, of: execution), at: turn.now))
            ready.insert(order.place.accountId)
        case .startTimer(let timer):
            statements.append(TimerStatements.insert(timer, of: execution.id))
        case .releaseServers:
            statements.append(ClaimStatements.release(of: execution.id))
            statements.append(
                ClaimStatements.handOver(execution.servers.map(\.sourceServerId), from: execution.id)
            )
            statements.append(TimerStatements.drop(of: execution.id))
            statements.append(
                PlanReadinessStatements.recheck(having: execution.servers.map(\.sourceServerId), at: turn.now)
            )
            statements += lookAgain(in: execution.plan.places, at: turn.now)
            ready.formUnion(execution.plan.places.map(\.accountId))
        case .reclaimServers:
            try await claim(execution.servers.map(\.sourceServerId), for: execution.id, in: transaction)
        case .claimServers:
            // Servers that a later execution uses stay its own: what is terminated here are this one's instances.
            _ = try await transaction.run(
                ClaimStatements.claim(execution.servers.map(\.sourceServerId), for: execution.id)
            )
        }
    }

    private func flush(_ statements: inout [Statement], in transaction: Transaction) async throws {
        guard !statements.isEmpty else { return }
        try await transaction.execute(statements)
        statements = []
    }

    private func body(of job: Execution.JobRun, in execution: Execution) -> Launch {
        let pinned = Dictionary(
            execution.plan.waves[job.waveNumber].servers.map { ($0.sourceServerId, $0.recoverySnapshotId) },
            uniquingKeysWith: { first, _ in first }
        )
        return Launch(
            key: job.key.text,
            executionId: execution.id,
            waveNumber: job.waveNumber,
            isDrill: execution.type == .drill,
            servers: job.servers.map { id in
                let chosen = execution.server(id)?.recoveryPoint
                return Launch.Server(
                    sourceServerId: id,
                    recoverySnapshotId: chosen == nil ? pinned[id].flatMap { $0 } : chosen?.snapshot
                )
            },
            settleSeconds: 0
        )
    }

    private func launch(_ job: Execution.JobRun, of execution: Execution) -> CommandStatements.New {
        let body = body(of: job, in: execution)
        return CommandStatements.New(
            commandId: ambient.identifier(),
            key: job.key.text,
            kind: AgentCommand.Kind.launch.rawValue,
            place: job.place,
            executionId: execution.id,
            state: "QUEUED",
            isRecovery: execution.type == .recovery,
            serverCount: job.servers.count,
            body: JSON(document: body).text,
            trace: TraceContext.current
        )
    }

    private func termination(_ order: Execution.TerminationOrder, of execution: Execution) -> CommandStatements.New {
        let body = TerminateInstances(
            key: order.key,
            executionId: execution.id,
            jobIds: order.jobIds,
            servers: order.servers.map {
                TerminateInstances.Server(
                    sourceServerId: $0.sourceServerId,
                    recoveryInstanceId: $0.recoveryInstanceId
                )
            }
        )
        return CommandStatements.New(
            commandId: ambient.identifier(),
            key: order.key,
            kind: AgentCommand.Kind.terminateInstances.rawValue,
            place: order.place,
            executionId: execution.id,
            state: "READY",
            isRecovery: execution.type == .recovery,
            serverCount: order.servers.count,
            body: JSON(document: body).text,
            trace: TraceContext.current
        )
    }
}
