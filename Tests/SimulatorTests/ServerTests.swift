import AWS
import Ambient
import JSON
import OpenSSL
import OrderedCollections
import Simulator
import Testing

@Suite struct `A caller` {
    @Test func `is known by its signature, with any further headers that it signed`() async throws {
        try await ServerUnderTest.serve(try Sample()) { server in
            let plain = try await server.whoAmI()
            #expect(plain.status == 200)
            #expect(plain.text.contains("<Arn>arn:aws:sts::999900001111:assumed-role/Spoke/i-"))
            let proof = [(name: "x-muster-hub", value: server.origin), (name: "x-muster-nonce", value: "abc")]
            #expect(try await server.whoAmI(headers: proof).status == 200)
            let tampered = try await server.whoAmI(headers: proof) { headers in
                headers = headers.map { $0.name == "x-muster-nonce" ? ($0.name, "abd") : $0 }
            }
            #expect(tampered.status == 403 && tampered.text.contains("SignatureDoesNotMatch"))
        }
    }

    @Test func `is refused with a wrong secret, an unknown key, no signature, or a header that is not signed`()
        async throws
    {
        try await ServerUnderTest.serve(try Sample()) { server in
            let wrong = Credentials(accessKeyID: "AKIASPOKE", secretAccessKey: "loud", sessionToken: nil)
            #expect(try await server.whoAmI(wrong).text.contains("<Code>SignatureDoesNotMatch</Code>"))
            let unknown = Credentials(accessKeyID: "AKIANOBODY", secretAccessKey: "hush", sessionToken: nil)
            #expect(try await server.whoAmI(unknown).text.contains("<Code>InvalidClientTokenId</Code>"))
            let unsigned = try await server.send("POST", "/", "Action=GetCallerIdentity", credentials: nil)
            #expect(unsigned.status == 403 && unsigned.text.contains("<Code>MissingAuthenticationToken</Code>"))
            let added = try await server.whoAmI { $0.append(("x-amz-extra", "1")) }
            #expect(added.status == 403 && added.text.contains("x-amz-extra is not signed"))
        }
    }

    @Test func `is refused when the signature is too old or too new for the clock's window`() async throws {
        try await ServerUnderTest.serve(try Sample()) { server in
            for late in [Duration.seconds(310), .seconds(-310)] {
                #expect(try await server.whoAmI(late: late).text.contains("Signature expired"))
            }
            #expect(try await server.whoAmI(late: .seconds(280)).status == 200)
            _ = try await server.send("POST", "/simulator/clock", "{\"scale\": 20}", credentials: nil)
            #expect(try await server.whoAmI(late: .seconds(310)).status == 200)
        }
    }

    @Test func `assumes a role with the external ID only, and only if the account trusts it`() async throws {
        try await ServerUnderTest.serve(try Sample()) { server in
            for external in [nil, "Secret", ""] {
                let (answer, _) = try await server.assume(externalID: external)
                #expect(answer.status == 403 && answer.text.contains("<Code>AccessDenied</Code>"))
            }
            let (_, found) = try await server.assume()
            let credentials = try #require(found)
            #expect(
                try await server.whoAmI(credentials).text.contains(
                    "arn:aws:sts::111122223333:assumed-role/MusterRecovery/muster"
                )
            )
            let trust = "{\"spokePrincipals\": [\"arn:aws:iam::999900001111:role/Other\"]}"
            _ = try await server.send("POST", "/simulator/accounts/111122223333", trust, credentials: nil)
            #expect(try await server.assume().0.status == 403)
            let path = "{\"spokePrincipals\": [\"arn:aws:iam::999900001111:role/another/path/Spoke\"]}"
            _ = try await server.send("POST", "/simulator/accounts/111122223333", path, credentials: nil)
            #expect(try await server.assume().0.status == 200)
        }
    }

    @Test func `loses a role when its credentials expire, and may do only what the role may`() async throws {
        try await ServerUnderTest.serve(try Sample()) { server in
            let (_, found) = try await server.assume("Reader")
            let reader = try #require(found)
            let listed = try await server.send(
                "POST",
                "/DescribeSourceServers",
                "{}",
                service: "drs",
                credentials: reader
            )
            #expect(try JSON(parsing: listed.body)["items"]?.array?.count == 4)
            let denied = try await server.send("POST", "/StartRecovery", "{}", service: "drs", credentials: reader)
            #expect(denied.status == 403 && denied.headers["x-amzn-errortype"] == "AccessDeniedException")
            server.time.move(by: .seconds(3601))
            let expired = try await server.send("POST", "/DescribeJobs", "{}", service: "drs", credentials: reader)
            #expect(expired.status == 403 && expired.headers["x-amzn-errortype"] == "ExpiredTokenException")
            #expect(try await server.whoAmI(reader).text.contains("<Code>ExpiredToken</Code>"))
        }
    }
}

