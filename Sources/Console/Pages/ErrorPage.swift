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
        case 403: "Ask an administrator of Muster for the role that you need; your roles stand under your name above."
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
        <section class="card narrow" aria-label="What happened"><p>\(detail)</p><p>\(advice)</p>\
        \(requestId.map { "<p class=\"quiet\">Request <code>\($0)</code></p>" as HTML })\
        <div class="actions">\(retry.map { Button("Try again", .primary, link: $0).html })\
        \(Button("To the dashboard", link: "/").html)</div></section>
        """
    }
}
