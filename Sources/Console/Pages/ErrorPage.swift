package import Hypertext

/// What stands where a page cannot: what happened and what to do, with the number under which the log has it.
package struct ErrorPage: ConsolePage {
    package let status: Int
    package let problem: String
    package let detail: String
    package let requestId: String?
    package let retry: Link?

    package init(status: Int, title: String, detail: String, requestId: String?, retry: Link?) {
        self.status = status
        problem = title
        self.detail = detail
        self.requestId = requestId
        self.retry = retry
    }

    package var title: String {
        switch status {
        case 403: "You may not see this"
        case 404: "There is nothing here"
        case 401: "You are not signed in"
        case 429: "Too many requests"
        case 503: "The hub is not ready"
        case 500...: "Something went wrong"
        default: problem
        }
    }
    package var section: Section? { nil }

    private var advice: String {
        switch status {
        case 403:
            "Ask an administrator of Muster for a role that has it, and tell them the request's number. Signing in again shows new groups at once."
        case 404: "It was deleted, the address is mistyped, or it lies in accounts outside your scope."
        case 401: "Sign in and open the page again."
        case 429: "Wait a little, then try again."
        case 503:
            "The database cannot be reached, or the hub is stopping. Recoveries under way are not lost. Try again."
        case 500...:
            "It is written in the hub's log. Try again; if it stays, tell your administrator the request's number."
        default: "Go back and try again."
        }
    }

    package func content(for viewer: Viewer) -> HTML {
        """
        <section class="card narrow" aria-label="What happened"><p>\(detail)</p>\(if: status == 403, standing(viewer))<p>\(advice)</p>\
        \(requestId.map { "<p class=\"quiet\">Request <code>\($0)</code></p>" as HTML })\
        <div class="actions">\(if: status == 403, Button("Your roles", .primary, link: "/settings").html)\
        \(retry.map { Button("Try again", status == 403 ? .ordinary : .primary, link: $0).html })\
        \(Button("To the dashboard", link: "/").html)</div></section>
        """
    }

    /// Who they are to Muster: the wrong name or no role is the usual reason.
    private func standing(_ viewer: Viewer) -> HTML {
        let roles = viewer.roles.map(\.words).joined(separator: ", ")
        return roles.isEmpty
            ? "<p>You are signed in as <strong>\(viewer.name)</strong>, and none of your groups gives you a role in Muster.</p>"
            : "<p>You are signed in as <strong>\(viewer.name)</strong>: \(roles).</p>"
    }
}
