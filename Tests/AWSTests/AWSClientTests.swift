import AWS
import Ambient
import Logging
import Testing

private let job = #"{"job":{"jobID":"drsjob-00000000000000001","status":"PENDING"}}"#

@Suite struct `A call of AWS` {
    /// What the operation that must not be performed twice ends with.
    private func startFailure(_ bench: Bench) async throws -> AWSFailure {
        do {
            _ = try await bench.drs.startRecovery(of: [.init(sourceServerID: "s-1")], isDrill: true, tags: [:])
        } catch let failure as AWSFailure { return failure }
        return try #require(nil as AWSFailure?, "the call succeeded")
    }

    @Test func `is signed for its Region and with its token`() async throws {
        try await Bench.running { _, _ in
            .answer()
        } _: { bench in
            _ = try await bench.drs.sourceServers()
            let arrived = try #require(bench.server.requests.first)
            #expect(arrived.method == "POST" && arrived.target == "/DescribeSourceServers")
            let request = SignableRequest(
                method: arrived.method,
                path: arrived.target,
                headers: arrived.headers,
                body: arrived.body
            )
            let authorization = try SignatureV4.authorization(of: request)
            #expect(authorization.scope.region == "eu-west-1" && authorization.scope.service == "drs")
            #expect(arrived.header("x-amz-security-token") == "token")
            let now = SystemTime().now()
            try SignatureV4.verify(request, secretAccessKey: Bench.credentials.secretAccessKey, at: now)
        }
    }

    @Test func `that is throttled waits as long as it is told, even one that must not be repeated`() async throws {
        try await Bench.running { _, number in
            number == 1
                ? .answer(status: 429, headers: [("Retry-After", "7")], body: "{}") : .answer(status: 202, body: job)
        } _: { bench in
            let start = bench.time.elapsed()
            _ = try await bench.drs.startRecovery(of: [.init(sourceServerID: "s-1")], isDrill: true, tags: [:])
            #expect(bench.server.requests.count == 2)
            #expect(bench.time.elapsed() - start >= .seconds(7))
        }
    }

    @Test func `gives up at once when it is told to wait past its deadline`() async throws {
        try await Bench.running { _, _ in
            .answer(status: 429, headers: [("Retry-After", "300")], body: "")
        } _: { bench in
            let failure = await #expect(throws: AWSFailure.self) { try await bench.drs.sourceServers() }
            #expect(failure?.isThrottle == true && failure?.retryAfter == .seconds(300))
            #expect(bench.server.requests.count == 1)
        }
    }

    @Test(arguments: [500, 502, 503, 504]) func `is tried again after a server's error`(status: Int) async throws {
        try await Bench.running { _, number in
            number < 3 ? .answer(status: status, body: "oops") : .answer(body: #"{"items":[]}"#)
        } _: { bench in
            let found = try await bench.drs.sourceServers().isEmpty
            #expect(found)
            #expect(bench.server.requests.count == 3)
        }
    }

    static let doubts: [TestServer.Reply] = [
        .answer(status: 500, body: "{}"), .answer(status: 504, body: ""), .drop, .cut(body: job),
        .answer(status: 202, body: "{\"jo"),
        .answer(status: 202, body: "{}"), .answer(status: 200, body: String(repeating: " ", count: 1 << 20 + 1)),
    ]

    @Test(arguments: doubts.indices) func `that must not be repeated is unclear after`(index: Int) async throws {
        let reply = Self.doubts[index]
        try await Bench.running { _, _ in
            reply
        } _: { bench in
            let failure = try await startFailure(bench)
            #expect(failure.isUnclear && !failure.isTransient)
            #expect(bench.server.requests.count == 1)
        }
    }

    @Test(arguments: doubts.indices.dropLast(2)) func `that is harmless is repeated after`(index: Int) async throws {
        let reply = Self.doubts[index]
        try await Bench.running { _, number in
            number == 1 ? reply : .answer()
        } _: { bench in
            _ = try await bench.drs.sourceServers()
            #expect(bench.server.requests.count == 2)
        }
    }

    @Test func `that never left is tried again and was not performed`() async throws {
        // Nobody listens there any more.
        let address = try await TestServer.running { _, _ in
            .drop
        } _: {
            $0.address
        }
        let sent = Counter()
        try await Bench.withClient { http in
            let time = QuickTime()
            let client = AWSClient(
                exchange: HTTPExchange(client: http, time: time),
                endpoints: try Endpoints(environment: ["AWS_ENDPOINT_URL": address]),
                ambient: Ambient(time: time),
                policy: Bench.policy,
                logger: .init(label: "test")
            )
            let credentials = FixedCredentials(Bench.credentials)
            let drs = DRSClient(client: client, account: "1", region: "eu-west-1", credentials: credentials)
            let failure = await #expect(throws: AWSFailure.self) {
                try await drs.startRecovery(of: [.init(sourceServerID: "s-1")], isDrill: false, tags: [:]) {
                    sent.increment()
                }
            }
            #expect(failure?.kind == .notSent && failure?.isTransient == true)
            #expect(sent.count == 4)
        }
    }

