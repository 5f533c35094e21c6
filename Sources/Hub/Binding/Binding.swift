internal import Ambient
internal import Audit
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
    let authority: Authority
    let refusals: RefusalLog
    let keeper: AnswerKeeper
    let ambient: Ambient
    let finding: (@Sendable (Bindings.PathValues, CallContext) async throws -> Void)?
    let streaming: (@Sendable (Described, CallContext) async throws -> Response)?
    let logic: @Sendable (Described, CallContext) async throws -> Described.Answer

    func respond(to exchange: Exchange) async throws -> Response {
        var caller: Caller?
        do {
            return try await respond(to: exchange, knowing: &caller)
        } catch {
            refusals.note(error, of: Described.name, by: caller, exchange)
            throw error
        }
    }

    private func respond(to exchange: Exchange, knowing caller: inout Caller?) async throws -> Response {
        var context = try await context(of: exchange, knowing: &caller)
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
        if let streaming, (call.preferredType ?? type) != "application/json" {
            context.type = call.preferredType ?? type
            return try await streaming(call, context)
        }
        guard Described.takesIdempotencyKey, let key = try IdempotencyKey(exchange.headers[values: .idempotencyKey])
        else {
            return Response(try await answer(call, context))
        }
        let use = key.use(by: context.caller, at: exchange.request, body: body)
        let kept = try await keeper.once(use) { intent in
            context.intent = intent
            context.deed.identify(by: intent.identifier(), isRecorded: intent.wasMade)
            return try await answer(call, context)
        }
        return Response(kept)
    }

    /// Who is calling, and whether they may do this anywhere.
    private func context(of exchange: Exchange, knowing known: inout Caller?) async throws -> CallContext {
        let caller = try await gate.admit(exchange)
        known = caller
        let access = try await authority.access(of: caller)
        return try CallContext(of: Described.self, by: caller, access, exchange: exchange, ambient: ambient)
    }

    /// Runs the logic; what of it no transaction recorded, because none changed anything, is recorded here.
    private func answer(_ call: Described, _ context: CallContext) async throws -> KeptAnswer {
        let answer = try await logic(call, context)
        if changesSomething, !context.deed.isRecorded { try await audit(context, answer) }
        return try KeptAnswer(answer, of: Described.self)
    }

    private var changesSomething: Bool {
        Described.route.method != .get && (Described.route.method != .post || Described.takesIdempotencyKey)
    }

    private func audit(_ context: CallContext, _ answer: Described.Answer) async throws {
        let note = context.note.content
        let named = Described.route.placeholders.first.flatMap { context.exchange.parameters[$0] }
        let event = context.deed.done(
            to: note?.kind ?? Described.route.noun.rawValue,
            note?.id ?? named ?? "",
            accounts: note?.accounts ?? [],
            old: note?.old,
            new: note?.new ?? (answer as? any Revisioned)?.revision,
            detail: note?.detail
        )
        try await keeper.pool.execute(event.insert)
    }
}

extension CallContext {
    /// The context of a call, for whoever may make it anywhere.
    ///
    /// - Throws: `Problem` 403.
    init<Described: Call>(
        of type: Described.Type,
        by caller: Caller,
        _ access: Access,
        exchange: Exchange,
        ambient: Ambient
    ) throws {
        if let permission = Described.permission, !access.may(permission) {
            throw Problem(.permissionMissing, "This needs the permission \(permission.rawValue).")
        }
        let deed = Deed(
            AuditEvent(
                eventId: ambient.identifier(),
                at: ambient.now,
                principal: caller.principal,
                action: Described.name,
                sourceAddress: exchange.address,
                requestId: exchange.id
            )
        )
        self.init(
            caller: caller,
            access: access,
            permission: Described.permission,
            precondition: .none,
            exchange: exchange,
            ambient: ambient,
            deed: deed
        )
    }
}
