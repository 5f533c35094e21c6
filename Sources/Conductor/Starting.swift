package import Ambient
package import Audit
internal import JSON
internal import Logging
package import PostgreSQL
package import Recovery
internal import Store

/// What a person asks for when starting an execution.
package struct StartOrder: Sendable {
    package var plan: FrozenPlan
    package var type: ExecutionType
    package var reason: String?
    package var declaredAt: Instant?
    /// RECOVERY only: cancel conflicting drills that have nothing under way.
    package var cancelsDrills: Bool
    package var person: String
    /// Where the person may cancel drills: one that lies partly outside stays in the way.
    package var reach: AccountScope
    /// When its instances are terminated by themselves, counted from its start; nil: a person does it.
    package var cleanUpAfter: Duration?
    /// Who starts it, for the audit.
    package var deed: Deed?

    package init(
        plan: FrozenPlan,
        type: ExecutionType,
        reason: String?,
        declaredAt: Instant?,
        cancelsDrills: Bool,
        person: String,
        reach: AccountScope = .all,
        cleanUpAfter: Duration? = nil,
        as deed: Deed? = nil
    ) {
        self.plan = plan
        self.type = type
        self.reason = reason
        self.declaredAt = declaredAt
        self.cancelsDrills = cancelsDrills
        self.person = person
        self.reach = reach
        self.cleanUpAfter = cleanUpAfter
        self.deed = deed
    }
}

extension Conductor {
    /// Starts an execution: claims its servers, freezes it and writes its first commands in one transaction.
    ///
    /// - Parameters:
    ///   - id: the identifier it is to have, where it was chosen before; with it, who does not know whether an earlier
    ///     attempt was committed can look.
    ///   - order: makes the frozen plan inside the transaction, so that what it read cannot change meanwhile.
    /// - Returns: the execution as it was committed.
    /// - Throws: `Refusal` SERVER_CONFLICT naming everything that uses the plan's servers; then nothing has changed.
    package func start(
        as id: Execution.ID? = nil,
        _ order: @Sendable (Transaction) async throws -> StartOrder
    ) async throws -> Execution {
        let id = id ?? ambient.identifier()
        let (committed, cancelled) = try await pool.transaction { transaction in
            let order = try await order(transaction)
            let cancelled = try await clearDrills(for: order, at: ambient.now, in: transaction)
            try await claim(order.plan.servers.map(\.sourceServerId), for: id, in: transaction)
            // Whoever had the servers has ended by now, so that the journals' times say so too.
            let now = ambient.now
            let (execution, outcome) = Execution.begin(
                order.plan,
                id: id,
                type: order.type,
                reason: order.reason,
                by: order.person,
                declaredAt: order.declaredAt,
                cleanUpAfter: order.cleanUpAfter,
                at: now
            )
            var turn = Turn(beginning: execution, outcome, at: now)
            var ready = try await write(&turn, after: .empty, isNew: true, in: transaction)
            try await transaction.execute(
                PlanReadinessStatements.recheck(having: execution.servers.map(\.sourceServerId), at: now)
            )
            try await transaction.execute(BaselineStatements.take(turn.execution, at: now))
            ready.formUnion(try await admit(turn, in: transaction))
            try await transaction.execute(record(order, turn.execution, cancelling: cancelled))
            let mark = try await transaction.first(ExecutionStatements.lock(id))?.mark
            let committed = Committed(execution: turn.execution, mark: mark, ready: ready, hasChanged: true)
            return (committed, cancelled)
        }
        for other in cancelled { settle(other) }
        settle(committed)
        logger.info(
            "execution started",
            metadata: ["execution": "\(id)", "plan": "\(committed.execution.plan.planId)"]
        )
        return committed.execution
    }

