import Ambient
import Forgeries
import Hub
import Hummingbird
import JSON
import Logging
import NIOHTTP1
import OpenSSL
import OrderedCollections
import Schema
import Synchronization
import TestKit
import Testing
import WebToken

/// An issuer that counts how often its keys are fetched, and may change them.
private final class CountingIssuer: Sendable {
    private let state: Mutex<(document: [UInt8], fetches: Int)>

    init(_ document: [UInt8]) {
        state = Mutex((document, 0))
    }

    var fetches: Int { state.withLock { $0.fetches } }

    func publish(_ document: [UInt8]) { state.withLock { $0.document = document } }

    /// Runs it and a hub that believes it, for the time of the closure.
    static func run(
        _ body: @escaping @Sendable (CountingIssuer, _ url: String, HubUnderTest) async throws -> Void
    ) async throws {
        let keys = try Forge.keys.get()
        let issuer = CountingIssuer(Forge.keySet(["key-1": keys[0], "key-2": keys[1]]))
        let router = Router()
        router.get("/pool/.well-known/jwks.json") { _, _ in
            Response.json(
                bytes: issuer.state.withLock { state in
                    state.fetches += 1
                    return state.document
                }
            )
        }
        let (ports, port) = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let application = Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { port.yield($0.localAddress?.port ?? 0) },
            logger: .quiet
        )
        try await running([application]) {
            for await port in ports {
                let url = "http://127.0.0.1:\(port)/pool"
                let keys = ["MUSTER_COGNITO_ISSUER": url, "MUSTER_COGNITO_CLIENT_ID": Forge.client]
                try await HubUnderTest.run(keys: keys) { hub in try await body(issuer, url, hub) }
                return
            }
        }
    }
}

@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `A forged, stale or misused token at the hub` {
    /// What HTTP itself takes away: blanks around a field's value, and lines in it.
    private static let lostInHeaders = ["text: a blank before it", "text: a line end after it"]

    private static func get(_ hub: HubUnderTest, _ authorization: String) async throws -> (status: Int, body: JSON) {
        // As text over the wire, since no client library sends some of these.
        let answer = try await RawConnection.ask(
            hub.port,
            "GET /api/v1/users/me HTTP/1.1\r\nHost: hub\r\nAuthorization: \(authorization)\r\n\r\n"
        )
        let status = answer.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        let body = answer.firstRange(of: "\r\n\r\n").map { answer[$0.upperBound...] } ?? ""
        return (status, (try? JSON(parsing: Array(body.utf8))) ?? .null)
    }

    @Test func `is 401 in one sentence, whatever its kind, and costs the issuer one fetch`() async throws {
        try await CountingIssuer.run { issuer, url, hub in
            func forge() throws -> Forge { try Forge(now: SystemTime().now(), issuer: url) }
            #expect(try await Self.get(hub, "Bearer \(try forge().token())").status == 200)
            var answers: Set<JSON> = []
            var refused = 0
            for forgery in Forgery.all where !Self.lostInHeaders.contains(forgery.name) {
                let token = try forgery.make(try forge())
                let (status, body) = try await Self.get(hub, "Bearer \(token)")
                if token.utf8.contains(where: { $0 < 0x20 }) {
                    // Not even a header: turned away before anybody asks whose it is.
                    #expect(status == 400, "\(forgery.name)")
                    continue
                }
                #expect(status == 401, "\(forgery.name)")
                var members = body.object ?? [:]
                members["requestId"] = nil
                answers.insert(.object(members))
                refused += 1
            }
            #expect(answers.count == 1, "one answer for every kind: \(answers.map(\.text))")
            #expect(refused >= 60)
            #expect(issuer.fetches <= 2, "one at the start, one for all the unknown keys")
            #expect(try await Self.get(hub, "Bearer \(try forge().token())").status == 200)
        }
    }

    @Test func `is 401 wherever else it is put`() async throws {
        try await CountingIssuer.run { _, url, hub in
            let token = try Forge(now: SystemTime().now(), issuer: url).token()
            for authorization in [
                "Basic \(token)", "DPoP \(token)", "Bearer: \(token)", "Bearer=\(token)", "Token \(token)", token,
                "Bearer \(token), Bearer \(token)", "Bearer \(token) \(token)", #"Bearer "\#(token)""#,
                "Bearer token=\(token)",
            ] {
                #expect(try await Self.get(hub, authorization).status == 401, "\(authorization.prefix(12))")
            }
            for path in ["?access_token=\(token)", "?token=\(token)"] {
                let answer = try await hub.ask(.GET, "/api/v1/users/me\(path)", token: nil)
                #expect([400, 401].contains(answer.status), "\(path.prefix(10))")
            }
            for name in ["cookie", "x-authorization", "proxy-authorization", "x-forwarded-access-token"] {
                let headers = [(name, name == "cookie" ? "access_token=\(token)" : "Bearer \(token)")]
                let answer = try await hub.ask(.GET, "/api/v1/users/me", token: nil, bytes: nil, headers: headers)
                #expect(answer.status == 401, "\(name)")
            }
            let agent = try await hub.ask(.POST, "/agent/v1/progress", token: token, body: #"{"reports":[]}"#)
            #expect(agent.status == 401, "a person's token makes no spoke")
        }
    }

    @Test func `signed by a key that was withdrawn is refused once the hub has fetched again`() async throws {
        try await CountingIssuer.run { issuer, url, hub in
            let forge = try Forge(now: SystemTime().now(), issuer: url)
            let token = try forge.token()
            #expect(try await Self.get(hub, "Bearer \(token)").status == 200)
            issuer.publish(Forge.keySet(["key-3": forge.otherKey]))
            let fresh = try forge.token(header: forge.header(["kid": "key-3"]), by: forge.otherKey)
            #expect(try await Self.get(hub, "Bearer \(fresh)").status == 200, "an unknown key is fetched")
            #expect(try await Self.get(hub, "Bearer \(token)").status == 401, "the old key is gone")
            #expect(issuer.fetches == 2)
        }
    }
}
