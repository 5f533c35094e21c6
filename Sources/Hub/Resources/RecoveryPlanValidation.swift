internal import Conductor
internal import Contract
internal import PostgreSQL
internal import Recovery
internal import Store

extension Resources {
    /// Everything that a start would look at, without starting: each problem, not the first one.
    func validate(_ id: RecoveryPlan.ID, _ context: CallContext) async throws -> PlanValidation {
        let found = try await pool.transaction(.snapshot) { transaction -> (GatheredPlan, PlanFacts, [Conflict])? in
            let gathered = try await RecoveryPlan.gather(id, within: context.scope, in: transaction, locking: false)
            guard let gathered, let standing = try await transaction.first(RecoveryPlan.find(id, within: context.scope))
            else { return nil }
            let conflicts = try await conductor.conflicts(over: gathered.servers, in: transaction)
            return (gathered, standing.facts, conflicts)
        }
        guard let (gathered, facts, conflicts) = found else { throw Problem.notFound("recovery plan") }
        var problems = gathered.problems
        if !context.access.scope(of: .executeRecovery).covers(all: gathered.accounts) {
            problems.append(.init(.outsideScope, "Some of the plan's accounts are outside your scope."))
        }
        problems += conflicts.map {
            .init(
                .serverConflict,
                "\($0), which is \($0.status), uses servers of the plan.",
                servers: $0.serverIds
            )
        }
        let told = Set(problems.map(\.code))
        problems += (facts.blocking + facts.warnings).filter { !told.contains($0.code) }.map {
            .init(code: $0.code, detail: $0.text, blocking: false, waveNumber: nil)
        }
        let isStartable = !problems.contains(where: \.blocking)
        return PlanValidation(
            planId: id,
            startable: isStartable,
            readiness: Readiness(
                state: !isStartable || !facts.blocking.isEmpty
                    ? .notReady : problems.isEmpty ? .verified : .needsCheck,
                reasons: problems.map { .init(code: $0.code, text: $0.detail) }
            ),
            problems: problems
        )
    }
}

extension GatheredPlan {
    /// What stands against a start in the plan itself, its groups and the inventory.
    fileprivate var problems: [PlanValidation.Problem] {
        var problems = rules.problems.map { problem in
            PlanValidation.Problem(
                problem.code,
                "\(problem.pointer.message) (\(problem.pointer.pointer))",
                wave: plan.waves.first { problem.pointer.pointer.hasPrefix("/waves/\($0.waveNumber)/") }?.waveNumber
            )
        }
        let stolen = groups.values.sorted { $0.groupName < $1.groupName }.filter { !$0.conflicts.isEmpty }
        problems += stolen.map { group in
            .init(
                .serverAssigned,
                "Other protection groups hold servers that the tags of \(group.groupName) pick.",
                servers: group.conflicts.map(\.serverId)
            )
        }
        let missing = servers.filter { inventory[$0] == nil }
        if !missing.isEmpty {
            problems.append(.init(.unknownServer, "DRS no longer shows servers of this plan.", servers: missing))
        }
        if servers.isEmpty {
            problems.append(.init(.ruleBroken, "The plan has no server to recover: its groups are empty."))
        }
        return problems
    }
}

extension PlanValidation.Problem {
    /// Something that a start would be refused for.
    fileprivate init(_ code: Refusal.Code, _ detail: String, wave: Int? = nil, servers: [SourceServerID] = []) {
        self.init(code: code.rawValue, detail: detail, blocking: true, waveNumber: wave, serverIds: servers)
    }
}
