import AWS
import Ambient
import AsyncHTTPClient
import Configuration
import Hub
import JSON
import Logging
import NIOCore
import NIOHTTP1
import PostgreSQL
import ServiceLifecycle
import Simulator
import Synchronization
import TestKit
import Testing

/// A wall clock that a test moves: what ends after hours can be let end, and a busy machine changes nothing.
///
/// It goes a millisecond at each look, so that what happens later is later.
final class MovedTime: TimeSource {
    private let time = Mutex(SystemTime().now())

    func now() -> Instant {
        time.withLock { time in
            time = time + .milliseconds(1)
            return time
        }
    }

    func elapsed() -> Duration { SystemTime().elapsed() }
    func sleep(for duration: Duration) async throws { try await SystemTime().sleep(for: duration) }
    func move(by duration: Duration) { time.withLock { $0 = $0 + duration } }
}

/// Hubs of one database and a simulated Cognito, over sockets, with one clock that a test moves.
struct SignInStage: Sendable {
    static let pool = "us-east-1_MusterSim"

    let cognito: String
    let ports: [Int]
    let time: MovedTime
    let client: HTTPClient
    let database: Pool

    /// Runs a stage for the time of the closure.
    ///
    /// - Parameters:
    ///   - hubs: How many hubs.
    ///   - keys: Further configuration of each.
    ///   - body: The test.
    /// - Throws: What the closure throws.
    static func run(
        hubs: Int = 1,
        keys: @escaping @Sendable (_ cognito: String) throws -> [String: String] = { _ in [:] },
        _ body: @escaping @Sendable (SignInStage) async throws -> Void
    ) async throws {
        let url = try TestDatabase.current.hubConnectionString
        let (time, client) = (MovedTime(), Self.client)
        let (origins, origin) = AsyncStream<String>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let ambient = Ambient(time: time, chance: SystemChance())
        let world = try WorldFile(parsing: WorldFile.default)
        let simulator = SimulatorServer(try Simulation(world, ambient: ambient), port: 0, logger: .quiet) {
            origin.yield($0)
        }
        let database = try TestDatabase.current.pool()
        try await running([simulator]) {
            for await cognito in origins {
                let configuration = try Self.configuration(cognito, try keys(cognito))
                try await Self.hubs(hubs, configuration, url, client, ambient) { ports in
                    try await body(
                        SignInStage(cognito: cognito, ports: ports, time: time, client: client, database: database)
                    )
                }
                return
            }
        }
        database.close()
    }

    /// One for all tests, never shut down; it follows no redirect.
    private static let client = HTTPClient(
        eventLoopGroupProvider: .singleton,
        configuration: HTTPExchange.configuration
    )

    private static func hubs(
        _ count: Int,
        _ configuration: HubConfiguration,
        _ url: String,
        _ client: HTTPClient,
        _ ambient: Ambient,
        _ body: @escaping @Sendable ([Int]) async throws -> Void
    ) async throws {
        let (listening, port) = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(count))
        let hubs = try (0..<count).map { _ in
            try Hub.build(
                configuration,
                databaseURL: url,
                client: client,
                ambient: ambient,
                logger: .quiet,
                onListening: { port.yield($0) }
            )
        }
        try await running(hubs.flatMap(\.services)) {
            var ports: [Int] = []
            for await port in listening {
                ports.append(port)
                if ports.count == count { return try await body(ports) }
            }
        }
    }

    private static func configuration(_ cognito: String, _ keys: [String: String]) throws -> HubConfiguration {
        let standard = [
            "MUSTER_LISTEN": "127.0.0.1:0", "MUSTER_PUBLIC_URL": "http://127.0.0.1:1",
            "MUSTER_COGNITO_ISSUER": "\(cognito)/\(pool)", "MUSTER_COGNITO_CLIENT_ID": "muster-browser,muster-machine",
            "MUSTER_COGNITO_CLIENT_SECRET": "muster-browser-secret", "MUSTER_COGNITO_DOMAIN": cognito, "HOME": "/tmp",
            "MUSTER_SECRET_KEY": "bXVzdGVyJ3MgdGVzdHMgbmVlZCAzMiBieXRlcyBub3c=",
        ]
        let environment = standard.merging(keys) { $1 }
        return try HubConfiguration(
            reading: ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: environment))
        )
    }

    /// A browser without any cookie.
    func browser(at hub: Int = 0) -> BrowserUnderTest {
        BrowserUnderTest(stage: self, port: ports[hub])
    }

    /// Tells the user pool something (`test/…`).
    @discardableResult
    func tell(_ path: String, _ body: String? = nil) async throws -> JSON {
        var request = HTTPClientRequest(url: "\(cognito)/\(Self.pool)/test/\(path)")
        if let body {
            request.method = .POST
            request.body = .bytes(ByteBuffer(string: body))
        }
        let answer = try await client.execute(request, timeout: .seconds(120))
        #expect(answer.status == .ok)
        return try JSON(parsing: Array(buffer: try await answer.body.collect(upTo: 1 << 20)))
    }

    /// How often the user pool did something with success: a grant by its name, or `revocation`.
    func count(_ what: String) async throws -> Int64 {
        try await tell("state")["counts"]?[what]?.integer ?? 0
    }

    /// The audit's actions, oldest first.
    func audit() async throws -> [String] {
        try await database.run(Query("SELECT action FROM audit_event ORDER BY at, event_id", as: String.self))
    }

    func sessions() async throws -> Int {
        try await database.first(Query("SELECT count(*) FROM browser_session", as: Int.self)) ?? -1
    }
}

