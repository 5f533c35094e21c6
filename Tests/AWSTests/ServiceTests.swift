import AWS
import Ambient
import Testing

@Suite struct `The DRS client` {
    @Test func `reads every page`() async throws {
        try await Bench.running { request, number in
            #expect(number == 1 || request.text.contains("\"nextToken\":\"page\(number)\""))
            let next = number < 5 ? ",\"nextToken\":\"page\(number + 1)\"" : ""
            return .answer(body: "{\"items\":[{\"sourceServerID\":\"s-\(number)\"}]\(next)}")
        } _: { bench in
            let found = try await bench.drs.sourceServers().map(\.sourceServerID)
            #expect(found == ["s-1", "s-2", "s-3", "s-4", "s-5"])
        }
    }

    @Test func `does not read a page for ever`() async throws {
        try await Bench.running { _, _ in
            .answer(body: #"{"items":[],"nextToken":"same"}"#)
        } _: { bench in
            await #expect(throws: AWSFailure.self) { try await bench.drs.recoveryInstances() }
            #expect(bench.server.requests.count == 2)
        }
    }

    @Test func `asks for many identifiers in parts, and for none not at all`() async throws {
        try await Bench.running { _, _ in
            .answer(body: #"{"items":[]}"#)
        } _: { bench in
            _ = try await bench.drs.jobs((0..<401).map { "drsjob-\($0)" })
            #expect(bench.server.requests.count == 3)
            let none = try await bench.drs.sourceServers([])
            #expect(none.isEmpty && bench.server.requests.count == 3)
        }
    }

    @Test func `reads what DRS really answers`() async throws {
        let body = """
            {"items":[{"jobID":"drsjob-1","type":"LAUNCH","initiatedBy":"SOMETHING_NEW","status":"STARTED",
            "creationDateTime":"2022-12-07T19:15:38.846723+00:00","endDateTime":null,"unknown":{"a":[1]},
            "participatingServers":[{"sourceServerID":"s-1","launchStatus":"LAUNCHED"},{"launchStatus":"ODD"}]},
            {"jobID":"drsjob-2","creationDateTime":"2026-01-31T00:00:00Z","endDateTime":"soon"}]}
            """
        try await Bench.running { _, _ in
            .answer(body: body)
        } _: { bench in
            let jobs = try await bench.drs.jobs(since: Instant("2026-01-31T00:00:00.999Z"))
            #expect(bench.server.requests[0].text.contains(#""fromDate":"2026-01-31T00:00:00Z""#))
            #expect(jobs[0].creationDateTime?.instant == Instant("2022-12-07T19:15:38.846Z"))
            #expect(jobs[0].initiatedBy?.rawValue == "SOMETHING_NEW" && jobs[0].isActive)
            #expect(jobs[0].participatingServers?.first?.launchStatus == .launched)
            #expect(jobs[0].participatingServers?.last?.launchStatus == "ODD")
            #expect(jobs[1].endDateTime?.text == "soon" && jobs[1].endDateTime?.instant == nil)
        }
    }

    @Test func `writes a recovery as DRS wants it`() async throws {
        try await Bench.running { _, _ in
            .answer(status: 202, body: #"{"job":{"jobID":"drsjob-1"}}"#)
        } _: { bench in
            let job = try await bench.drs.startRecovery(
                of: [.init(sourceServerID: "s-1"), .init(sourceServerID: "s-2", recoverySnapshotID: "pit-2")],
                isDrill: true,
                tags: ["b": "2", "a": "1"]
            )
            #expect(job.jobID == "drsjob-1")
            let wanted = #"""
                {"sourceServers":[{"sourceServerID":"s-1"},{"sourceServerID":"s-2","recoverySnapshotID":"pit-2"}],"isDrill":true,"tags":{"a":"1","b":"2"}}
                """#
            #expect(bench.server.requests[0].text == wanted && bench.server.requests[0].target == "/StartRecovery")
        }
    }

    @Test func `signs an encoded path as it is sent`() async throws {
        try await Bench.running { _, _ in
            .answer(body: #"{"tags":{"a":"b"}}"#)
        } _: { bench in
            let arn = "arn:aws:drs:eu-west-1:111122223333:source-server/s-1"
            let found = try await bench.drs.tags(of: arn)
            #expect(found == ["a": "b"])
            let arrived = bench.server.requests[0]
            #expect(arrived.method == "GET")
            #expect(arrived.target == "/tags/arn%3Aaws%3Adrs%3Aeu-west-1%3A111122223333%3Asource-server%2Fs-1")
            let request = SignableRequest(method: "GET", path: arrived.target, headers: arrived.headers)
            let now = SystemTime().now()
            try SignatureV4.verify(request, secretAccessKey: Bench.credentials.secretAccessKey, at: now)
        }
    }
}

@Suite struct `An answer in XML` {
    private static let good = """
        <?xml version="1.0" encoding="UTF-8"?>
        <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
        <AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId><SecretAccessKey>a&amp;b&#x41;</SecretAccessKey>
        <SessionToken>token</SessionToken><Expiration>2026-11-26T19:54:40Z</Expiration></Credentials><PackedPolicySize/>
        </AssumeRoleResult></AssumeRoleResponse>
        """

    @Test func `is read as AWS writes it`() throws {
        let credentials = try STSClient.credentials(in: Array(Self.good.utf8))
        #expect(credentials.secretAccessKey == "a&bA" && credentials.sessionToken == "token")
    }

    /// Some of these end the program inside Foundation's reader.
    @Test(arguments: [
        ("<Credentials>", "<Credentials><?x?>"), ("<Credentials>", "<Credentials><!-- x -->"),
        ("<Credentials>", "<Credentials><![CDATA[x]]>"), ("<Credentials>", "<x:Credentials x:a=\"\">"),
        ("<Credentials>", "<Credentials a='1'>"), ("<Credentials>", "<Credentials a=\"<\">"),
        ("<AssumeRoleResponse", "<!DOCTYPE x [<!ENTITY a \"b\">]><AssumeRoleResponse"), ("&amp;", "&a;"),
        ("&amp;", "&#0;"), ("&amp;", "&#xD800;"), ("&amp;", "&"), ("UTF-8", "UTF-16"), ("</AssumeRoleResponse>", ""),
        ("</AssumeRoleResponse>", "</AssumeRoleResponse></x>"), ("token", "to\u{0}ken"), ("token", "to ken"),
        ("token", ""), ("<Credentials>", String(repeating: "<x>", count: 100) + "<Credentials>"),
        ("</Credentials>", "</credentials>"), ("<SecretAccessKey>", "<SecretAccessKeyX>"),
    ])
    func `is refused when it is anything else`(text: String, instead: String) {
        let bytes = Array(Self.good.replacing(text, with: instead).utf8)
        #expect(throws: (any Error).self) { try STSClient.credentials(in: bytes) }
        let odd = Self.good.utf8.map { $0 == UInt8(ascii: "7") ? 0xFF : $0 }
        #expect(throws: (any Error).self) { try STSClient.credentials(in: odd) }
    }
}

@Suite struct `The other clients` {
    private let credentials = FixedCredentials(Bench.credentials)

    @Test func `assume a role with its external ID`() async throws {
        let answer = """
            <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
            <AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
            <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>
            """
        try await Bench.running { _, number in
            number == 1 ? .cut(body: answer) : .answer(body: answer)
        } _: { bench in
            let role = AssumedRole(
                sts: STSClient(client: bench.client, region: "eu-west-1", credentials: credentials),
                roleARN: "arn:aws:iam::111122223333:role/Recovery",
                sessionName: "recovery east",
                externalID: "id+/"
            )
            let found = try await role.credentials().accessKeyID
            #expect(found == "ASIA1")
            let body = bench.server.requests[0].text
            #expect(
                body.hasPrefix(
                    "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2FRecovery"
                )
            )
            #expect(body.contains("&RoleSessionName=recovery-east&DurationSeconds=3600&ExternalId=id%2B%2F"))
        }
    }

    @Test func `say that AssumeRole was denied, without asking again`() async throws {
        let denied =
            "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not authorized</Message></Error></ErrorResponse>"
        try await Bench.running { _, _ in
            .answer(status: 403, body: denied)
        } _: { bench in
            let sts = STSClient(client: bench.client, region: "eu-west-1", credentials: credentials)
            let role = AssumedRole(sts: sts, roleARN: "arn:aws:iam::1:role/R", sessionName: "s", externalID: nil)
            let source = RefreshingCredentials(role, ambient: Ambient(time: bench.time))
            let drs = DRSClient(client: bench.client, account: "1", region: "eu-west-1", credentials: source)
            let failure = await #expect(throws: AWSFailure.self) { try await drs.sourceServers() }
            #expect(failure?.isAccessDenied == true && failure?.operation == "sts:AssumeRole")
            #expect(bench.server.requests.count == 1)
        }
    }

    @Test func `read the pages of DescribeInstances`() async throws {
        let one = """
            <DescribeInstancesResponse><reservationSet><item><instancesSet><item><instanceId>i-1</instanceId><instanceState><code>16\
            </code><name>running</name></instanceState><privateIpAddress>10.0.0.1</privateIpAddress></item></instancesSet></item>\
            </reservationSet><nextToken>two</nextToken></DescribeInstancesResponse>
            """
        let two = "<DescribeInstancesResponse><reservationSet/></DescribeInstancesResponse>"
        try await Bench.running { _, number in
            .answer(body: number == 1 ? one : two)
        } _: { bench in
            let ec2 = EC2Client(client: bench.client, account: "1", region: "eu-west-1", credentials: credentials)
            let instances = try await ec2.instances(["i-1", "i-2"])
            #expect(
                instances.map(\.id) == ["i-1"] && instances[0].state == "running"
                    && instances[0].privateIP == "10.0.0.1"
            )
            #expect(bench.server.requests[1].text.hasSuffix("&MaxResults=1000&NextToken=two"))
        }
    }

    @Test func `take a denied or unknown optional call for not available`() async throws {
        for status in [403, 501, 500] {
            try await Bench.running { _, _ in
                .answer(status: status, body: "")
            } _: { bench in
                let iam = IAMClient(client: bench.client, account: "1", region: "eu-west-1", credentials: credentials)
                let answer = try await iam.simulatePrincipalPolicy(
                    of: "arn:aws:iam::1:role/R",
                    actions: ["drs:StartRecovery"]
                )
                guard case .notChecked = answer else {
                    Issue.record("a failure counted as an answer")
                    return
                }
                let quotas = ServiceQuotasClient(
                    client: bench.client,
                    account: "1",
                    region: "eu-west-1",
                    credentials: credentials
                )
                let found = try await quotas.quotas()
                #expect(found == nil)
            }
        }
    }

    @Test func `say which actions are denied`() async throws {
        func member(_ action: String, _ decision: String) -> String {
            "<member><EvalActionName>\(action)</EvalActionName><EvalDecision>\(decision)</EvalDecision></member>"
        }
        let answer = """
            <SimulatePrincipalPolicyResponse><SimulatePrincipalPolicyResult><EvaluationResults>\(member("a:A", "allowed"))\
            \(member("b:B", "implicitDeny"))</EvaluationResults></SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>
            """
        try await Bench.running { _, _ in
            .answer(body: answer)
        } _: { bench in
            let iam = IAMClient(client: bench.client, account: "1", region: "eu-west-1", credentials: credentials)
            let found = try await iam.simulatePrincipalPolicy(of: "r", actions: ["a:A", "b:B"])
            #expect(found == .denied(["b:B"]))
        }
    }

    @Test func `read quotas and publish`() async throws {
        try await Bench.running { request, _ in
            request.target == "/" && request.header("x-amz-target") != nil
                ? .answer(body: #"{"Quotas":[{"QuotaCode":"L-D88FAC3A","Value":20.0},{"Value":1}]}"#)
                : .answer(
                    body: "<PublishResponse><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>"
                )
        } _: { bench in
            let quotas = ServiceQuotasClient(
                client: bench.client,
                account: "1",
                region: "eu-west-1",
                credentials: credentials
            )
            let found = try await quotas.quotas()?[ServiceQuotasClient.Code.concurrentJobs]
            #expect(found == 20)
            let sns = SNSClient(client: bench.client, region: "eu-west-1", credentials: credentials)
            let topic = "arn:aws:sns:eu-west-1:111122223333:drills"
            let message = try await sns.publish(to: topic, subject: "Drill\nfailed ✗", message: "m")
            #expect(message == "m-1")
            #expect(bench.server.requests[1].text.contains("&Subject=Drill%3Ffailed+%3F&"))
        }
    }

    @Test func `verify a proof with a real STS answer, and believe nothing else`() async throws {
        let good = """
            <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
            <Arn>arn:aws:sts::111122223333:assumed-role/Spoke/s</Arn><UserId>A:s</UserId><Account>111122223333</Account>
            </GetCallerIdentityResult></GetCallerIdentityResponse>
            """
        let replies: [(TestServer.Reply, String)] = [
            (.answer(body: good), "identified"), (.answer(status: 403, body: ""), "refused"), (.drop, "unavailable"),
            (.answer(status: 302, headers: [("Location", "/")], body: good), "unavailable"),
            (.answer(status: 201, body: good), "unavailable"), (.answer(body: good + good), "unavailable"),
            (.answer(status: 429, body: ""), "unavailable"),
        ]
        for (reply, expected) in replies {
            let verdict = try await Bench.running { _, _ in
                reply
            } _: { bench in
                let endpoint = try #require(Endpoint(address: bench.server.address, signingRegion: "eu-west-1"))
                let challenge = GetCallerIdentityProof.Challenge(
                    stsHost: endpoint.authority,
                    region: "eu-west-1",
                    hub: "https://hub",
                    nonce: "n"
                )
                let credentials = Credentials(accessKeyID: "ASIAIOSFODNN7EXAMPLE", secretAccessKey: "s")
                let proof = GetCallerIdentityProof.answering(challenge, with: credentials, at: bench.time.now())
                return try await CallerIdentityCheck(exchange: bench.exchange)
                    .verdict(on: proof, answering: challenge, askedOf: endpoint, at: bench.time.now())
            }
            #expect(String(describing: verdict).hasPrefix(expected))
        }
    }
}
