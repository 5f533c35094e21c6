import AWS
import Ambient
import AsyncHTTPClient
import Logging
import Synchronization

/// A clock that runs ten times as fast as the machine's, and remembers what it was asked to wait.
final class QuickTime: TimeSource {
    private static let factor = 10
    private let waits = Mutex<[Duration]>([])

    func now() -> Instant { SystemTime().now() }

    func elapsed() -> Duration { SystemTime().elapsed() * Self.factor }

    func sleep(for duration: Duration) async throws {
        waits.withLock { $0.append(duration) }
        try await SystemTime().sleep(for: duration / Self.factor)
    }

    /// Every wait so far, the deadlines of attempts among them.
    var waited: [Duration] { waits.withLock { $0 } }
}

/// A test server with a client that takes it for AWS.
struct Bench {
    let server: TestServer

    /// For what is asked without the client; its time is the machine's, because its deadlines are short.
    let exchange: HTTPExchange
    let client: AWSClient
    let time: QuickTime

    static let credentials = Credentials(
        accessKeyID: "AKIDEXAMPLE",
        secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        sessionToken: "token"
    )

    var drs: DRSClient {
        DRSClient(
            client: client,
            account: "111122223333",
            region: "eu-west-1",
            credentials: FixedCredentials(Self.credentials)
        )
    }

    static let policy = CallPolicy(
        attemptTime: .seconds(30),
        callTime: .seconds(120),
        attempts: 4,
        backoff: Backoff(base: .milliseconds(100), limit: .seconds(1)),
        answerLimit: 1 << 20
    )

    /// Runs a test against a server that plays what it is told.
    static func running<Answer>(
        policy: CallPolicy = policy,
        limits: TokenBucket.Limits = TokenBucket.Limits(fastest: 1000, slowest: 1, burst: 1000),
        _ play: @escaping TestServer.Play,
        _ body: (Bench) async throws -> Answer
    ) async throws -> Answer {
        let time = QuickTime()
        return try await TestServer.running(play) { server in
            try await withClient { http in
                let exchange = HTTPExchange(client: http, time: SystemTime())
                let client = AWSClient(
                    exchange: HTTPExchange(client: http, time: time),
                    endpoints: try Endpoints(environment: ["AWS_ENDPOINT_URL": server.address]),
                    ambient: Ambient(time: time, chance: SeededChance(seed: 1)),
                    policy: policy,
                    pace: Pace(limits: limits),
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
                )
                return try await body(Bench(server: server, exchange: exchange, client: client, time: time))
            }
        }
    }

    /// Runs something with an HTTP client that is shut down after it.
    static func withClient<Answer>(_ body: (HTTPClient) async throws -> Answer) async throws -> Answer {
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: HTTPExchange.configuration)
        do {
            let answer = try await body(http)
            try await http.shutdown()
            return answer
        } catch {
            try await http.shutdown()
            throw error
        }
    }
}
