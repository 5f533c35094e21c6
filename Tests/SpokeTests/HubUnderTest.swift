import AWS
import Ambient
import AsyncHTTPClient
import Conductor
import Contract
import HTTPTypes
import Hub
import Hummingbird
import JSON
import Logging
import NIOCore
import NIOHTTP1
import OrderedCollections
import PostgreSQL
import Recovery
import Schema
import ServiceLifecycle
import Spoke
import Store
import TestKit

/// The hub's end of the agent protocol over a real socket, with a database of its own.
struct HubUnderTest: Sendable {
    let origin: String
    let pool: Pool
    let conductor: Conductor

    /// Serves the protocol while the body runs.
    ///
    /// `origins` are those the hub believes to be its own; the one it listens at where none are named.
    static func serve(
        trusting cloud: Cloud,
        origins: [String]? = nil,
        _ body: @escaping @Sendable (HubUnderTest) async throws -> Void
    ) async throws {
        let database = try TestDatabase.current
        let (pool, ambient) = (try database.pool(size: 8), Ambient())
        let hints = Hints(
            notifier: try Notifier(connectionString: database.connectionString, ambient: ambient, logger: .silent),
            listener: try Listener(
                connectionString: database.connectionString,
                channels: Hints.channels,
                ambient: ambient,
                logger: .silent
            )
        )
        let conductor = Conductor(pool: pool, hints: hints, ambient: ambient, logger: .silent)
        let (ready, isReady) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingNewest(1))
        let door = Door { origin in
            var routes = Routes()
            Agents(
                trust: try AgentTrust(origins: origins ?? [origin], stsEndpoints: [cloud.origin]),
                identity: CallerIdentityCheck(exchange: HTTPExchange(client: .shared, time: ambient.time)),
                pool: pool,
                conductor: conductor,
                hints: hints,
                limits: RateLimits(.standard, time: ambient.time),
                ambient: ambient,
                logger: .silent
            ).bind(to: &routes)
            return Front(
                routes: routes,
                ambient: ambient,
                logger: .silent,
                proxies: .none,
                isOverTLS: false,
                signInOrigins: [],
                traffic: Traffic(),
                capacity: Capacity(time: ambient.time),
                unsent: Unsent()
            )
        }
        let application = Application(
            responder: door,
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in
                let origin = "http://127.0.0.1:\(channel.localAddress?.port ?? 0)"
                door.open(at: origin)
                isReady.yield(origin)
            },
            logger: .silent
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await hints.run() }
            group.addTask { await conductor.run() }
            defer { group.cancelAll() }
            try await serving(application) {
                for await origin in ready {
                    return try await body(HubUnderTest(origin: origin, pool: pool, conductor: conductor))
                }
            }
        }
        pool.close()
    }

    /// Registers an account, to be served by these principals.
    func register(_ number: AccountNumber = Cloud.account, principals: [String] = [Cloud.principal]) async throws {
        let account = Account(
            accountId: number,
            accountName: "account \(number)",
            regions: [Cloud.home.region, Cloud.bare.region],
            spokePrincipals: principals,
            owner: nil,
            tags: [:],
            externalId: "secret",
            revision: 1
        )
        try await account.create(through: pool, at: Ambient().now)
    }

    struct Answer: Sendable {
        let status: Int
        let body: JSON
    }

    func post(_ path: String, _ body: JSON, token: String? = nil, host: String? = nil) async throws -> Answer {
        var request = HTTPClientRequest(url: origin + path)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        if let token { request.headers.add(name: "authorization", value: "Bearer \(token)") }
        if let host { request.headers.replaceOrAdd(name: "host", value: host) }
        request.body = .bytes(ByteBuffer(bytes: body.bytes))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(120))
        let bytes = Array(buffer: try await response.body.collect(upTo: 4 << 20))
        return Answer(status: Int(response.status.code), body: (try? JSON(parsing: bytes)) ?? .null)
    }

    func count(_ sql: SQL) async throws -> Int {
        try await pool.first(Query(sql, as: Int.self)) ?? -1
    }
}

/// A hub's front that is made when its address is known, which is part of what it judges proofs by.
private final class Door: HTTPResponder {
    typealias Context = Arrival

    private let make: @Sendable (String) throws -> Front
    private let front = Watched<Front?>(nil)

    init(_ make: @escaping @Sendable (String) throws -> Front) {
        self.make = make
    }

    func open(at origin: String) {
        do {
            let made = try make(origin)
            front.change { $0 = made }
        } catch {
            preconditionFailure("the hub under test cannot be made: \(error)")
        }
    }

    func respond(to request: Request, context: Arrival) async throws -> Response {
        try await front.when { $0 }.respond(to: request, context: context)
    }
}

/// The parts of a proof, to be sent as they are or changed.
struct Forgery: Sendable {
    var nonce: String
    var proof: GetCallerIdentityProof
    var accounts: [String] = [Cloud.account.rawValue]

    /// Asks for a challenge and answers it, for the hub at `hub`, the STS at `sts`.
    init(
        _ hub: HubUnderTest,
        _ cloud: Cloud,
        hubOrigin: String? = nil,
        stsHost: String? = nil,
        credentials: Credentials = Cloud.credentials,
        region: String = "us-east-1"
    ) async throws {
        let challenge = try await hub.post("/agent/v1/challenges", ["region": "us-east-1"])
        nonce = challenge.body["nonce"]?.string ?? ""
        proof = .answering(
            .init(
                stsHost: stsHost ?? String(cloud.origin.dropFirst("http://".count)),
                region: region,
                hub: hubOrigin ?? hub.origin,
                nonce: nonce
            ),
            with: credentials,
            at: Ambient().now
        )
    }

    /// The request, with members of the proof replaced.
    func request(_ changes: [String: JSON] = [:]) -> JSON {
        var parts: [String: JSON] = [
            "nonce": .string(nonce), "accessKeyId": .string(proof.accessKeyId), "amzDate": .string(proof.amzDate),
            "region": .string(proof.region), "signedHeaders": .string(proof.signedHeaders),
            "signature": .string(proof.signature),
        ]
        if let token = proof.sessionToken { parts["sessionToken"] = .string(token) }
        parts.merge(changes) { $1 }
        let accounts = accounts.map { account -> JSON in ["accountId": .string(account), "regions": ["us-east-1"]] }
        return [
            "name": "test", "version": "1", "accounts": .array(accounts),
            "proof": .object(.init(uniqueKeysWithValues: parts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })),
        ]
    }
}
