import Ambient
import Contract
import HTTPTypes
import Hub
import Hummingbird
import JSON
import NIOCore
import NIOHTTP1
import OpenSSL
import PostgreSQL
import Recovery
import Schema
import Store
import Synchronization
import TestKit
import Testing

/// A webhook's receiver over a real socket: it answers as told, and keeps what it got.
final class ReceiverUnderTest: Sendable {
    struct Got: Sendable {
        let headers: HTTPFields
        let body: [UInt8]
        let status: Int

        func header(_ name: String) -> String { HTTPField.Name(name).flatMap { headers[$0] } ?? "" }

        /// Whether it is signed as the documents say.
        func isSigned(with secret: String) -> Bool {
            let signed = Array("\(header("muster-timestamp")).".utf8) + body
            let code = HMACSHA256.authenticate(signed, key: Array(secret.utf8))
            return header("muster-signature") == "v1=\(Hex.encode(code))"
        }
    }

    private let state: Mutex<(statuses: [Int], got: [Got])>

    /// - Parameter statuses: What it answers first; then 204.
    init(answering statuses: [Int] = []) {
        state = Mutex((statuses, []))
    }

    var got: [Got] { state.withLock { $0.got } }

    private func take(_ headers: HTTPFields, _ body: [UInt8]) -> Int {
        state.withLock { state in
            let status = state.statuses.isEmpty ? 204 : state.statuses.removeFirst()
            state.got.append(Got(headers: headers, body: body, status: status))
            return status
        }
    }

    func run(_ body: @escaping @Sendable (_ url: String) async throws -> Void) async throws {
        let router = Router()
        router.post("/hook") { [self] request, _ in
            let bytes = Array(buffer: try await request.body.collect(upTo: 1 << 20))
            let status = HTTPResponse.Status(code: take(request.headers, bytes))
            let elsewhere: HTTPFields = status.kind == .redirection ? [.location: "/other"] : [:]
            return Response(status: status, headers: elsewhere)
        }
        let (ports, port) = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let application = Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { port.yield($0.localAddress?.port ?? 0) },
            logger: .quiet
        )
        try await running([application]) {
            for await port in ports { return try await body("http://127.0.0.1:\(port)/hook") }
        }
    }
}

