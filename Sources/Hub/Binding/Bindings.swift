package import Ambient
package import Contract
package import HTTPTypes
package import Hummingbird
internal import JSON
internal import OrderedCollections
package import PostgreSQL
internal import Recovery

/// Binds calls of the contract to the logic that answers them; it does the rest once for all calls.
///
/// ```swift
/// calls.answer(GetRecoveryPlan.self) { call, context in try await plans.show(call.planId, to: context) }
/// ```
/// The order of refusals is the contract's: 401, 403, 404 (of the path, and what `finding` says), 400, then whatever the
/// logic throws: `Problem`, `Refusal`, or an error that is a bug. So the logic only ever sees a call that is well-formed
/// and of somebody who has the permission; what of it the caller's scope covers is the logic's own question.
package struct Bindings: Sendable {
    package private(set) var routes = RouteTree<Endpoint>()
    /// The calls that have been bound, by name.
    package private(set) var bound: Set<String> = []

    /// What answers each call without HTTP, by name.
    private var askings: [String: @Sendable (any Call, CallContext) async throws -> any Sendable] = [:]

    let gate: Gate
    let authority: Authority
    let refusals: RefusalLog
    let pool: Pool
    let ambient: Ambient

    package init(gate: Gate, authority: Authority, refusals: RefusalLog, pool: Pool, ambient: Ambient) {
        self.gate = gate
        self.authority = authority
        self.refusals = refusals
        self.pool = pool
        self.ambient = ambient
    }

    /// The values of a call's path, for a look before the body is read.
    package struct PathValues: Sendable {
        let members: OrderedDictionary<String, JSON>

        /// The value of a part; the call's declaration guarantees that it is there.
        package func value<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
            try (members[name] ?? .null).decoded(as: type)
        }
    }

    /// Binds a call.
    ///
    /// - Parameters:
    ///   - type: The call.
    ///   - finding: Throws when the object that the path names is not there for the caller, or may not be changed by them
    ///     (404, 403); it is asked before the body is read, so that these come before 400.
    ///   - streaming: Answers instead of the logic when `Accept` prefers one of the call's `otherTypes`.
    ///   - logic: What the call does.
    package mutating func answer<Described: Call>(
        _ type: Described.Type,
        finding: (@Sendable (PathValues, CallContext) async throws -> Void)? = nil,
        streaming: (@Sendable (Described, CallContext) async throws -> Response)? = nil,
        _ logic: @escaping @Sendable (Described, CallContext) async throws -> Described.Answer
    ) {
        bound.insert(type.name)
        askings[type.name] = { call, context in
            guard let call = call as? Described else { preconditionFailure("\(type.name) is asked with another call") }
            guard let members = try JSON(encoding: call).object else { preconditionFailure("a call is an object") }
            try await finding?(PathValues(members: members), context)
            return try await logic(call, context)
        }
        let binding = Binding(
            reader: CallReader(type),
            gate: gate,
            authority: authority,
            refusals: refusals,
            keeper: AnswerKeeper(pool: pool, ambient: ambient),
            ambient: ambient,
            finding: finding,
            streaming: streaming,
            logic: logic
        )
        on(.init(type.route.method), type.route.path) { exchange in try await binding.respond(to: exchange) }
    }

    /// Asks a call that only reads, as a request for it would: with the same permission, the same scope, the same refusals.
    ///
    /// The console's pages are filled this way, so that there is one place that decides who sees what.
    func ask<Described: Call>(
        _ call: Described,
        by caller: Caller,
        _ access: Access,
        in exchange: Exchange
    ) async throws -> Described.Answer {
        let context = try CallContext(of: Described.self, by: caller, access, exchange: exchange, ambient: ambient)
        guard let asking = askings[Described.name],
            let answer = try await asking(call, context) as? Described.Answer
        else { preconditionFailure("\(Described.name) is asked and not bound") }
        return answer
    }

    /// Binds what is no call of the contract: operators' paths, the agent protocol, pages.
    ///
    /// Errors become problem documents, and every answer gets the security headers; nothing else is done.
    package mutating func on(_ method: HTTPRequest.Method, _ path: String, _ endpoint: @escaping Endpoint) {
        routes.add(method, path, endpoint)
    }
}

extension HTTPRequest.Method {
    init(_ method: Route.Method) {
        self =
            switch method {
            case .get: .get
            case .post: .post
            case .put: .put
            case .delete: .delete
            }
    }
}
