import AWS
import Ambient
import JSON
import OpenSSL
import Simulator
import Testing

/// A browser and a client at the simulator's Cognito, over a socket.
private struct Visitor {
    let server: ServerUnderTest
    let verifier = "a-verifier-of-forty-three-characters-or-more"
    let callback = "http://127.0.0.1:8080/auth/callback"

    private var challenge: String { Base64URL.encode(SHA256.digest(Array(verifier.utf8))) }

    func query(changing changes: [String: String?] = [:]) -> String {
        let standard: [String: String?] = [
            "response_type": "code", "client_id": "muster-browser", "redirect_uri": callback, "scope": "openid",
            "state": "a state", "nonce": "n-1", "code_challenge": challenge, "code_challenge_method": "S256",
        ]
        return standard.merging(changes) { $1 }.compactMap { name, value in
            value.map { "\(name)=\(PercentEncoding.encode($0))" }
        }.sorted().joined(separator: "&")
    }

    func get(_ path: String, cookie: String? = nil) async throws -> ServerUnderTest.Answer {
        let headers = cookie.map { [(name: "cookie", value: "other=1; \($0)")] } ?? []
        return try await server.send("GET", path, credentials: nil, headers: headers)
    }

    func logIn(_ username: String = "ada", _ query: String? = nil) async throws -> ServerUnderTest.Answer {
        try await server.send("POST", "/login?\(query ?? self.query())", "username=\(username)", credentials: nil)
    }

    /// The code that a browser was sent back with.
    func code(_ answer: ServerUnderTest.Answer) throws -> String {
        let target = try #require(answer.headers["location"])
        #expect(target.hasPrefix(callback + "?code=") && target.hasSuffix("&state=a%20state"))
        return String(target.dropFirst((callback + "?code=").count).prefix { $0 != "&" })
    }

    func token(
        _ form: [String: String],
        client: String = "muster-browser",
        secret: String = "muster-browser-secret"
    ) async throws -> (Int, JSON) {
        let basic = Base64.encode(Array("\(client):\(secret)".utf8))
        let body = form.map { "\($0)=\(PercentEncoding.encode($1))" }.joined(separator: "&")
        let answer = try await server.send(
            "POST",
            "/oauth2/token",
            body,
            credentials: nil,
            headers: [("authorization", "Basic \(basic)")]
        )
        return (answer.status, try JSON(parsing: answer.body))
    }

    func exchange(_ code: String, changing changes: [String: String?] = [:]) async throws -> (Int, JSON) {
        let standard: [String: String?] = [
            "grant_type": "authorization_code", "code": code, "redirect_uri": callback, "code_verifier": verifier,
        ]
        return try await token(standard.merging(changes) { $1 }.compactMapValues(\.self))
    }

    func refresh(_ token: String) async throws -> (Int, JSON) {
        try await self.token(["grant_type": "refresh_token", "refresh_token": token])
    }

    func tell(_ path: String, _ body: String = "{}") async throws {
        let answer = try await server.send("POST", "/us-east-1_MusterSim/test/\(path)", body, credentials: nil)
        #expect(answer.status == 200, "\(answer.text)")
    }

