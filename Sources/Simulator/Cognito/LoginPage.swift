/// The page on which somebody chooses who to be, in place of Cognito's managed login.
enum LoginPage {
    static func reply(users: [UserPool.User], client: String, query: String) -> Reply {
        let buttons = users.filter(\.isEnabled).map { user in
            let groups = user.groups.isEmpty ? "in no group" : user.groups.joined(separator: ", ")
            return """
                <li><button name="username" value="\(escaped(user.name))">\(escaped(user.name))</button> \
                \(escaped(groups))</li>
                """
        }
        return page(
            status: 200,
            """
            <h1>Sign in (simulated Cognito)</h1>
            <p>\(escaped(client)) wants to know who you are. There are no passwords here: choose somebody.</p>
            <form method="post" action="/login?\(escaped(query))">
            <ul>
            \(buttons.joined(separator: "\n"))
            </ul>
            </form>
            """
        )
    }

    static func refusal(_ sentence: String) -> Reply {
        page(status: 400, "<h1>Sign-in is not possible</h1>\n<p>\(escaped(sentence))</p>")
    }

    private static func page(status: Int, _ content: String) -> Reply {
        let text = """
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><title>Simulated Cognito</title></head>
            <body>
            \(content)
            </body>
            </html>
            """
        let headers = [(name: "content-type", value: "text/html; charset=utf-8"), ("cache-control", "no-store")]
        return Reply(status: status, headers: headers, body: Array(text.utf8))
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
