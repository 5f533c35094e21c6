package import JSON
package import Recovery

/// A call of the REST API as a value with an answer: hub, command line, description and tests use this one declaration.
///
/// The struct *is* the request. Its members are the parameters of the path and of the query by name, and one member
/// named `body` where the call takes one. Headers (`If-Match`, `Idempotency-Key`) belong to every call of their method
/// and are not members.
///
/// ```swift
/// package struct GetRecoveryPlan: Call {
///     package typealias Answer = RecoveryPlanView
///     package static let route = Route.get("/recovery-plans/{planId}", of: .recoveryPlans)
///     package static let permission: Permission? = .viewResources
///     package static let summary = "Show a recovery plan"
///     package static let parameters: [Parameter] = [.path("planId", Shapes.identifier, "The plan.")]
///     package var planId: RecoveryPlan.ID
/// }
/// ```
package protocol Call: Codable, Sendable {
    associatedtype Answer: Codable & Sendable

    static var route: Route { get }
    /// What the caller needs; nil: any authenticated caller.
    static var permission: Permission? { get }
    /// One line for lists of calls.
    static var summary: String { get }
    /// What else a person should know; empty when the summary says it all.
    static var details: String { get }
    /// Every parameter of the path and of the query; a query parameter that is not named here is refused.
    static var parameters: [Parameter] { get }
    /// What the body must look like; nil: the call takes none.
    static var bodyShape: Shape? { get }
    /// Whether the body may be left out, which is then the same as `{}`.
    static var isBodyOptional: Bool { get }
    /// Other types than JSON that the call answers in when `Accept` asks for them.
    static var otherTypes: [String] { get }
    /// The type that the call itself asks for, whatever `Accept` prefers; nil: `Accept` decides.
    var preferredType: String? { get }
    /// Where the created object can be read, for the `Location` header of a 201.
    static func location(of answer: Answer) -> String?
}

extension Call {
    package static var details: String { "" }
    package static var parameters: [Parameter] { [] }
    package static var bodyShape: Shape? { nil }
    package static var isBodyOptional: Bool { false }
    package static var otherTypes: [String] { [] }
    package var preferredType: String? { nil }
    package static func location(of answer: Answer) -> String? { nil }

    /// The name by which logs, metrics and the description know the call: its type's.
    package static var name: String { String(describing: Self.self) }

    /// Whether `Idempotency-Key` is honoured: by every POST that creates or starts something.
    package static var takesIdempotencyKey: Bool { route.takesIdempotencyKey }
}

/// What a call is, without its type: for everything that walks the contract.
package struct CallDescription: Sendable {
    package let name: String
    package let route: Route
    package let permission: Permission?
    package let summary: String
    package let details: String
    package let parameters: [Parameter]
    package let bodyShape: Shape?
    package let isBodyOptional: Bool
    package let otherTypes: [String]
    /// The call itself, where its type is needed after all.
    package let type: any Call.Type
    package let answer: any (Codable & Sendable).Type

    package init<Described: Call>(_ call: Described.Type) {
        name = call.name
        route = call.route
        permission = call.permission
        summary = call.summary
        details = call.details
        parameters = call.parameters
        bodyShape = call.bodyShape
        isBodyOptional = call.isBodyOptional
        otherTypes = call.otherTypes
        type = call
        answer = Described.Answer.self
    }
}
