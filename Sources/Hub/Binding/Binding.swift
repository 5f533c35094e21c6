internal import Ambient
internal import Contract
internal import HTTPTypes
internal import Hummingbird
internal import JSON
internal import Logging
internal import OrderedCollections
internal import PostgreSQL
internal import Recovery
internal import Store

/// One call, bound to its logic.
struct Binding<Described: Call>: Sendable {
    let reader: CallReader
    let gate: Gate
    let keeper: AnswerKeeper
    let ambient: Ambient
    let finding: (@Sendable (Bindings.PathValues, CallContext) async throws -> Void)?
    let streaming: (@Sendable (Described, CallContext) async throws -> Response)?
    let logic: @Sendable (Described, CallContext) async throws -> Described.Answer

    func respond(to exchange: Exchange) async throws -> Response {
        let caller = try await gate.admit(exchange)
        if let permission = Described.permission, !caller.may(permission) {
            throw Problem(.permissionMissing, "This needs the permission \(permission.rawValue).")
        }
        var context = CallContext(caller: caller, precondition: .none, exchange: exchange, ambient: ambient)
        let path = try reader.path(of: exchange)
        try await finding?(Bindings.PathValues(members: path), context)
        if Described.route.takesPrecondition {
            context.precondition = try Precondition(exchange.headers[values: .ifMatch])
        }
        let offered = ["application/json"] + (streaming == nil ? [] : Described.otherTypes)
        let type = try Acceptance(exchange.headers[values: .accept]).best(of: offered)
        let query = try reader.query(of: exchange.request)
        let body = try await reader.body(of: exchange.request)
        let call = try reader.call(Described.self, path.merging(query) { first, _ in first }, body: body)
        if let streaming, type != "application/json" { return try await streaming(call, context) }
        guard Described.takesIdempotencyKey, let key = try IdempotencyKey(exchange.headers[values: .idempotencyKey])
        else {
            return Response(try await answer(call, context))
        }
        let use = key.use(by: caller, at: exchange.request, body: body)
        let kept = try await keeper.once(use) { intent in
            context.intent = intent
            return try await answer(call, context)
        }
        return Response(kept)
    }

    /// Runs the logic, and writes the audit of what it changed.
    private func answer(_ call: Described, _ context: CallContext) async throws -> KeptAnswer {
        let answer = try await logic(call, context)
        if changesSomething { await audit(context, answer) }
        return try KeptAnswer(answer, of: Described.self)
    }

    private var changesSomething: Bool {
        Described.route.method != .get && (Described.route.method != .post || Described.takesIdempotencyKey)
    }

    private func audit(_ context: CallContext, _ answer: Described.Answer) async {
        let note = context.note.content
        let event = AuditEvent(
            eventId: ambient.identifier(),
            at: ambient.now,
            principal: context.caller.principal,
            action: Described.name,
            subjectKind: note?.kind ?? Described.route.noun.rawValue,
            subjectId: note?.id ?? Described.route.placeholders.first.flatMap { context.exchange.parameters[$0] },
            accounts: note?.accounts ?? [],
            sourceAddress: context.exchange.address,
            requestId: context.requestId,
            outcome: .done,
            oldRevision: note?.old,
            newRevision: note?.new ?? (answer as? any Revisioned)?.revision,
            detail: note?.detail
        )
        do {
            try await keeper.pool.execute(AuditStatements.insert(event))
        } catch {
            // The change is made and cannot be unmade; the log has what the audit lacks.
            context.logger.error(
                "an audit event could not be stored",
                metadata: ["action": "\(event.action)", "principal": "\(event.principal)", "error": "\(error)"]
            )
        }
    }
}
