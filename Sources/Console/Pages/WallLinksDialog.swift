internal import Ambient
package import Contract
package import Hypertext
internal import Recovery

/// Makes links that show an execution on walls, and takes them back.
package struct WallLinksDialog: Sendable {
    let execution: ExecutionView
    let links: [WallLinkView]

    package init(execution: ExecutionView, links: [WallLinkView]) {
        self.execution = execution
        self.links = links
    }

    /// Every call that it offers, for the test that compares them with the contract.
    package static let calls: [Action] = [Action(CreateWallLink.self), Action(RevokeWallLink.self)]

    private var id: String { execution.executionId.description }

    package var html: HTML {
        Dialog(
            "share",
            "Share the wallboard",
            """
            <p>Whoever has the link sees this run on a screen, live and read-only, without signing in. \
            <a href="\(Link.executionWall(execution.executionId))">Open the wallboard</a> yourself.</p>\(CallForm(
                Action(CreateWallLink.self, [id]),
                submit: "Make link",
                done: "The link is made. It is shown only now.",
                shows: "path",
                fields: fields
            ).html)\(existing)
            """
        ).html
    }

    private var fields: HTML {
        """
        <div class="fields">\(Field.number("hours", "Good for", value: Limits.defaultWallLinkHours, range: Limits.wallLinkHours, unit: "hours", form: "share-"))\
        \(Field.text("label", "Where it hangs", as: .optional, form: "share-"))</div>\
        <p class="made" data-made hidden><output class="code"></output> \
        <button type="button" class="button small" data-copy>Copy</button></p>
        """
    }

    private var existing: HTML {
        guard !links.isEmpty else { return .empty }
        return """
            <h3>Links that are good now</h3><ul class="items">\(links.html { link in
                """
                <li><div class="what"><strong>\(link.label ?? "Without a name")</strong><span class="quiet detail">by \
                \(link.createdBy), until \(Times.moment(link.expiresAt))</span></div>\(CallForm(
                    Action(RevokeWallLink.self, [id, link.linkId.description]),
                    submit: "Take back",
                    .danger,
                    then: "/executions/\(id)",
                    done: "The link is taken back.",
                    isInDialog: false
                ).html)</li>
                """
            })</ul>
            """
    }
}