    /// Claims every server of every wave, or says who uses them; waits for starts and ends that are under way.
    func claim(_ servers: [SourceServerID], for id: Execution.ID, in transaction: Transaction) async throws {
        let claimed = try await transaction.run(ClaimStatements.claim(servers, for: id))
        let conflicts = try await conflicts(
            over: servers,
            except: id,
            isClaimed: claimed.count == servers.count,
            in: transaction
        )
        guard claimed.count == servers.count, conflicts.isEmpty else {
            throw Refusal(
                .serverConflict,
                "Servers of this plan are in use: \(conflicts.map(\.description).joined(separator: ", ")).",
                .conflicts(conflicts)
            )
        }
    }

    /// Everything that uses any of the servers now.
    package func conflicts(
        over servers: [SourceServerID],
        except id: Execution.ID? = nil,
        isClaimed: Bool = false,
        in runner: some Runner
    ) async throws -> [Conflict] {
        let holders = isClaimed ? [] : try await runner.run(ClaimStatements.holders(of: servers, except: id))
        let natives = try await runner.run(NativeExecutionStatements.conflicts(with: servers))
        let jobs = try await runner.run(ClaimStatements.foreignJobs(with: servers))
        return holders.map { id, status, _, held in
            Conflict(
                kind: .execution,
                id: id.description,
                status: status,
                serverIds: held.compactMap(SourceServerID.init)
            )
        }
            + natives
            + jobs.map { id, status, held in
                Conflict(kind: .drsJob, id: id, status: status, serverIds: held.compactMap(SourceServerID.init))
            }
    }

    /// Cancels forgotten drills that stand in the way of a recovery, in the recovery's own transaction.
    private func clearDrills(
        for order: StartOrder,
        at now: Instant,
        in transaction: Transaction
    ) async throws -> [Committed] {
        guard order.cancelsDrills, order.type == .recovery else { return [] }
        let servers = order.plan.servers.map(\.sourceServerId)
        var cancelled: [Committed] = []
        for (id, _, type, _) in try await transaction.run(ClaimStatements.holders(of: servers, except: nil))
        where type == ExecutionType.drill.rawValue {
            guard let lock = try await transaction.first(ExecutionStatements.lock(id)),
                try await transaction.first(ClaimStatements.hasWorkUnderWay(id)) == false,
                let drill = try await Self.load(id, from: transaction),
                order.reach.covers(all: drill.plan.places.map(\.accountId))
            else { continue }
            var turn = Turn(drill, at: now)
            turn.receive(.cancelRequested(by: order.person, comment: "A recovery needs its servers."))
            let head = JournalHead(sequence: lock.journalSequence, hash: lock.journalHead)
            let ready = try await write(&turn, after: head, isNew: false, in: transaction)
            cancelled.append(
                Committed(
                    execution: turn.execution,
                    mark: lock.mark.next(hasChanged: true),
                    ready: ready,
                    hasChanged: true
                )
            )
        }
        return cancelled
    }
}

extension Conductor {
    /// The audit events of a start and of the drills that it cancelled.
    private func record(_ order: StartOrder, _ execution: Execution, cancelling drills: [Committed]) -> [Statement] {
        guard let deed = order.deed else { return [] }
        let start = deed.done(
            to: "Execution",
            execution.id,
            accounts: Set(execution.plan.places.map(\.accountId)).sorted(),
            new: 1,
            detail: order.reason,
            after: [
                "executionType": .string(execution.type.rawValue), "planId": .string("\(execution.plan.planId)"),
                "planRevision": .integer(Int64(execution.plan.planRevision)),
                "servers": .integer(Int64(execution.servers.count)), "status": .string(execution.status.rawValue),
            ]
        )
        let cancellations = drills.map { drill in
            deed.alsoDone(
                as: ambient.identifier(),
                "CancelExecution",
                to: "Execution",
                drill.execution.id,
                accounts: Set(drill.execution.plan.places.map(\.accountId)).sorted()
            )
        }
        return ([start] + cancellations).map(\.insert)
    }
}
