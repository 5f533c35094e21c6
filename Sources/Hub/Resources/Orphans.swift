internal import Ambient
internal import Conductor
internal import Contract
internal import PostgreSQL
internal import Recovery
internal import Store

/// What the calls about orphans do.
struct Orphans: Sendable {
    let pool: Pool
    let conductor: Conductor
    let prices: InstancePrices

    func bind(to calls: inout Bindings) {
        calls.answer(ListOrphans.self) { call, context in try await list(call, context) }
        calls.answer(TerminateOrphan.self, finding: find) { call, context in
            try await terminate(call.recoveryInstanceId, context)
        }
    }

    private func list(_ call: ListOrphans, _ context: CallContext) async throws -> Page<OrphanView> {
        let paging = try Paging(call.limit, call.nextToken, order: "orphans", keys: 1)
        let orphans = try await pool.run(
            Orphan.list(
                accountId: call.accountId,
                region: call.region,
                within: context.scope,
                after: try paging.key(0) { $0 },
                limit: paging.limit
            )
        )
        return paging.page(of: orphans.map { view($0, context) }) { [$0.recoveryInstanceId] }
    }

    @Sendable private func find(_ path: Bindings.PathValues, _ context: CallContext) async throws {
        guard let orphan = try await pool.first(Orphan.find(path.value("recoveryInstanceId"))) else {
            throw Problem.notFound("orphan")
        }
        try context.require([orphan.place.accountId], of: "orphan")
    }

    private func terminate(_ id: String, _ context: CallContext) async throws -> OrphanView {
        if context.isMade, let orphan = try await pool.first(Orphan.find(id)) { return view(orphan, context) }
        guard let orphan = try await conductor.terminate(orphan: id, as: context.deed) else {
            throw Problem.notFound("orphan")
        }
        return view(orphan, context)
    }

    private func view(_ orphan: Orphan, _ context: CallContext) -> OrphanView {
        OrphanView(orphan, prices: prices, at: context.ambient.now)
    }
}
