package import Recovery

extension Contract {
    static let dashboard: [CallDescription] = [CallDescription(GetDashboard.self)]
}

/// Shows what the first page shows, in one call.
package struct GetDashboard: Call {
    package typealias Answer = DashboardView
    package static let route = Route.get("/dashboard", of: .dashboard)
    package static let permission: Permission? = .viewResources
    package static let summary = "Show how everything stands"
    package static let details =
        "Numbers of plans by readiness, of active executions and of spokes, within the caller's scope."

    package init() {}
}
