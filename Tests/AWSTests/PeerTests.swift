import AWS
import Ambient
import JSON
import Logging
import Testing

@Suite(.enabled(if: Peers.python != nil)) struct `An independent peer` {
    private let serverID = "s-00000000000000001"
    private let arn = "arn:aws:drs:eu-west-1:111122223333:source-server/s-00000000000000001"

    @Test func `finds nothing wrong with any request of DRS`() async throws {
        let requests = try await Bench.running { _, _ in
            .answer(body: #"{"items":[],"job":{"jobID":"drsjob-00000000000000001"}}"#)
        } _: { bench in
            let (drs, now) = (bench.drs, SystemTime().now())
            _ = try await drs.jobs(["drsjob-00000000000000001"])
            _ = try await drs.jobs(since: now)
            _ = try await drs.jobs(since: nil)
            _ = try await drs.jobLogItems(of: "drsjob-00000000000000001")
            _ = try await drs.sourceServers()
            _ = try await drs.sourceServers([serverID])
            _ = try await drs.recoverySnapshots(of: serverID, since: now)
            _ = try await drs.recoverySnapshots(of: serverID)
            _ = try await drs.recoveryInstances()
            _ = try await drs.recoveryInstances(["i-0123456789abcdef0"])
            _ = try await drs.recoveryInstances(ofServers: [serverID])
            _ = try await drs.launchConfiguration(of: serverID)
            _ = try await drs.tags(of: arn)
            let server = DRS.ServerToRecover(sourceServerID: serverID, recoverySnapshotID: "pit-00000000000000001")
            _ = try await drs.startRecovery(of: [server], isDrill: true, tags: ["muster:execution": "1"])
            _ = try await drs.terminateRecoveryInstances(["i-0123456789abcdef0"])
            return bench.server.requests
        }
        #expect(try await Peers.problems(ofDRSRequests: requests).isEmpty)
        let called = Set(requests.map { $0.method == "GET" ? "ListTagsForResource" : String($0.target.dropFirst()) })
        // Tagging a job needs its own permission, and no call.
        let actions = RequiredActions.called.filter { $0.hasPrefix("drs:") && $0 != "drs:TagResource" }
        #expect(Set(actions.map { String($0.dropFirst(4)) }) == called)
    }

    @Test func `finds nothing wrong with what is asked about DRS's own recovery plans`() async throws {
        let plan = "arn:aws:drs:eu-west-1:111122223333:recovery-plan/rp-00000000000000001"
        let execution = "arn:aws:drs:eu-west-1:111122223333:recovery-plan-execution/rpe-00000000000000001"
        let lists = #"""
            {"recoveryPlans":[{"recoveryPlanArn":"\#(plan)"}],"recoveryPlanExecutions":
            [{"recoveryPlanExecutionArn":"\#(execution)","recoveryPlanArn":"\#(plan)","status":"CREATED"}]}
            """#
        let requests = try await Bench.running { request, _ in
            let member = request.target == "/ListRecoveryPlans" ? "recoveryPlanExecutions" : "recoveryPlans"
            return request.target.hasSuffix("Steps")
                ? .answer(status: 501, body: "") : .answer(body: lists.replacing(member, with: "other"))
        } _: { bench in
            _ = try await bench.drs.activePlanExecutions()
            return bench.server.requests
        }
        #expect(try await Peers.problems(ofDRSRequests: requests).isEmpty)
        let actions = RequiredActions.optional.filter { $0.hasPrefix("drs:") }
        #expect(Set(actions.map { "/" + $0.dropFirst(4) }) == Set(requests.map(\.target)))
    }

    @Test func `finds what is wrong with a request`() async throws {
        let requests = try await Bench.running { _, _ in
            .answer(body: #"{"job":{"jobID":"drsjob-1"}}"#)
        } _: { bench in
            _ = try await bench.drs.startRecovery(of: [], isDrill: true, tags: [:])
            _ = try await bench.drs.terminateRecoveryInstances(["nonsense"])
            return bench.server.requests
        }
        let problems = try await Peers.problems(ofDRSRequests: requests)
        #expect(problems.contains("StartRecovery") && problems.contains("nonsense"))
    }

    @Test func `takes our signatures for STS, EC2 and SNS, and no other`() async throws {
        try await Peers.withMoto { world in
            try await Bench.withClient { http in
                let time = SystemTime()
                let client = AWSClient(
                    exchange: HTTPExchange(client: http, time: time),
                    endpoints: try Endpoints(environment: ["AWS_ENDPOINT_URL": try #require(world["endpoint"]?.string)]
                    ),
                    ambient: Ambient(time: time),
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
                )
                let key = try #require(world["accessKey"]?.string)
                let secret = try #require(world["secret"]?.string)
                try await ask(client, FixedCredentials(Credentials(accessKeyID: key, secretAccessKey: secret)), world)
                let wrong = FixedCredentials(Credentials(accessKeyID: key, secretAccessKey: "wrong"))
                let failure = await #expect(throws: AWSFailure.self) {
                    try await EC2Client(client: client, account: "1", region: "eu-west-1", credentials: wrong)
                        .instances(["i-1"])
                }
                #expect(failure?.status.map { (400..<500).contains($0) } == true)
            }
        }
    }

    private func ask(_ client: AWSClient, _ user: FixedCredentials, _ world: JSON) async throws {
        let region = "eu-west-1"
        let sts = STSClient(client: client, region: region, credentials: user)
        #expect(try await sts.callerIdentity().principal?.kind == .user(path: "/", name: "spoke"))
        let roleARN = try #require(world["role"]?.string)
        let role = AssumedRole(sts: sts, roleARN: roleARN, sessionName: "east", externalID: "external")
        let assumed = try await role.credentials()
        let lasts = try #require(assumed.expiration) - SystemTime().now()
        #expect(lasts > .seconds(3500) && lasts < .seconds(3700))
        let caller = try await STSClient(client: client, region: region, credentials: FixedCredentials(assumed))
            .callerIdentity()
        #expect(try #require(caller.principal).matches(try #require(Principal(arn: roleARN))))
        let ids = try #require(world["instances"]?.array).compactMap(\.string)
        let ec2 = EC2Client(client: client, account: "1", region: region, credentials: user)
        let instances = try await ec2.instances(ids + ["i-00000000000000000"])
        #expect(Set(instances.map(\.id)) == Set(ids))
        #expect(instances.allSatisfy { $0.state == "running" && $0.privateIP != nil && $0.launchedAt?.instant != nil })
        let sns = SNSClient(client: client, region: region, credentials: user)
        #expect(
            try await sns.publish(to: try #require(world["topic"]?.string), subject: "Drill", message: "done & +")
                != nil
        )
    }
}
