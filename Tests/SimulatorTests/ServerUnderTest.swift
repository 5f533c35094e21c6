import AWS
import Ambient
import AsyncHTTPClient
import JSON
import Logging
import NIOCore
import NIOHTTP1
import Simulator
import Synchronization

/// The machine's clock, moved by hand: what expires can be let expire.
final class MovedTime: TimeSource {
    private let ahead = Mutex(Duration.zero)

    func now() -> Instant { SystemTime().now() + ahead.withLock { $0 } }
    func elapsed() -> Duration { SystemTime().elapsed() }
    func sleep(for duration: Duration) async throws { try await SystemTime().sleep(for: duration) }
    func move(by duration: Duration) { ahead.withLock { $0 += duration } }
}

/// A simulator on a socket, and a client that signs.
struct ServerUnderTest: Sendable {
    let origin: String
    let time: MovedTime
    let client: HTTPClient

    /// One for all tests, never shut down; it follows no redirect.
    private static let client = HTTPClient(
        eventLoopGroupProvider: .singleton,
        configuration: HTTPExchange.configuration
    )

    static let spoke = Credentials(accessKeyID: "AKIASPOKE", secretAccessKey: "hush", sessionToken: nil)

    struct Answer: Sendable {
        let status: Int
        let body: [UInt8]
        let text: String
        let headers: [String: String]
    }

    /// Serves a world while the body runs.
    static func serve(
        _ sample: Sample,
        userPool: UserPool.Settings = UserPool.Settings(),
        _ body: @escaping @Sendable (ServerUnderTest) async throws -> Void
    ) async throws {
        let time = MovedTime()
        let simulation = try Simulation(
            sample.world,
            userPool: userPool,
            ambient: Ambient(time: time, chance: SystemChance())
        )
        let (addresses, ready) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingNewest(1))
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = SimulatorServer(simulation, port: 0, logger: logger) { ready.yield($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            for await origin in addresses {
                let subject = ServerUnderTest(origin: origin, time: time, client: client)
                try await body(subject)
                break
            }
            group.cancelAll()
        }
    }

    /// Sends a request, signed by the credentials, then changed on its way.
    func send(
        _ method: String = "POST",
        _ path: String,
        _ body: String = "",
        service: String = "sts",
        credentials: Credentials? = ServerUnderTest.spoke,
        headers: [(name: String, value: String)] = [],
        late: Duration = .zero,
        changed: (inout [(name: String, value: String)]) -> Void = { _ in }
    ) async throws -> Answer {
        let host = String(origin.dropFirst("http://".count))
        var sent = [(name: "host", value: host)] + headers
        if let credentials {
            let signable = SignableRequest(method: method, path: path, headers: sent, body: Array(body.utf8))
            sent += SignatureV4.sign(
                signable,
                credentials: credentials,
                region: "us-east-1",
                service: service,
                at: time.now() - late
            )
        }
        changed(&sent)
        var request = HTTPClientRequest(url: origin + path)
        request.method = .init(rawValue: method)
        for (name, value) in sent { request.headers.add(name: name, value: value) }
        if !body.isEmpty { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await client.execute(request, timeout: .seconds(120))
        let bytes = Array(buffer: try await response.body.collect(upTo: 4 << 20))
        var known: [String: String] = [:]
        for (name, value) in response.headers { known[name.lowercased()] = value }
        return Answer(
            status: Int(response.status.code),
            body: bytes,
            text: String(decoding: bytes, as: UTF8.self),
            headers: known
        )
    }

    func whoAmI(
        _ credentials: Credentials = ServerUnderTest.spoke,
        late: Duration = .zero,
        headers: [(name: String, value: String)] = [],
        changed: (inout [(name: String, value: String)]) -> Void = { _ in }
    ) async throws -> Answer {
        try await send(
            "POST",
            "/",
            "Action=GetCallerIdentity&Version=2011-06-15",
            credentials: credentials,
            headers: headers,
            late: late,
            changed: changed
        )
    }

    /// Assumes a role; the credentials are nil when it is refused.
    func assume(
        _ role: String = "MusterRecovery",
        externalID: String? = "secret"
    ) async throws -> (Answer, Credentials?) {
        let external = externalID.map { "&ExternalId=\($0)" } ?? ""
        let body = "Action=AssumeRole&RoleArn=arn:aws:iam::111122223333:role/\(role)&RoleSessionName=muster\(external)"
        let answer = try await send("POST", "/", body)
        func value(_ name: String) -> String {
            answer.text.split(separator: "<\(name)>").dropFirst().first?.split(separator: "<").first.map(String.init)
                ?? ""
        }
        guard answer.status == 200 else { return (answer, nil) }
        return (
            answer,
            Credentials(
                accessKeyID: value("AccessKeyId"),
                secretAccessKey: value("SecretAccessKey"),
                sessionToken: value("SessionToken")
            )
        )
    }
}
