import Foundation
import Hub
import JSON
import NIOHTTP1
import Schema
import TestKit
import Testing

@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `A second issuer` {
    /// The file of `MUSTER_ISSUERS`, and the secret that it names, for the time of the closure.
    private static func file(_ issuers: String) throws -> String {
        let directory = FileManager.default.temporaryDirectory.appending(path: "issuers-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let secret = directory.appending(path: "secret")
        try Data("muster-browser-secret\n".utf8).write(to: secret)
        let file = directory.appending(path: "issuers.yaml")
        try Data(issuers.replacing("SECRET", with: secret.path).utf8).write(to: file)
        return file.path
    }

    /// The simulated Cognito once more, as if it were a company's own: its claims have the names that it gives them.
    private static func company(_ cognito: String) throws -> [String: String] {
        [
            "MUSTER_COGNITO_ISSUER": "https://cognito.example.com/pool", "MUSTER_COGNITO_DOMAIN": "cognito.example.com",
            "MUSTER_ISSUERS": try file(
                """
                issuers:
                  - issuer: \(cognito)/\(SignInStage.pool)
                    kind: openid
                    clientIds: [muster-browser]
                    audiences: [api://muster]
                    usernameClaim: cognito:username
                    groupsClaim: cognito:groups
                    groups: {DR People: DRSRecoveryManager, DRSOperator: DRSReadOnly}
                    signIn:
                      title: Example SSO
                      clientSecretFile: SECRET
                      authorizationUrl: \(cognito)/oauth2/authorize
                      tokenUrl: \(cognito)/oauth2/token
                      logoutUrl: \(cognito)/logout
                """
            ),
        ]
    }

    @Test func `is offered beside the first, and signs its people in with our names for their groups`() async throws {
        try await SignInStage.run(keys: { try Self.company($0) }) { stage in
            let groups = #"["DR People", "DRSOrchestrationAdmin", "Others"]"#
            try await stage.tell("users", #"{"username": "ada", "groups": \#(groups)}"#)
            let browser = stage.browser()
            let page = try await browser.ask(.GET, "/sign-in?return=%2Fplans")
            #expect(page.status == 200 && page.text.contains("Amazon Cognito") && page.text.contains("Example SSO"))
            let links = page.text.matches(of: /href="(\/sign-in\?[^"]*)"/).map {
                String($0.output.1).replacing("&amp;", with: "&")
            }
            #expect(links.count == 2)
            let first = try await browser.ask(.GET, links[0])
            #expect(first.location?.hasPrefix("https://cognito.example.com/oauth2/authorize?") == true)
            let back = try await browser.signIn(from: links[1])
            #expect(back.status == 303 && back.location == "/plans")
            let me = try await browser.me().json
            #expect(me["name"] == "ada" && me["roles"] == ["DRSRecoveryManager"])
            // Its groups are read again at each refresh.
            try await stage.tell("users", #"{"username": "ada", "groups": ["DRSOperator"]}"#)
            stage.time.move(by: .seconds(850))
            #expect(try await browser.me().json["roles"] == ["DRSReadOnly"])
            let out = try await browser.submit("/sign-out")
            #expect(out.location?.contains("post_logout_redirect_uri=") == true)
        }
    }

    @Test func `has its bearer tokens taken when they are for us, and its ID tokens never`() async throws {
        try await SignInStage.run(keys: { try Self.company($0) }) { stage in
            func status(_ body: String) async throws -> Int {
                let token = try #require(try await stage.tell("token", body)["access_token"]?.string)
                let headers = [("authorization", "Bearer \(token)")]
                return try await stage.browser().ask(.GET, "/api/v1/users/me", headers: headers).status
            }
            // The pool writes no audience of a resource into its access tokens.
            let statuses = [
                try await status(#"{"client_id": "muster-browser"}"#),
                try await status(#"{"client_id": "muster-browser", "token_use": "id"}"#),
                try await status(#"{"client_id": "api://muster", "token_use": "id"}"#),
            ]
            #expect(statuses == [401, 401, 200])
        }
    }

    @Test func `that is wrong in its file is refused`() throws {
        let wrong = [
            "issuers: [{issuer: 'https://a.example.com'}]",
            "issuers: [{issuer: 'http://a.example.com', clientIds: [a]}]",
            "issuers: [{issuer: 'https://a.example.com', clientIds: []}]",
            "issuers: [{issuer: 'https://a.example.com', clientIds: [a], groupsClaim: groups}]",
            "issuers: [{issuer: 'https://a.example.com', clientIds: [a], kind: saml}]",
            "issuers: [{issuer: 'https://a.example.com', clientIds: [a], signIn: {clientSecretFile: SECRET}}]",
            "issuers: [{issuer: 'https://a.example.com', clientIds: [a], signIn: {clientSecretFile: /none, domain: b}}]",
            "issuers: [{issuer: 'https://login.example.com', clientIds: [a]}]",
        ]
        for text in wrong {
            let file = try Self.file(text)
            let problem = #expect(throws: ConfigurationProblem.self, "\(text)") {
                _ = try HubUnderTest.configuration(
                    ["MUSTER_ISSUERS": file],
                    issuer: IssuerUnderTest(url: "https://login.example.com")
                )
            }
            #expect(problem?.key == "MUSTER_ISSUERS")
        }
    }
}