/// A browser: it keeps the cookies of each origin, and goes where it is sent only when a test lets it.
final class BrowserUnderTest: Sendable {
    /// What the hub is reached by in the browser; its port is another one in each test.
    static let origin = "http://127.0.0.1:1"

    private let stage: SignInStage
    private let port: Int
    private let cookies = Mutex<[String: [String: String]]>([:])

    init(stage: SignInStage, port: Int) {
        self.stage = stage
        self.port = port
    }

    struct Answer: Sendable {
        let status: Int
        let headers: HTTPHeaders
        let text: String

        var location: String? { headers.first(name: "location") }
        var json: JSON { (try? JSON(parsing: Array(text.utf8))) ?? .null }
        var code: String? { json["code"]?.string }
    }

    /// The cookie of the hub by its name.
    subscript(name: String) -> String? {
        get { cookies.withLock { $0[Self.origin]?[name] } }
        set { cookies.withLock { $0[Self.origin, default: [:]][name] = newValue } }
    }

    /// Asks; an address without an origin is the hub's.
    ///
    /// `opened` is called when the answer has begun.
    func ask(
        _ method: HTTPMethod = .GET,
        _ address: String,
        _ body: String? = nil,
        headers: [(String, String)] = [],
        opened: () async throws -> Void = {}
    ) async throws -> Answer {
        let isElsewhere = address.hasPrefix(stage.cognito)
        let origin = isElsewhere ? stage.cognito : Self.origin
        let path = address.hasPrefix(origin) ? String(address.dropFirst(origin.count)) : address
        var request = HTTPClientRequest(url: (isElsewhere ? origin : "http://127.0.0.1:\(port)") + path)
        request.method = method
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        let jar = cookies.withLock { $0[origin] ?? [:] }
        if !jar.isEmpty {
            let text = jar.map { "\($0)=\($1)" }.joined(separator: "; ")
            request.headers.add(name: "cookie", value: text)
        }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let answer = try await stage.client.execute(request, timeout: .seconds(120))
        keep(answer.headers["set-cookie"], of: origin)
        try await opened()
        let text = String(buffer: try await answer.body.collect(upTo: 1 << 22))
        return Answer(status: Int(answer.status.code), headers: answer.headers, text: text)
    }

    private func keep(_ fields: [String], of origin: String) {
        for field in fields {
            let parts = field.split(separator: ";").map { $0.drop { $0 == " " } }
            let pair = parts[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let isOver = parts.contains("Max-Age=0")
            cookies.withLock {
                $0[origin, default: [:]][String(pair[0])] = isOver ? nil : pair.count == 2 ? String(pair[1]) : ""
            }
        }
    }

    /// A change that a page of the hub asks for.
    func change(_ method: HTTPMethod, _ path: String, _ body: String? = nil) async throws -> Answer {
        let headers = [("sec-fetch-site", "same-origin"), ("content-type", "application/json")]
        return try await ask(method, path, body, headers: headers)
    }

    /// A form of the hub's that is sent.
    func submit(_ path: String, _ form: String = "") async throws -> Answer {
        let headers = [
            ("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "navigate"),
            ("content-type", "application/x-www-form-urlencoded"),
        ]
        return try await ask(.POST, path, form, headers: headers)
    }

    /// From the hub to where the issuer would send the browser back: the address with the code.
    func callback(as username: String = "ada", from path: String = "/sign-in") async throws -> String {
        let begun = try await ask(.GET, path)
        #expect(begun.status == 303)
        let authorized = try await ask(.GET, try #require(begun.location))
        let target = try #require(authorized.location)
        guard target.contains("/login?") else { return target }
        let form = [("content-type", "application/x-www-form-urlencoded")]
        return try #require(try await ask(.POST, target, "username=\(username)", headers: form).location)
    }

    /// Signs in, and answers what the hub said at last.
    @discardableResult
    func signIn(as username: String = "ada", from path: String = "/sign-in") async throws -> Answer {
        try await ask(.GET, try await callback(as: username, from: path))
    }

    /// Who the hub says that is.
    func me() async throws -> Answer {
        try await ask(.GET, "/api/v1/users/me")
    }
}