@Suite struct `A container` {
    @Test func `gets the keys of its principal from the credentials endpoint`() async throws {
        try await ServerUnderTest.serve(try Sample()) { server in
            let answer = try await server.send("GET", "/simulator/credentials/Spoke", credentials: nil)
            let keys = try JSON(parsing: answer.body)
            #expect(keys["AccessKeyId"] == "AKIASPOKE" && keys["SecretAccessKey"] == "hush")
            let expiration = try #require(keys["Expiration"]?.string)
            let expires = try #require(Instant(expiration))
            #expect(expires > server.time.now())
            #expect(try await server.send("GET", "/simulator/credentials/Nobody", credentials: nil).status == 400)
        }
    }
}

@Suite struct `A connection` {
    @Test func `closes when a fault drops an answer or cuts it in half, and the next one is served`() async throws {
        try await ServerUnderTest.serve(try Sample()) { server in
            for action in ["DROP_ANSWER", "DROP_REQUEST", "TRUNCATE"] {
                let rule = "{\"action\": \"\(action)\", \"operation\": \"GetCallerIdentity\", \"count\": 1}"
                _ = try await server.send("POST", "/simulator/faults", rule, credentials: nil)
                await #expect(throws: (any Error).self, "\(action)") { try await server.whoAmI() }
                #expect(try await server.whoAmI().status == 200)
            }
        }
    }

    @Test func `holds an answer back for as long as a fault says`() async throws {
        try await ServerUnderTest.serve(try Sample()) { server in
            let rule = "{\"action\": \"DELAY\", \"milliseconds\": 250, \"count\": 1}"
            _ = try await server.send("POST", "/simulator/faults", rule, credentials: nil)
            let began = server.time.elapsed()
            #expect(try await server.whoAmI().status == 200)
            #expect(server.time.elapsed() - began >= .milliseconds(250))
        }
    }

    @Test func `answers nonsense with an error in the service's own words`() async throws {
        try await ServerUnderTest.serve(try Sample()) { server in
            let (_, found) = try await server.assume()
            let credentials = try #require(found)
            let broken = try await server.send("POST", "/DescribeJobs", "{", service: "drs", credentials: credentials)
            #expect(broken.status == 400 && broken.headers["x-amzn-errortype"] == "SerializationException")
            let typed = try await server.send(
                "POST",
                "/DescribeJobs",
                "{\"maxResults\": []}",
                service: "drs",
                credentials: credentials
            )
            #expect(typed.status == 400)
            let unknown = try await server.send("POST", "/Explode", "{}", service: "drs", credentials: credentials)
            #expect(unknown.status == 404 && unknown.headers["x-amzn-errortype"] == "UnknownOperationException")
            #expect(try await server.send("POST", "/", "Action=Explode").text.contains("<Code>InvalidAction</Code>"))
            #expect(try await server.send("POST", "/", "", service: "s3").status == 501)
        }
    }
}

