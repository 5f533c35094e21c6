import Ambient
import Contract
import Hub
import JSON
import NIOHTTP1
import OrderedCollections
import PostgreSQL
import Recovery
import Schema
import Store
import TestKit
import Testing

@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `A notification target` {
    private static let path = "/api/v1/notification-targets"
    /// Nothing internal is allowed, and no message leaves this machine: nobody is told of anything here.
    private static let keys = ["MUSTER_RATE_LIMITS": "off"]

    private func make(_ hub: HubUnderTest, _ body: JSON) async throws -> HubUnderTest.Answer {
        try await hub.ask(.POST, Self.path, token: try hub.admin(), body: body.text)
    }

    @Test func `is made, changed, tried and deleted, and its secret is never shown`() async throws {
        try await HubUnderTest.run(keys: Self.keys) { hub in
            let secret = "a secret of thirty-two characters"
            let body = NotificationSample.webhook("On call", "https://hooks.example.com/x", secret: secret)
            let made = try await make(hub, body)
            #expect(made.status == 201, "\(made.said)")
            let path = "\(Self.path)/\(try #require(try made.json["targetId"]?.string))"
            #expect(made.headers.first(name: "location") == path)
            let renamed = NotificationSample.webhook("Renamed", "https://hooks.example.com/y", secret: nil)
            let changed = try await hub.ask(.PUT, path, token: try hub.admin(), body: renamed.text)
            #expect(changed.status == 200, "\(changed.said)")
            #expect(try changed.json["hasSecret"]?.bool == true, "what is left out stays")
            // A mail server without a user takes no secret over.
            let mail = try await hub.ask(
                .PUT,
                path,
                token: try hub.admin(),
                body: NotificationSample.mail("Mail", host: "smtp.example.com", port: 25).text
            )
            #expect(try mail.json["hasSecret"]?.bool == false, "\(mail.said)")
            let list = try await hub.ask(.GET, Self.path, token: try hub.admin())
            let audit = try await hub.ask(.GET, "/api/v1/audit-events", token: try hub.admin())
            for answer in [made, changed, mail, list, audit] {
                #expect(!answer.said.contains(secret) && !answer.said.contains("thirty-two"))
            }
            let pool = try TestDatabase.current.pool()
            defer { pool.close() }
            let stored = try await pool.run(Query("SELECT t::text FROM notification_target t", as: String.self))
            #expect(!stored.joined().contains("thirty-two"))
            #expect(try await hub.ask(.DELETE, path, token: try hub.admin()).status == 204)
            #expect(try await hub.ask(.GET, path, token: try hub.admin()).status == 404)
        }
    }

    @Test func `tells its password to no other server, and for no other user, than it was given for`() async throws {
        try await HubUnderTest.run(keys: Self.keys) { hub in
            func mail(_ host: String, _ port: Int, _ user: String, _ password: String? = nil) -> JSON {
                NotificationSample.mail("M", host: host, port: port, username: user, password: password)
            }
            let made = try await make(hub, mail("smtp.example.com", 587, "dr", "a password"))
            let path = "\(Self.path)/\(try #require(try made.json["targetId"]?.string))"
            func change(_ body: JSON) async throws -> HubUnderTest.Answer {
                try await hub.ask(.PUT, path, token: try hub.admin(), body: body.text)
            }
            for elsewhere in [
                mail("smtp.example.net", 587, "dr"), mail("smtp.example.com", 588, "dr"),
                mail("smtp.example.com", 587, "eve"),
            ] {
                let answer = try await change(elsewhere)
                #expect(answer.status == 422, "\(answer.said)")
                #expect(try answer.json["errors"]?[0]?["pointer"]?.string == "/email/password")
            }
            #expect(try await change(mail("smtp.example.com", 587, "dr")).status == 200)
            #expect(try await change(mail("smtp.example.net", 587, "dr", "another")).status == 200)
        }
    }

    @Test func `of a name that is taken is refused, whatever its case`() async throws {
        try await HubUnderTest.run(keys: Self.keys) { hub in
            let url = "https://hooks.example.com/x"
            let first = try await make(hub, NotificationSample.webhook("On call", url))
            #expect(first.status == 201, "\(first.said)")
            try hub.expectProblem(try await make(hub, NotificationSample.webhook("ON CALL", url)), 409, "NAME_TAKEN")
        }
    }

    /// What is wrong, and where the answer says so.
    private static let wrong: [(body: JSON, status: Int, pointer: String)] = [
        (NotificationSample.webhook("T", "https://10.0.0.1/x"), 422, "/webhook/url"),
        (NotificationSample.webhook("T", "https://[::1]/x"), 422, "/webhook/url"),
        (NotificationSample.webhook("T", "http://hooks.example.com/x"), 422, "/webhook/url"),
        (NotificationSample.webhook("T", "https://user:pass@example.com/"), 400, "/webhook/url"),
        (NotificationSample.webhook("T", "https://example.com/#x"), 400, "/webhook/url"),
        (NotificationSample.webhook("T", "https://example.com:99999/"), 422, "/webhook/url"),
        (NotificationSample.webhook("T", "gopher://example.com/"), 400, "/webhook/url"),
        (NotificationSample.webhook("T", "https://example.com/\r\nHost: x"), 400, "/webhook/url"),
        (NotificationSample.webhook("T", "https://example.com/", secret: nil), 422, "/webhook/secret"),
        (NotificationSample.webhook("T", "https://example.com/", secret: "short"), 400, "/webhook/secret"),
        (
            NotificationSample.mail("T", host: "smtp.example.com", port: 25, to: ["a@b\r\nRCPT TO:<x@y>"]), 400,
            "/email/to/0"
        ),
        (NotificationSample.mail("T", host: "smtp example", port: 25), 400, "/email/host"),
        (NotificationSample.mail("T", host: "smtp.example.com", port: 0), 400, "/email/port"),
        (NotificationSample.mail("T", host: "smtp.example.com", port: 25, to: []), 422, "/email/to"),
        (NotificationSample.topic("T", "arn:aws:sqs:eu-west-1:111122223333:t"), 400, "/sns/topicArn"),
        (NotificationSample.topic("T", "arn:aws:sns:eu-west-1:111122223333:t.fifo"), 400, "/sns/topicArn"),
    ]

    @Test func `that is wrong is refused with the place of what is wrong`() async throws {
        try await HubUnderTest.run(keys: Self.keys) { hub in
            for (body, status, pointer) in Self.wrong {
                let answer = try await make(hub, body)
                #expect(answer.status == status && answer.pointers == [pointer], "\(body.text): \(answer.said)")
            }
            let both = JSON.object(
                (NotificationSample.webhook("T", "https://example.com/").object ?? [:]).merging(
                    NotificationSample.mail("T", host: "h", port: 25).object ?? [:]
                ) { first, _ in first }
            )
            let answer = try await make(hub, both)
            #expect(answer.status == 422 && answer.pointers == ["/email"], "\(answer.said)")
            let topic = NotificationSample.topic("T", "arn:aws:sns:eu-west-1:111122223333:t")
            try hub.expectProblem(try await make(hub, topic), 422, "UNKNOWN_ACCOUNT")
        }
    }

    @Test func `is nobody's who does not manage all accounts`() async throws {
        try await HubUnderTest.run(keys: Self.keys) { hub in
            let world = try await AccessWorld(hub)
            let limited = try world.limited(.admin)
            let path = "\(Self.path)/\(world.name("targetId", of: .here))"
            for method in [HTTPMethod.GET, .DELETE] {
                try hub.expectProblem(try await hub.ask(method, path, token: limited), 404, "NOT_FOUND")
            }
            #expect(try await hub.ask(.GET, Self.path, token: limited).json["items"]?.array == [])
            let body = NotificationSample.webhook("New", "https://example.com/").text
            let made = try await hub.ask(.POST, Self.path, token: limited, body: body)
            try hub.expectProblem(made, 403, "OUTSIDE_SCOPE")
        }
    }
}