@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `A message to a webhook` {
    private static let targets = "/api/v1/notification-targets"
    private static let allowed = ["MUSTER_NOTIFICATION_NETWORKS": "127.0.0.0/8, ::1", "MUSTER_RATE_LIMITS": "off"]

    private func make(_ hub: HubUnderTest, _ body: JSON) async throws -> String {
        let made = try await hub.ask(.POST, Self.targets, token: try hub.admin(), body: body.text)
        #expect(made.status == 201, "\(made.said)")
        return "\(Self.targets)/\(try #require(try made.json["targetId"]?.string))"
    }

    private func test(_ hub: HubUnderTest, _ path: String) async throws {
        let answer = try await hub.ask(.POST, "\(path)/test", token: try hub.admin())
        #expect(answer.status == 202, "\(answer.said)")
    }

    private func deliveries(_ hub: HubUnderTest, _ path: String, _ state: String = "") async throws -> [JSON] {
        let query = state.isEmpty ? "" : "?state=\(state)"
        let answer = try await hub.ask(.GET, "\(path)/deliveries\(query)", token: try hub.admin())
        return try answer.json["items"]?.array ?? []
    }

    /// Has what is tried again tried at once.
    private func hurry() async throws {
        let pool = try TestDatabase.current.pool()
        defer { pool.close() }
        let now = Ambient().now
        try await pool.execute(
            Statement("UPDATE notification_delivery SET next_at = \(now) WHERE state = 'WAITING' AND next_at > \(now)")
        )
    }

    @Test func `is signed, and sent again until it is taken`() async throws {
        let receiver = ReceiverUnderTest(answering: [500, 302])
        try await receiver.run { url in
            try await HubUnderTest.run(keys: Self.allowed) { hub in
                let path = try await make(hub, NotificationSample.webhook("On call", url))
                try await test(hub, path)
                try await eventually("it is delivered") {
                    try await hurry()
                    return try await deliveries(hub, path, "DELIVERED").count == 1
                }
                let got = receiver.got
                #expect(got.map(\.status) == [500, 302, 204], "a redirect is not followed and takes nothing")
                #expect(got.allSatisfy { $0.isSigned(with: NotificationSample.secret) })
                #expect(!got[0].isSigned(with: "another secret"))
                #expect(Set(got.map { $0.header("muster-delivery") }).count == 1, "it is the same message")
                let document = try JSON(parsing: got[2].body)
                #expect(document["version"]?.integer == 1 && document["count"]?.integer == 1)
                #expect(document["events"]?[0]?["kind"]?.string == "TEST")
                #expect(document["deliveryId"]?.string == got[2].header("muster-delivery"))
                let shown = try await hub.ask(.GET, path, token: try hub.admin()).json
                #expect(shown["waiting"]?.integer == 0 && shown["lastDeliveredAt"]?.string != nil)
            }
        }
    }

    @Test func `that was given up is shown, and sent again when a person says so`() async throws {
        let receiver = ReceiverUnderTest(answering: [503])
        try await receiver.run { url in
            try await HubUnderTest.run(keys: Self.allowed) { hub in
                let path = try await make(hub, NotificationSample.webhook("On call", url))
                try await test(hub, path)
                try await eventually("it was tried") {
                    try await deliveries(hub, path, "WAITING").first?["attempts"]?.integer == 1
                }
                let pool = try TestDatabase.current.pool()
                defer { pool.close() }
                try await pool.execute(
                    Statement(
                        """
                        UPDATE notification_delivery SET state = 'DEAD', next_at = NULL, ended_at = created_at
                         WHERE state = 'WAITING'
                        """
                    )
                )
                #expect(try await hub.ask(.GET, path, token: try hub.admin()).json["deadDeliveries"]?.integer == 1)
                let dead = try #require(try await deliveries(hub, path, "DEAD").first)
                #expect(dead["problem"]?.string == "the receiver answered with status 503")
                let resend = "\(path)/deliveries/\(try #require(dead["deliveryId"]?.string))/resend"
                #expect(try await hub.ask(.POST, resend, token: try hub.admin()).status == 202)
                try await eventually("it is delivered") {
                    try await deliveries(hub, path, "DELIVERED").count == 1
                }
                let again = try await hub.ask(.POST, resend, token: try hub.admin())
                try hub.expectProblem(again, 409, "DELIVERY_NOT_DEAD")
                let unknown = "\(path)/deliveries/\(NotificationDelivery.ID.sample(99))/resend"
                #expect(try await hub.ask(.POST, unknown, token: try hub.admin()).status == 404)
            }
        }
    }

    @Test func `does not go to an address that only the hub can reach`() async throws {
        let receiver = ReceiverUnderTest()
        try await receiver.run { url in
            // Another network is allowed, so that plain http may be said.
            try await HubUnderTest.run(keys: ["MUSTER_NOTIFICATION_NETWORKS": "10.0.0.0/8"]) { hub in
                let named = url.replacing("127.0.0.1", with: "localhost")
                let path = try await make(hub, NotificationSample.webhook("By name", named))
                try await test(hub, path)
                try await eventually("it is given up at once") {
                    try await deliveries(hub, path, "DEAD").count == 1
                }
                let dead = try #require(try await deliveries(hub, path).first)
                #expect(dead["attempts"]?.integer == 1)
                #expect(dead["problem"]?.string?.contains("is an internal address") == true, "\(dead)")
                #expect(receiver.got.isEmpty)
            }
        }
    }

    @Test func `tells of a flood once, with its number`() async throws {
        let receiver = ReceiverUnderTest()
        try await receiver.run { url in
            try await HubUnderTest.run(keys: Self.allowed) { hub in
                let path = try await make(hub, NotificationSample.webhook("On call", url))
                let pool = try TestDatabase.current.pool()
                defer { pool.close() }
                let notices = (1...400).map { number in
                    Notice(
                        noticeId: .sample(number),
                        kind: .serversFailed,
                        at: .sample,
                        accounts: [],
                        title: "Event \(number)"
                    ).tell
                }
                try await pool.transaction { transaction in try await transaction.execute(notices) }
                try await eventually("it is delivered") {
                    try await deliveries(hub, path, "DELIVERED").count == 1
                }
                let document = try JSON(parsing: try #require(receiver.got.first).body)
                #expect(receiver.got.count == 1 && document["count"]?.integer == 400)
                #expect(document["events"]?.array?.count == NoticeMessage.mostShown)
            }
        }
    }
}
