internal import Console
internal import HTTPTypes
internal import Hummingbird
internal import Hypertext
internal import NIOCore

/// The pages around sign-in: each says what happened and what to do next, without a script.
struct SignInPage: Sendable {
    let title: String
    let content: HTML

    func response(_ status: HTTPResponse.Status = .ok, setting cookies: [HTTPField] = []) -> Response {
        var headers: HTTPFields = [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store"]
        for cookie in cookies { headers.append(cookie) }
        let body = ResponseBody(byteBuffer: ByteBuffer(bytes: Layout.plain(title, content).bytes))
        return Response(status: status, headers: headers, body: body)
    }

    // MARK: - Ways in

    private static let again: HTML = "<p><a href=\"/sign-in\">Sign in</a></p>"
    private static let breakGlassLink: HTML =
        "<p>No way in, and an emergency? <a href=\"/sign-in/break-glass\">Use a break-glass code</a>.</p>"

    /// Where to sign in, when there are several places or none.
    static func choice(_ logins: [Login], _ target: ReturnPath) -> SignInPage {
        guard !logins.isEmpty else {
            return SignInPage(
                title: "Sign-in is not set up",
                content: """
                    <p>Nobody can sign in by a browser yet: the hub was not told where
                    (<code>MUSTER_COGNITO_DOMAIN</code>, <code>MUSTER_ISSUERS</code>).</p>
                    \(breakGlassLink)
                    """
            )
        }
        let items = logins.html { login -> HTML in
            let link: Link = "/sign-in?issuer=\(login.issuer)&return=\(target.text)"
            return "<li><a href=\"\(link)\">\(login.title)</a></li>\n"
        }
        return SignInPage(
            title: "Sign in",
            content: "<p>Where do you have your account?</p>\n<ul>\n\(items)</ul>\n\(breakGlassLink)"
        )
    }

    static func breakGlass(wasRefused: Bool) -> SignInPage {
        let refusal: HTML = "<p role=\"alert\">This code is wrong, was used, or is older than ten minutes.</p>"
        return SignInPage(
            title: "Break-glass sign-in",
            content: """
                \(if: wasRefused, refusal)
                <p>Whoever has the hub's own machine can make a code with <code>muster-hub break-glass</code>. It signs one
                person in, once, for an hour. Making and using it is on record.</p>
                <form method="post" action="/sign-in/break-glass">
                <p><label for="code">Code</label>
                <input id="code" name="code" autocomplete="off" spellcheck="false" required></p>
                <p><button type="submit">Sign in</button></p>
                </form>
                """
        )
    }

    // MARK: - Ways out

    static let signedOut = SignInPage(title: "You are signed out", content: again)

    /// Somebody whom the issuer knows and who has no role.
    static func noRole(name: String, groups: [String], signOut: String?) -> SignInPage {
        let list = groups.isEmpty ? "no group" : groups.joined(separator: ", ")
        let link = signOut.flatMap { Link(external: $0) }
        let out: HTML? = link.map { "<p><a href=\"\($0)\">Sign in as somebody else</a></p>" }
        return SignInPage(
            title: "You have no role here",
            content: """
                <p>You are \(name), and none of your groups (\(list)) gives you a role in Muster. Ask an administrator of
                your user pool to add you to one: DRSReadOnly to look, DRSOperator to start drills, and so on.</p>
                \(out)
                """
        )
    }

    // MARK: - What may go wrong

    static let notBegunHere = SignInPage(
        title: "Please sign in again",
        content: """
            <p>This sign-in was not begun in this browser, was begun more than ten minutes ago, or was finished
            already.</p>
            \(again)
            """
    )

    static let notFinished = SignInPage(
        title: "You are not signed in",
        content: "<p>The sign-in was broken off where your account is.</p>\n\(again)"
    )

    static let notValid = SignInPage(
        title: "You are not signed in",
        content: """
            <p>What came back from where your account is could not be accepted. If it happens again, tell whoever runs the
            hub; its log says why.</p>
            \(again)
            """
    )

    static func issuerAway(_ title: String) -> SignInPage {
        SignInPage(
            title: "\(title) does not answer",
            content: """
                <p>The hub cannot ask it who you are. Sessions that are open go on.</p>
                \(again)
                \(breakGlassLink)
                """
        )
    }
}

extension Response {
    /// Sends a browser on, with a GET whatever it came with (RFC 9110 section 15.4.4).
    static func redirect(to address: String, setting cookies: [HTTPField] = []) -> Response {
        var headers: HTTPFields = [.location: address, .cacheControl: "no-store"]
        for cookie in cookies { headers.append(cookie) }
        return Response(status: .seeOther, headers: headers)
    }
}
