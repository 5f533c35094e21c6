internal import Ambient
internal import Audit
internal import Contract
internal import OpenSSL
internal import PostgreSQL
internal import Recovery
internal import Store

/// Links that show one execution on a wall: what the calls about them do.
///
/// Whoever makes one must have all accounts of the execution in reach, so that it shows nobody's servers to a wall but
/// theirs.
struct WallLinks: Sendable {
    let pool: Pool

    /// Binds them.
    ///
    /// - Parameters:
    ///   - calls: Where to.
    ///   - finding: Throws unless all accounts of the execution are in the caller's reach.
    func bind(
        to calls: inout Bindings,
        finding: @escaping @Sendable (Bindings.PathValues, CallContext) async throws -> Void
    ) {
        calls.answer(ListWallLinks.self, finding: finding) { call, context in try await list(call, context) }
        calls.answer(CreateWallLink.self, finding: finding) { call, context in try await create(call, context) }
        calls.answer(RevokeWallLink.self, finding: finding) { call, context in try await revoke(call, context) }
    }

    private func list(_ call: ListWallLinks, _ context: CallContext) async throws -> Page<WallLinkView> {
        let paging = try Paging(call.limit, call.nextToken, order: "wall links", keys: 2)
        let (at, id) = (try paging.key(0) { Instant($0) }, try paging.key(1) { Identifier<WallLink>($0) })
        let found = try await pool.run(
            WallLinkStatements.list(
                of: call.executionId,
                after: at.flatMap { at in id.map { (at: at, id: $0) } },
                limit: paging.limit,
                at: context.ambient.now
            )
        )
        return paging.page(of: found) { [$0.createdAt.description, $0.linkId.description] }
    }

    private func create(_ call: CreateWallLink, _ context: CallContext) async throws -> NewWallLink {
        let now = context.ambient.now
        let (token, hash) = BrowserCookie.make()
        let link = WallLinkView(
            linkId: context.identifier(),
            executionId: call.executionId,
            label: call.body.label,
            createdBy: context.caller.name,
            createdAt: now,
            expiresAt: now + .seconds(3600 * (call.body.hours ?? Limits.defaultWallLinkHours))
        )
        let event = try await recorded(
            "wall link \(link.linkId) until \(link.expiresAt)",
            of: call.executionId,
            by: context.deed
        )
        try await pool.transaction { transaction in
            try await transaction.execute(WallLinkStatements.forget(at: now))
            let count = try await transaction.first(WallLinkStatements.count(of: call.executionId, at: now)) ?? 0
            guard count < Limits.wallLinksPerExecution else {
                throw Refusal(.ruleBroken, "This execution has \(count) wall links: take some back first.")
            }
            try await transaction.execute(WallLinkStatements.insert(link, tokenHash: hash))
            try await transaction.execute(event.insert)
        }
        return NewWallLink(link: link, path: "/executions/\(call.executionId)/wall?share=\(token)")
    }

    private func revoke(_ call: RevokeWallLink, _ context: CallContext) async throws -> NoContent {
        let event = try await recorded("wall link \(call.linkId)", of: call.executionId, by: context.deed)
        try await pool.transaction { transaction in
            let revoke = WallLinkStatements.revoke(call.linkId, of: call.executionId, at: context.ambient.now)
            guard try await transaction.first(revoke) != nil else { throw Problem.notFound("wall link") }
            try await transaction.execute(event.insert)
        }
        return NoContent()
    }

    /// What the audit says, to everybody who sees all accounts of the execution.
    private func recorded(_ detail: String, of id: Execution.ID, by deed: Deed) async throws -> AuditEvent {
        let accounts = try await pool.first(ExecutionListStatements.standing(id))?.accounts ?? []
        return deed.done(to: "Execution", id, accounts: accounts, detail: detail)
    }

    /// The link whose secret somebody brings; nil where there is none any more.
    static func find(
        _ token: String,
        of id: Execution.ID,
        in pool: Pool,
        at now: Instant
    ) async throws -> WallLinkView? {
        guard let bytes = Base64URL.decode(token), bytes.count == BrowserCookie.length else { return nil }
        return try await pool.first(WallLinkStatements.find(SHA256.digest(bytes), of: id, at: now))
    }
}
