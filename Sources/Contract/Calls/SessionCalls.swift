package import Ambient
internal import JSON
package import Recovery

extension Contract {
    static let sessions: [CallDescription] = [CallDescription(ListSessions.self), CallDescription(RevokeSession.self)]
}

/// Lists browser sessions, newest first.
package struct ListSessions: Call {
    package typealias Answer = Page<SessionView>
    package static let route = Route.get("/sessions", of: .sessions)
    package static let permission: Permission? = nil
    package static let summary = "List browser sessions"
    package static let details = "Your own; with `all=true`, which needs ManageAccounts, everybody's."
    package static let parameters: [Parameter] =
        [.query("all", Shapes.flag, "Everybody's sessions instead of your own.", as: .flag)] + Parameter.paging

    package var all: Bool?
    package var limit: Int?
    package var nextToken: String?

    package init(
        all: Bool? = nil,
        limit: Int? = nil,
        nextToken: String? = nil
    ) {
        self.all = all
        self.limit = limit
        self.nextToken = nextToken
    }
}

/// Ends a browser session at once.
package struct RevokeSession: Call {
    package typealias Answer = NoContent
    package static let route = Route.delete("/sessions/{sessionId}", of: .sessions)
    package static let permission: Permission? = nil
    package static let summary = "End a browser session"
    package static let details = "One of your own; with ManageAccounts anybody's."
    package static let parameters: [Parameter] = [.path("sessionId", Shapes.identifier, "The session.")]

    package var sessionId: Identifier<BrowserSession>

    package init(
        sessionId: Identifier<BrowserSession>
    ) {
        self.sessionId = sessionId
    }
}
