package import Ambient
package import JSON
package import Recovery

extension Contract {
    static let wallLinks: [CallDescription] = [
        CallDescription(ListWallLinks.self), CallDescription(CreateWallLink.self), CallDescription(RevokeWallLink.self),
    ]
}

/// Lists the links that show an execution on walls, newest first.
package struct ListWallLinks: Call {
    package typealias Answer = Page<WallLinkView>
    package static let route = Route.get("/executions/{executionId}/wall-links", of: .executions)
    package static let permission: Permission? = .manageExecution
    package static let summary = "List an execution's wall links"
    package static let parameters = [Parameter.execution] + Parameter.paging

    package var executionId: Execution.ID
    package var limit: Int?
    package var nextToken: String?

    package init(executionId: Execution.ID, limit: Int? = nil, nextToken: String? = nil) {
        self.executionId = executionId
        self.limit = limit
        self.nextToken = nextToken
    }
}

/// Makes a link that shows an execution on a wall without anybody's session.
///
/// It answers 200 and not 201: the answer to a request with an idempotency key is kept, and this one holds a secret.
package struct CreateWallLink: Call {
    package typealias Answer = NewWallLink
    package static let route = Route.post("/executions/{executionId}/wall-links", of: .executions, answering: .ok)
    package static let permission: Permission? = .manageExecution
    package static let summary = "Make a read-only link for a wall"
    package static let details = """
        Whoever has it sees this execution, live and with all its servers, and nothing else, until it expires or is taken \
        back. The answer says its path once; only a hash of the secret in it is kept. The request is not repeatable under \
        an Idempotency-Key, for the same reason.
        """
    package static let parameters = [Parameter.execution]
    package static let bodyShape: Shape? = Shapes.wallLink
    package static let isBodyOptional = true

    package var executionId: Execution.ID
    package var body: Body

    package struct Body: Codable, Sendable, Hashable {
        package var hours: Int?
        package var label: String?

        package init(hours: Int? = nil, label: String? = nil) {
            self.hours = hours
            self.label = label
        }
    }

    package init(executionId: Execution.ID, body: Body = Body()) {
        self.executionId = executionId
        self.body = body
    }
}

/// Takes a wall's link back: screens that show it lose the picture at once.
package struct RevokeWallLink: Call {
    package typealias Answer = NoContent
    package static let route = Route.delete("/executions/{executionId}/wall-links/{linkId}", of: .executions)
    package static let permission: Permission? = .manageExecution
    package static let summary = "Take a wall link back"
    package static let parameters = [Parameter.execution, .path("linkId", Shapes.identifier, "The link.")]

    package var executionId: Execution.ID
    package var linkId: Identifier<WallLink>

    package init(executionId: Execution.ID, linkId: Identifier<WallLink>) {
        self.executionId = executionId
        self.linkId = linkId
    }
}
