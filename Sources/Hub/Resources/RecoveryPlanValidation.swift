internal import Conductor
internal import Contract
internal import PostgreSQL
internal import Recovery
internal import Store

extension Resources {
    /// Everything that a start would look at, without starting: each problem, not the first one.
    ///
    /// What is found becomes the plan's standing readiness; only what is the caller's own (the scope) does not.
    func validate(_ id: RecoveryPlan.ID, _ context: CallContext) async throws -> PlanValidation {
        guard let checked = try await conductor.check(id, within: context.scope) else {
            throw Problem.notFound("recovery plan")
        }
        let (gathered, check) = (checked.gathered, checked.check)
        var problems = gathered.problems
        if !context.access.scope(of: .executeRecovery).covers(all: gathered.accounts) {
            problems.append(.init(.outsideScope, "Some of the plan's accounts are outside your scope."))
        }
        problems += check.conflicts.map {
            .init(
                .serverConflict,
                "\($0), which is \($0.status), uses servers of the plan.",
                servers: $0.serverIds
            )
        }
        let told = Set(problems.map(\.code))
        problems += check.findings.filter { !told.contains($0.code.rawValue) }.map {
            .init(code: $0.code.rawValue, detail: $0.text, blocking: false, waveNumber: nil, serverIds: $0.servers)
        }
        if let scope = context.scope {
            let groups = gathered.groups.values.filter { scope.contains($0.place.accountId) }
            let visible = Set(groups.flatMap(\.members))
            problems = problems.map { $0.shown(visible) }
        }
        return PlanValidation(
            planId: id,
            startable: !problems.contains(where: \.blocking),
            readiness: PlanReadiness(check.readiness, checkedAt: checked.at, within: context.scope),
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
    /// The problem without servers that the caller may not see; one that is about such servers only says no more.
    fileprivate func shown(_ visible: Set<SourceServerID>) -> PlanValidation.Problem {
        let servers = serverIds.filter(visible.contains)
        guard servers.count < serverIds.count else { return self }
        var shown = self
        shown.serverIds = servers
        if servers.isEmpty { shown.detail = "It is about servers outside your scope." }
        return shown
    }

    /// Something that a start would be refused for.
    fileprivate init(_ code: Refusal.Code, _ detail: String, wave: Int? = nil, servers: [SourceServerID] = []) {
        self.init(code: code.rawValue, detail: detail, blocking: true, waveNumber: wave, serverIds: servers)
    }
}