/// Bodies of notification targets.
enum NotificationSample {
    static let secret = "0123456789abcdef0123456789abcdef"

    private static func body(
        _ name: String,
        _ kind: String,
        _ member: String,
        _ address: JSON,
        isEnabled: Bool = true
    ) -> JSON {
        .object([
            "targetName": .string(name), "kind": .string(kind), member: address, "isEnabled": .bool(isEnabled),
            "eventKinds": .array(Notice.Kind.choices.map { .string($0.rawValue) }),
        ])
    }

    static func webhook(
        _ name: String,
        _ url: String,
        secret: String? = secret,
        isEnabled: Bool = true
    ) -> JSON {
        let address: JSON = ["url": .string(url), "secret": secret.map { .string($0) } ?? .null]
        return body(name, "WEBHOOK", "webhook", address, isEnabled: isEnabled)
    }

    static func topic(_ name: String, _ arn: String, account: String = "111122223333") -> JSON {
        body(name, "SNS", "sns", ["accountId": .string(account), "topicArn": .string(arn)])
    }

    static func mail(
        _ name: String,
        host: String,
        port: Int,
        security: String = "STARTTLS",
        username: String? = nil,
        password: String? = nil,
        to: [String] = ["ada@example.com"]
    ) -> JSON {
        body(
            name,
            "EMAIL",
            "email",
            [
                "host": .string(host), "port": .integer(Int64(port)), "security": .string(security),
                "username": username.map { .string($0) } ?? .null, "password": password.map { .string($0) } ?? .null,
                "from": "dr@example.com", "to": .array(to.map { .string($0) }),
            ]
        )
    }
}
