internal import Ambient
internal import Audit
internal import Contract
internal import Logging
internal import PostgreSQL
internal import Recovery
internal import Store

/// What the calls about browser sessions do.
struct SessionCalls: Sendable {
    let sessions: BrowserSessions

    private var pool: Pool { sessions.pool }

    func bind(to calls: inout Bindings) {
        calls.answer(ListSessions.self) { call, context in try await list(call, context) }
        calls.answer(
            RevokeSession.self,
            finding: { path, context in
                _ = try await find(path.value("sessionId"), context)
            }
        ) { call, context in try await revoke(call.sessionId, context) }
    }

    private func list(_ call: ListSessions, _ context: CallContext) async throws -> Page<SessionView> {
        let wantsAll = call.all ?? false
        guard !wantsAll || seesAll(context) else {
            throw Problem(
                .permissionMissing,
                "Everybody's sessions need the permission ManageAccounts in all accounts."
            )
        }
        let paging = try Paging(call.limit, call.nextToken, order: wantsAll ? "all sessions" : "sessions", keys: 2)
        let (at, id) = (try paging.key(0) { Instant($0) }, try paging.key(1) { Identifier<BrowserSession>($0) })
        let (now, origin) = (context.ambient.now, sessions.origins.origin(of: context.exchange))
        let found = try await pool.run(
            BrowserSessionStatements.list(
                of: wantsAll ? nil : person(context.caller),
                current: BrowserCookie.session.hash(in: context.exchange.headers, at: origin),
                after: at.flatMap { at in id.map { (at: at, id: $0) } },
                limit: paging.limit,
                at: now,
                idleSince: now - BrowserSessions.idleTime
            )
        )
        return paging.page(of: found) { [$0.createdAt.description, $0.sessionId.description] }
    }

    /// A session is of no account, so that a limited administrator's view ends before it.
    private func seesAll(_ context: CallContext) -> Bool {
        context.access.scope(of: .manageAccounts) == .all
    }

    /// A caller's principal is `subject@issuer`.
    private func person(_ caller: Caller) -> (issuer: String, subject: String) {
        (String(caller.principal.dropFirst(caller.subject.count + 1)), caller.subject)
    }

    /// The session, if it is the caller's own or they may end anybody's.
    private func find(_ id: Identifier<BrowserSession>, _ context: CallContext) async throws -> SessionView {
        let now = context.ambient.now
        let found = BrowserSessionStatements.show(id, at: now, idleSince: now - BrowserSessions.idleTime)
        guard let session = try await pool.first(found),
            seesAll(context) || person(context.caller) == (session.issuer, session.subject)
        else { throw Problem.notFound("session") }
        return session
    }

    private func revoke(_ id: Identifier<BrowserSession>, _ context: CallContext) async throws -> NoContent {
        let session = try await find(id, context)
        let event = context.deed.done(to: "session", id, detail: "of \(session.subject)@\(session.issuer)")
        let ended = try await pool.transaction { transaction in
            let ended = try await transaction.first(BrowserSessionStatements.end(id))
            try await transaction.execute(event.insert)
            return ended
        }
        if let ended { await sessions.revoke(ended, context.logger) }
        return NoContent()
    }
}
