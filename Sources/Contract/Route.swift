/// Where a call is found, and how its success is answered.
package struct Route: Sendable, Hashable {
    package enum Method: String, Sendable, CaseIterable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case delete = "DELETE"
    }

    /// The status of a success.
    package enum Success: Int, Sendable, CaseIterable {
        case ok = 200
        case created = 201
        /// The work goes on after the answer.
        case accepted = 202
        case noContent = 204
    }

    /// What calls are grouped by in the description.
    package enum Noun: String, Sendable, CaseIterable {
        case accounts = "Accounts"
        case spokes = "Spokes"
        case users = "Users"
        case dashboard = "Dashboard"
        case sessions = "Sessions"
        case audit = "Audit"
        case protectionGroups = "Protection groups"
        case inventory = "Inventory"
        case recoveryPlans = "Recovery plans"
        case schedules = "Schedules"
        case executions = "Executions"
        case reports = "Reports"
        case campaigns = "Campaigns"
        case notifications = "Notifications"
    }

    /// The path under which every call of people and programs lies.
    package static let base = "/api/v1"

    package let method: Method
    /// The whole path; parameters stand in braces: `/api/v1/recovery-plans/{planId}`.
    package let path: String
    package let success: Success
    package let noun: Noun

    private init(_ method: Method, _ path: String, _ success: Success, _ noun: Noun) {
        self.method = method
        self.path = Self.base + path
        self.success = success
        self.noun = noun
    }

    package static func get(_ path: String, of noun: Noun) -> Route {
        Route(.get, path, .ok, noun)
    }

    package static func post(_ path: String, of noun: Noun, answering success: Success) -> Route {
        Route(.post, path, success, noun)
    }

    package static func put(_ path: String, of noun: Noun) -> Route {
        Route(.put, path, .ok, noun)
    }

    package static func delete(_ path: String, of noun: Noun, answering success: Success = .noContent) -> Route {
        Route(.delete, path, success, noun)
    }

    /// The names in braces, in their order.
    package var placeholders: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }

    /// Whether `If-Match` is honoured: by everything that changes or removes a stored object.
    package var takesPrecondition: Bool {
        (method == .put || method == .delete) && !placeholders.isEmpty
    }

    /// Whether `Idempotency-Key` is honoured: by every POST that creates or starts something.
    package var takesIdempotencyKey: Bool {
        method == .post && (success == .created || success == .accepted)
    }
}
