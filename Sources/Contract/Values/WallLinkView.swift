package import Ambient
package import Recovery

/// What the identifier of a wall's link identifies.
package enum WallLink: Sendable {}

/// A link that shows an execution on a wall to whoever has it; its secret was said once and is not known any more.
package struct WallLinkView: Codable, Sendable, Hashable {
    package var linkId: Identifier<WallLink>
    package var executionId: Execution.ID
    /// Where it hangs, as whoever made it says.
    package var label: String?
    package var createdBy: String
    package var createdAt: Instant
    package var expiresAt: Instant

    package init(
        linkId: Identifier<WallLink>,
        executionId: Execution.ID,
        label: String?,
        createdBy: String,
        createdAt: Instant,
        expiresAt: Instant
    ) {
        self.linkId = linkId
        self.executionId = executionId
        self.label = label
        self.createdBy = createdBy
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}

/// A link that was made just now, with its secret.
package struct NewWallLink: Codable, Sendable, Hashable {
    package var link: WallLinkView
    /// The path to open, below the hub's address; whoever has it sees the execution.
    package var path: String

    package init(link: WallLinkView, path: String) {
        self.link = link
        self.path = path
    }
}
