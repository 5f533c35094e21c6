package import Recovery

extension Contract {
    static let users: [CallDescription] = [CallDescription(GetCurrentUser.self)]
}

/// Says who the caller is and what they may do.
package struct GetCurrentUser: Call {
    package typealias Answer = CurrentUser
    package static let route = Route.get("/users/me", of: .users)
    package static let permission: Permission? = nil
    package static let summary = "Show who is calling"
    package init() {}
}