    @Test func `has a deadline for each attempt`() async throws {
        var policy = Bench.policy
        policy.attemptTime = .seconds(10)
        try await Bench.running(policy: policy) { _, number in
            number == 1 ? .stall : .answer()
        } _: { bench in
            _ = try await bench.drs.sourceServers()
            #expect(bench.server.requests.count >= 2)
        }
        try await Bench.running(policy: policy) { _, _ in
            .stall
        } _: { bench in
            let found = try await startFailure(bench).isUnclear
            #expect(found)
        }
    }

    @Test func `has a deadline for all attempts together`() async throws {
        var policy = Bench.policy
        (policy.attemptTime, policy.callTime, policy.attempts) = (.seconds(10), .seconds(25), 100)
        try await Bench.running(policy: policy) { _, _ in
            .stall
        } _: { bench in
            let failure = await #expect(throws: AWSFailure.self) { try await bench.drs.sourceServers() }
            #expect(failure?.kind == .lost)
            // Told by attempts, which last 10 s each, and not by the clock: without the deadline there are a hundred.
            #expect(bench.server.requests.count <= 3)
        }
    }

    @Test func `is not sent when the last question before it says no`() async throws {
        struct LeaseLost: Error {}
        try await Bench.running { _, _ in
            .answer()
        } _: { bench in
            await #expect(throws: LeaseLost.self) {
                try await bench.drs.startRecovery(of: [.init(sourceServerID: "s-1")], isDrill: true, tags: [:]) {
                    throw LeaseLost()
                }
            }
            #expect(bench.server.requests.isEmpty)
        }
    }

    @Test func `ends when its task is cancelled`() async throws {
        try await Bench.running { _, _ in
            .stall
        } _: { bench in
            let drs = bench.drs
            await #expect(throws: CancellationError.self) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { _ = try await drs.sourceServers() }
                    try await eventually { bench.server.requests.count == 1 }
                    group.cancelAll()
                    try await group.next()
                }
            }
        }
    }

    @Test func `signs with the server's time when its own is wrong`() async throws {
        let date = "Thu, 01 Jan 2026 10:00:00 GMT"
        try await Bench.running { request, _ in
            guard request.header("x-amz-date")?.hasPrefix("20260101T10") == true else {
                return .answer(status: 403, headers: [("date", date)], body: #"{"__type":"InvalidSignatureException"}"#)
            }
            return .answer()
        } _: { bench in
            _ = try await bench.drs.sourceServers()
            _ = try await bench.drs.sourceServers()
            #expect(bench.server.requests.count == 3)
        }
    }

    @Test func `is not repeated for a wrong signature at the right time`() async throws {
        try await Bench.running { _, _ in
            .answer(status: 403, body: #"{"__type":"InvalidSignatureException"}"#)
        } _: { bench in
            await #expect(throws: AWSFailure.self) { try await bench.drs.sourceServers() }
            #expect(bench.server.requests.count == 1)
        }
    }

    @Test func `throws away a token that AWS calls expired`() async throws {
        let source = CountedSource { number in
            Credentials(
                accessKeyID: "AKID\(number)",
                secretAccessKey: "s",
                sessionToken: "t",
                expiration: SystemTime().now() + .seconds(3600)
            )
        }
        try await Bench.running { request, _ in
            request.header("authorization")?.contains("AKID1/") == true
                ? .answer(status: 403, headers: [("x-amzn-errortype", "ExpiredTokenException")], body: "{}") : .answer()
        } _: { bench in
            let credentials = RefreshingCredentials(source, ambient: Ambient(time: bench.time))
            let drs = DRSClient(client: bench.client, account: "1", region: "eu-west-1", credentials: credentials)
            _ = try await drs.sourceServers()
            #expect(bench.server.requests.count == 2 && source.count == 2)
        }
    }
}
