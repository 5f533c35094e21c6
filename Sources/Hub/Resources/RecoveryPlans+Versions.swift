internal import Ambient
internal import Contract
internal import PostgreSQL
internal import Recovery
internal import Store

extension Resources {
    func bindRecoveryPlanVersions(to calls: inout Bindings) {
        calls.answer(ListRecoveryPlanVersions.self, finding: findPlan) { call, _ in try await versions(call) }
        calls.answer(GetRecoveryPlanVersion.self, finding: findPlan) { call, context in
            try await version(call, context)
        }
        // The whole plan, or nothing of it: as for whoever would change it.
        calls.answer(ExportRecoveryPlan.self, finding: findPlanToChange) { call, context in
            try await export(call.planId, context)
        }
        calls.answer(ImportRecoveryPlan.self) { call, context in
            try await create(try await resolved(call.body, context), context)
        }
    }

    private func versions(_ call: ListRecoveryPlanVersions) async throws -> Page<RecoveryPlanVersionSummary> {
        let paging = try Paging(call.limit, call.nextToken, order: "plan versions", keys: 1)
        let last = try paging.key(0) { Int($0) }
        let rows = try await pool.run(RecoveryPlan.versions(of: call.planId, before: last, limit: paging.limit))
        return paging.page(of: rows) { row in
            RecoveryPlanVersionSummary(
                revision: row.revision,
                savedAt: row.savedAt,
                savedBy: row.savedBy,
                planName: row.planName,
                totalWaves: row.waves
            )
        } keys: { row in
            ["\(row.revision)"]
        }
    }

    /// A version as the caller may see it: groups that are outside their scope, or gone, are counted only.
    private func version(
        _ call: GetRecoveryPlanVersion,
        _ context: CallContext
    ) async throws -> RecoveryPlanVersionView {
        guard let plan = try await pool.first(RecoveryPlan.version(call.revision, of: call.planId)) else {
            throw Problem.notFound("version of the plan")
        }
        let named = Set(plan.waves.flatMap(\.protectionGroupIds)).sorted()
        var waves = plan.waves.map { WaveView($0) }
        if let scope = context.scope {
            let visible = VisibleMembers(try await pool.run(RecoveryPlan.groups(among: named, within: scope)))
            waves = waves.map { $0.shown(visible) }
        }
        let groups = try await pool.run(ProtectionGroup.names(of: named, within: context.scope))
        return RecoveryPlanVersionView(
            planId: plan.planId,
            revision: plan.revision,
            savedAt: plan.lastModifiedDate,
            savedBy: plan.createdBy,
            planName: plan.planName,
            description: plan.description,
            ordering: plan.ordering,
            recoveryTimeObjectiveMinutes: plan.recoveryTimeObjectiveMinutes,
            recoveryPointObjectiveSeconds: plan.recoveryPointObjectiveSeconds,
            owner: plan.owner,
            application: plan.application,
            waves: waves,
            groups: groups.map { .init(groupId: $0.group, groupName: $0.name) }
        )
    }

    private func export(_ id: RecoveryPlan.ID, _ context: CallContext) async throws -> RecoveryPlanFile {
        let plan = try await show(id, context)
        let named = Set(plan.waves.flatMap(\.protectionGroupIds)).sorted()
        let groups = try await pool.run(ProtectionGroup.names(of: named, within: context.scope))
        let names = Dictionary(groups.map { ($0.group, $0.name) }) { first, _ in first }
        return RecoveryPlanFile(plan, names: names)
    }

    /// The body of a plan in a file, its groups found by name.
    ///
    /// - Throws: `Refusal` that names every group that there is none of.
    private func resolved(_ file: RecoveryPlanFile, _ context: CallContext) async throws -> RecoveryPlanBody {
        let names = Set(file.waves.flatMap(\.protectionGroupIds)).filter { ProtectionGroup.ID($0) == nil }.sorted()
        let found = try await pool.run(ProtectionGroup.identifiers(named: names, within: context.scope))
        let identifiers = Dictionary(found.map { ($0.name, $0.group) }) { first, _ in first }
        var unknown: [Refusal.Pointer] = []
        var groups: [[ProtectionGroup.ID]] = []
        for (index, wave) in file.waves.enumerated() {
            var named: [ProtectionGroup.ID] = []
            for (position, name) in wave.protectionGroupIds.enumerated() {
                if let id = ProtectionGroup.ID(name) ?? identifiers[name] {
                    named.append(id)
                } else {
                    let pointer = "/waves/\(index)/protectionGroupIds/\(position)"
                    unknown.append(.init(pointer, "there is no group \(name)"))
                }
            }
            groups.append(named)
        }
        guard unknown.isEmpty else {
            throw Refusal(.unknownGroup, "The file names protection groups that are not here.", .pointers(unknown))
        }
        return file.body(groups: groups)
    }
}