@Suite struct `A user pool` {
    /// The claims of a token whose signature one of the pool's keys made.
    private static func claims(_ token: String, _ keys: JSON) throws -> JSON? {
        let parts = token.split(separator: ".").map(String.init)
        let header = try JSON(parsing: try #require(Base64URL.decode(parts[0])))
        guard let key = keys["keys"]?.array?.first(where: { $0["kid"] == header["kid"] }) else { return nil }
        let modulus = try #require(Base64URL.decode(key["n"]?.string ?? ""))
        let exponent = try #require(Base64URL.decode(key["e"]?.string ?? ""))
        let signature = try #require(Base64URL.decode(parts[2]))
        let publicKey = try RSAPublicKey(modulus: modulus, exponent: exponent)
        guard publicKey.verifies(signature: signature, of: Array("\(parts[0]).\(parts[1])".utf8)) else { return nil }
        return try JSON(parsing: try #require(Base64URL.decode(parts[1])))
    }

    private static func get(_ path: String, _ server: ServerUnderTest) async throws -> JSON {
        try JSON(parsing: try await server.send("GET", "/us-east-1_MusterSim/\(path)", credentials: nil).body)
    }

    private static func post(_ path: String, _ body: String, _ server: ServerUnderTest) async throws -> JSON {
        try JSON(parsing: try await server.send("POST", path, body, credentials: nil).body)
    }

    @Test func `signs access tokens as Cognito makes them`() async throws {
        try await ServerUnderTest.serve(try Sample()) { server in
            let body = "{\"username\": \"ada\", \"groups\": [\"DRSOperator\"], \"expires_in\": 60}"
            let token =
                try await Self.post("/us-east-1_MusterSim/test/token", body, server)["access_token"]?.string ?? ""
            let keys = try await Self.get(".well-known/jwks.json", server)
            let claims = try #require(try Self.claims(token, keys))
            #expect(claims["iss"]?.string == server.origin + "/us-east-1_MusterSim")
            #expect(claims["token_use"] == "access" && claims["client_id"] == "muster-browser")
            #expect(claims["username"] == "ada" && claims["cognito:groups"] == ["DRSOperator"])
            #expect((claims["exp"]?.integer ?? 0) - (claims["iat"]?.integer ?? 0) == 60)
            let discovery = try await Self.get(".well-known/openid-configuration", server)
            #expect(discovery["issuer"] == claims["iss"])
        }
    }

    @Test func `gives programs tokens with the scopes that they may have`() async throws {
        try await ServerUnderTest.serve(try Sample()) { server in
            let form = "grant_type=client_credentials&client_id=muster-machine&client_secret=muster-machine-secret"
            let token = try await Self.post("/oauth2/token", form + "&scope=muster/read", server)
            let keys = try await Self.get(".well-known/jwks.json", server)
            #expect(try Self.claims(token["access_token"]?.string ?? "", keys)?["scope"] == "muster/read")
            #expect(try await Self.post("/oauth2/token", form + "&scope=other", server)["error"] == "invalid_scope")
            #expect(try await Self.post("/oauth2/token", form + "x", server)["error"] == "invalid_client")
        }
    }

    @Test func `changes its keys when told, and may keep showing the old one`() async throws {
        try await ServerUnderTest.serve(try Sample()) { server in
            let first = try await Self.get(".well-known/jwks.json", server)
            let token =
                try await Self.post("/us-east-1_MusterSim/test/token", "{}", server)["access_token"]?.string ?? ""
            let kept = try await Self.post("/us-east-1_MusterSim/test/keys", "{\"keepOld\": true}", server)
            #expect(kept["keys"]?.array?.count == 2)
            #expect(try Self.claims(token, kept) != nil)
            let dropped = try await Self.post("/us-east-1_MusterSim/test/keys", "{\"keepOld\": false}", server)
            #expect(try dropped["keys"]?.array?.count == 1 && Self.claims(token, dropped) == nil)
            #expect(first["keys"]?.array?.count == 1)
        }
    }
}