    static func claims(_ token: JSON?) throws -> JSON {
        let parts = (token?.string ?? "").split(separator: ".")
        return try JSON(parsing: Base64URL.decode(try #require(parts.dropFirst().first)) ?? [])
    }
}

@Suite struct `Managed login` {
    private func visit(_ body: @escaping @Sendable (Visitor) async throws -> Void) async throws {
        try await ServerUnderTest.serve(try Sample()) { try await body(Visitor(server: $0)) }
    }

    @Test func `lets somebody choose who to be, and gives their client the tokens`() async throws {
        try await visit { visitor in
            let first = try await visitor.get("/oauth2/authorize?" + visitor.query())
            #expect(first.status == 302 && first.headers["location"]?.contains("/login?") == true)
            let page = try await visitor.get("/login?" + visitor.query())
            #expect(page.status == 200 && page.text.contains("value=\"olga\""))
            let (status, tokens) = try await visitor.exchange(try visitor.code(try await visitor.logIn("olga")))
            #expect(status == 200)
            let identity = try Visitor.claims(tokens["id_token"])
            let access = try Visitor.claims(tokens["access_token"])
            #expect(identity["aud"] == "muster-browser" && identity["nonce"] == "n-1")
            #expect(identity["token_use"] == "id" && identity["email"] == "olga@example.com")
            #expect(access["token_use"] == "access" && access["cognito:groups"] == ["DRSOperator"])
            #expect(access["client_id"] == "muster-browser" && access["sub"] == identity["sub"])
        }
    }

    @Test func `remembers who signed in for an hour, until they sign out`() async throws {
        try await visit { visitor in
            let cookie = String(try #require(try await visitor.logIn().headers["set-cookie"]).prefix { $0 != ";" })
            _ = try visitor.code(try await visitor.get("/oauth2/authorize?" + visitor.query(), cookie: cookie))
            let out = try await visitor.get(
                "/logout?client_id=muster-browser&logout_uri=http%3A%2F%2F127.0.0.1%2Fsigned-out",
                cookie: cookie
            )
            #expect(out.status == 302 && out.headers["location"] == "http://127.0.0.1/signed-out")
            let again = try await visitor.get("/oauth2/authorize?" + visitor.query(), cookie: cookie)
            #expect(again.headers["location"]?.contains("/login?") == true)
            let second = String(try #require(try await visitor.logIn().headers["set-cookie"]).prefix { $0 != ";" })
            visitor.server.time.move(by: .seconds(3601))
            let late = try await visitor.get("/oauth2/authorize?" + visitor.query(), cookie: second)
            #expect(late.headers["location"]?.contains("/login?") == true)
        }
    }

    @Test func `gives a code once, to its client, for its address and its verifier, and for five minutes`()
        async throws
    {
        try await visit { visitor in
            for changes: [String: String?] in [
                ["code_verifier": "another"], ["code_verifier": nil], ["redirect_uri": "http://127.0.0.1:8080/other"],
                ["code": "nonsense"],
            ] {
                let code = try visitor.code(try await visitor.logIn())
                let (status, answer) = try await visitor.exchange(code, changing: changes)
                #expect(status == 400 && answer["error"] == "invalid_grant", "\(changes)")
            }
            let code = try visitor.code(try await visitor.logIn())
            #expect(try await visitor.exchange(code).0 == 200)
            #expect(try await visitor.exchange(code).1["error"] == "invalid_grant")
            let late = try visitor.code(try await visitor.logIn())
            visitor.server.time.move(by: .seconds(301))
            #expect(try await visitor.exchange(late).1["error"] == "invalid_grant")
            let wrong = try await visitor.token(["grant_type": "authorization_code", "code": "x"], secret: "no")
            #expect(wrong.1["error"] == "invalid_client")
        }
    }

    @Test func `gives nothing of one client's sign-ins to another`() async throws {
        var pool = UserPool.Settings()
        pool.clients.append(UserPool.Client(id: "other", secret: "other-secret"))
        try await ServerUnderTest.serve(try Sample(), userPool: pool) { server in
            let visitor = Visitor(server: server)
            let code = try visitor.code(try await visitor.logIn())
            let form = [
                "grant_type": "authorization_code", "code": code, "redirect_uri": visitor.callback,
                "code_verifier": visitor.verifier,
            ]
            let stolen = try await visitor.token(form, client: "other", secret: "other-secret")
            #expect(stolen.1["error"] == "invalid_grant")
            let (_, tokens) = try await visitor.exchange(try visitor.code(try await visitor.logIn()))
            let token = try #require(tokens["refresh_token"]?.string)
            let refresh = ["grant_type": "refresh_token", "refresh_token": token]
            #expect(
                try await visitor.token(refresh, client: "other", secret: "other-secret").1["error"] == "invalid_grant"
            )
            let revocation = "client_id=other&client_secret=other-secret&token=\(token)"
            _ = try await server.send("POST", "/oauth2/revoke", revocation, credentials: nil)
            #expect(try await visitor.refresh(token).0 == 200)
        }
    }

    @Test func `sends nobody to an address that is not the client's`() async throws {
        try await visit { visitor in
            for changes: [String: String?] in [
                ["redirect_uri": "https://evil.example.com/auth/callback"], ["redirect_uri": nil],
                ["client_id": "other"], ["client_id": "muster-machine"],
            ] {
                let answer = try await visitor.get("/oauth2/authorize?" + visitor.query(changing: changes))
                #expect(answer.status == 400 && answer.headers["location"] == nil, "\(changes)")
            }
            let plain = visitor.query(changing: ["code_challenge_method": "plain"])
            let answer = try await visitor.get("/oauth2/authorize?" + plain)
            #expect(answer.headers["location"] == visitor.callback + "?error=invalid_request&state=a%20state")
            #expect(try await visitor.logIn("nobody").status == 400)
        }
    }

    @Test func `exchanges a refresh token for a new one, and takes the old one for 30 seconds more`() async throws {
        try await visit { visitor in
            let (_, tokens) = try await visitor.exchange(try visitor.code(try await visitor.logIn()))
            let first = try #require(tokens["refresh_token"]?.string)
            let (_, renewed) = try await visitor.refresh(first)
            let second = try #require(renewed["refresh_token"]?.string)
            #expect(second != first)
            visitor.server.time.move(by: .seconds(29))
            #expect(try await visitor.refresh(first).0 == 200)
            visitor.server.time.move(by: .seconds(2))
            #expect(try await visitor.refresh(first).1["error"] == "invalid_grant")
            let (_, last) = try await visitor.refresh(second)
            let unused = try #require(last["refresh_token"]?.string)
            visitor.server.time.move(by: .seconds(43_200))
            #expect(try await visitor.refresh(unused).1["error"] == "invalid_grant", "12 hours, also for a new one")
        }
    }

    @Test func `gives the groups that somebody has now, and nothing to whom it disabled or who was revoked`()
        async throws
    {
        try await visit { visitor in
            let (_, tokens) = try await visitor.exchange(try visitor.code(try await visitor.logIn()))
            let token = try #require(tokens["refresh_token"]?.string)
            try await visitor.tell("users", "{\"username\": \"ada\", \"groups\": [\"DRSReadOnly\"]}")
            let (_, renewed) = try await visitor.refresh(token)
            #expect(try Visitor.claims(renewed["access_token"])["cognito:groups"] == ["DRSReadOnly"])
            try await visitor.tell("users", "{\"username\": \"ada\", \"enabled\": false}")
            #expect(try await visitor.refresh(token).1["error"] == "invalid_grant")
            try await visitor.tell("users", "{\"username\": \"ada\"}")
            let newest = try #require(renewed["refresh_token"]?.string)
            let answer = try await visitor.server.send(
                "POST",
                "/oauth2/revoke",
                "client_id=muster-browser&client_secret=muster-browser-secret&token=\(newest)",
                credentials: nil
            )
            #expect(answer.status == 200)
            for token in [token, newest] {
                #expect(try await visitor.refresh(token).1["error"] == "invalid_grant")
            }
        }
    }

    @Test func `does wrong what it is told to`() async throws {
        try await visit { visitor in
            try await visitor.tell(
                "faults",
                "{\"idClaims\": {\"nonce\": \"other\", \"email\": null}, \"accessClaims\": {\"client_id\": \"x\"}}"
            )
            let (_, tokens) = try await visitor.exchange(try visitor.code(try await visitor.logIn()))
            let identity = try Visitor.claims(tokens["id_token"])
            #expect(identity["nonce"] == "other" && identity["email"] == nil)
            #expect(try Visitor.claims(tokens["access_token"])["client_id"] == "x")
            try await visitor.tell("faults", "{\"action\": \"FAIL\", \"path\": \"oauth2/token\", \"count\": 1}")
            let token = try #require(tokens["refresh_token"]?.string)
            #expect(try await visitor.refresh(token).0 == 500)
            #expect(try await visitor.refresh(token).0 == 200)
            try await visitor.tell("expire")
            #expect(try await visitor.refresh(token).1["error"] == "invalid_grant")
        }
    }
}
