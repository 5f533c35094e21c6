import Ambient
import Hub
import JSON
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import OpenSSL
import Recovery
import Schema
import Synchronization
import TestKit
import Testing

/// A mail server over a real socket, which takes notes.
final class MailServerUnderTest: Sendable {
    struct Notes: Sendable {
        /// What was said, and whether under TLS.
        var said: [(line: String, isSecured: Bool)] = []
        var messages: [String] = []
    }

    /// How it behaves.
    enum Manner: Sendable {
        case offersTLS, plain
        /// It says something more before TLS begins, as somebody on the line would.
        case injects
        /// It knows no receiver.
        case refuses
    }

    private let manner: Manner
    private let certificate: CertificateUnderTest
    private let state = Mutex(Notes())

    init(_ manner: Manner, _ certificate: CertificateUnderTest) {
        self.manner = manner
        self.certificate = certificate
    }

    var notes: Notes { state.withLock { $0 } }

    func run(_ body: @escaping @Sendable (_ port: Int) async throws -> Void) async throws {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(
            host: "127.0.0.1",
            port: 0
        ) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            }
        }
        let port = server.channel.localAddress?.port ?? 0
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await server.executeThenClose { connections in
                    try await withThrowingDiscardingTaskGroup { group in
                        for try await connection in connections {
                            // A client that hangs up is no failure of the server's.
                            group.addTask { try? await self.serve(connection) }
                        }
                    }
                }
            }
            group.addTask { try await body(port) }
            try await group.next()
            group.cancelAll()
        }
    }

    private func serve(_ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async throws {
        try await connection.executeThenClose { inbound, outbound in
            func say(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text + "\r\n")) }
            var (bytes, isSecured, message): ([UInt8], Bool, [String]?) = ([], false, nil)
            try await say("220 mail.test ESMTP")
            for try await buffer in inbound {
                bytes += buffer.readableBytesView
                while let end = bytes.firstIndex(of: 10) {
                    let line = String(decoding: bytes[..<end].filter { $0 != 13 }, as: UTF8.self)
                    bytes.removeSubrange(...end)
                    if let lines = message {
                        message = line == "." ? nil : lines + [line]
                        guard line == "." else { continue }
                        state.withLock { $0.messages.append(lines.joined(separator: "\n")) }
                        try await say("250 taken")
                        continue
                    }
                    let secured = isSecured
                    state.withLock { $0.said.append((line, secured)) }
                    switch line.split(separator: " ").first?.uppercased() {
                    case "EHLO": try await say(greeting(isSecured))
                    case "STARTTLS":
                        let more = manner == .injects ? "250-mail.test\r\n250 AUTH PLAIN\r\n" : ""
                        try await secure(connection.channel, after: "220 go ahead\r\n" + more)
                        isSecured = true
                    case "AUTH": try await say("235 come in")
                    case "RCPT": try await say(manner == .refuses ? "550 nobody here" : "250 fine")
                    case "DATA":
                        message = []
                        try await say("354 speak")
                    case "QUIT": return try await say("221 bye")
                    case _: try await say("250 fine")
                    }
                }
            }
        }
    }

    private func greeting(_ isSecured: Bool) -> String {
        if isSecured { return "250-mail.test\r\n250 AUTH LOGIN PLAIN" }
        return manner == .plain ? "250-mail.test\r\n250 AUTH PLAIN" : "250-mail.test\r\n250 STARTTLS"
    }

    /// Says the last plain words and begins TLS in one turn of the event loop: the client's first bytes come after it.
    private func secure(_ channel: any Channel, after words: String) async throws {
        let tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(certificate.certificate).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: certificate.key, format: .pem))
        )
        let context = try NIOSSLContext(configuration: tls)
        try await channel.eventLoop.submit {
            channel.writeAndFlush(ByteBuffer(string: words), promise: nil)
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context), position: .first)
        }.get()
    }
}

@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `A mail` {
    private static let password = "a password of the mail server"

    /// Tries a target at a server of that manner; answers what became of the message and what the server noted.
    private func trial(
        _ manner: MailServerUnderTest.Manner,
        security: String = "STARTTLS",
        username: String? = "dr",
        isTrusted: Bool = true
    ) async throws -> (delivery: JSON, notes: MailServerUnderTest.Notes) {
        let certificate = try await CertificateUnderTest.make()
        let server = MailServerUnderTest(manner, certificate)
        var keys = ["MUSTER_NOTIFICATION_NETWORKS": "127.0.0.0/8"]
        if isTrusted { keys["MUSTER_NOTIFICATION_CA_FILE"] = certificate.certificate }
        let found = Mutex<JSON>(.null)
        try await server.run { [keys] port in
            try await HubUnderTest.run(keys: keys) { hub in
                let body = NotificationSample.mail(
                    "Team \(port)",
                    host: "127.0.0.1",
                    port: port,
                    security: security,
                    username: username,
                    password: username == nil ? nil : Self.password
                )
                let targets = "/api/v1/notification-targets"
                let made = try await hub.ask(.POST, targets, token: try hub.admin(), body: body.text)
                #expect(made.status == 201, "\(made.said)")
                let path = "\(targets)/\(try #require(try made.json["targetId"]?.string))"
                _ = try await hub.ask(.POST, "\(path)/test", token: try hub.admin())
                try await eventually("it was tried") {
                    let answer = try await hub.ask(.GET, "\(path)/deliveries", token: try hub.admin())
                    guard let delivery = try answer.json["items"]?[0], delivery["state"]?.string != "SENDING",
                        delivery["attempts"]?.integer != 0
                    else { return false }
                    found.withLock { $0 = delivery }
                    return true
                }
            }
        }
        return (found.withLock { $0 }, server.notes)
    }

    @Test func `goes out under TLS, with the password under TLS only`() async throws {
        let (delivery, notes) = try await trial(.offersTLS)
        #expect(delivery["state"]?.string == "DELIVERED", "\(delivery)")
        let verbs = notes.said.map { "\($0.line.split(separator: " ").first ?? "") \($0.isSecured)" }
        #expect(
            verbs == [
                "EHLO false", "STARTTLS false", "EHLO true", "AUTH true", "MAIL true", "RCPT true", "DATA true",
                "QUIT true",
            ] || verbs.last == "DATA true",
            "\(verbs)"
        )
        let login = Base64.encode(Array("\0dr\0\(Self.password)".utf8))
        #expect(notes.said.contains { $0.line == "AUTH PLAIN \(login)" })
        let message = try #require(notes.messages.first)
        let text = message.split(separator: "\n\n", maxSplits: 1).last.map { $0.replacing("\n", with: "") }
        let decoded = try #require(text.flatMap { Base64.decode(String($0)) })
        #expect(String(decoding: decoded, as: UTF8.self).contains("Whoever reads this"))
        #expect(message.contains("To: ada@example.com") && message.contains("Message-ID: <"))
    }

    @Test func `does not go to a server whose certificate nobody vouches for`() async throws {
        let (delivery, notes) = try await trial(.offersTLS, isTrusted: false)
        #expect(delivery["state"]?.string == "WAITING", "\(delivery)")
        #expect(notes.messages.isEmpty && !notes.said.contains { $0.line.hasPrefix("AUTH") })
    }

    @Test func `does not go out, and no password does, where the server offers no TLS`() async throws {
        for security in ["STARTTLS", "WHERE_OFFERED"] {
            let (delivery, notes) = try await trial(.plain, security: security)
            #expect(delivery["problem"]?.string?.contains("no STARTTLS") == true, "\(delivery)")
            #expect(notes.messages.isEmpty && !notes.said.contains { $0.line.hasPrefix("AUTH") })
        }
        let (open, notes) = try await trial(.plain, security: "WHERE_OFFERED", username: nil)
        #expect(open["state"]?.string == "DELIVERED" && notes.messages.count == 1, "\(open)")
    }

    @Test func `does not believe what was said before TLS`() async throws {
        let (delivery, notes) = try await trial(.injects)
        #expect(delivery["problem"]?.string == "the server speaks before TLS", "\(delivery)")
        #expect(notes.messages.isEmpty && !notes.said.contains { $0.line.hasPrefix("AUTH") })
    }

    @Test func `whose receiver is not known is dead at once, and says who`() async throws {
        let (delivery, notes) = try await trial(.refuses)
        #expect(delivery["state"]?.string == "DEAD")
        #expect(delivery["problem"]?.string == "the server refuses the receiver ada@example.com with 550")
        #expect(notes.messages.isEmpty)
    }

    @Test func `has a subject that no text breaks out of`() {
        for subject in ["plain", "Ünïcode ✗ \(String(repeating: "é", count: 200))", "a\r\nBcc: x@y", "=?utf-8?B?x?="] {
            let mail = MailMessage(
                from: "a@b",
                to: ["c@d", "e@f"],
                subject: subject,
                text: "one\ntwo ✓",
                at: .sample,
                messageId: "1@muster"
            )
            let text = String(decoding: mail.bytes, as: UTF8.self)
            let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
            #expect(lines.allSatisfy { $0.utf8.count <= 78 && !$0.contains("\n") }, "\(text)")
            #expect(!lines.contains { $0.hasPrefix("Bcc") || $0.hasPrefix(".") })
            let header = lines.drop { !$0.hasPrefix("Subject: ") }.prefix {
                $0.hasPrefix("Subject") || $0.hasPrefix(" ")
            }
            let words = header.joined().matches(of: /=\?utf-8\?B\?([A-Za-z0-9+\/=]*)\?=/)
            let decoded = words.flatMap { Base64.decode(String($0.1)) ?? [] }
            let said = words.isEmpty ? String(header.joined().dropFirst(9)) : String(decoding: decoded, as: UTF8.self)
            #expect(said == subject.replacing("\r\n", with: "  "), "\(said)")
            #expect(lines.contains { $0.hasPrefix("Date: ") && $0.hasSuffix(" +0000") })
        }
    }
}

@Suite struct `A mail server's answer` {
    @Test func `is read however it is cut into pieces`() throws {
        let text = Array("250-mail.test\r\n250-SIZE 1\r\n250 STARTTLS\r\n354 go\n".utf8)
        for size in 1...text.count {
            var replies = MailReplies()
            var read: [MailDialogue.Reply] = []
            for start in stride(from: 0, to: text.count, by: size) {
                try replies.add(text[start..<min(text.count, start + size)])
                while let reply = try replies.next() { read.append(reply) }
            }
            #expect(read.map(\.code) == [250, 354] && replies.isEmpty)
            #expect(read.first?.lines == ["mail.test", "SIZE 1", "STARTTLS"])
        }
    }

    @Test func `that is none is an error, and no crash`() {
        var random = SeededGenerator(Seed(3))
        for _ in 0..<2000 {
            let noise = (0..<random.number(0...200)).map { _ in UInt8(truncatingIfNeeded: random.next() % 64) }
            var replies = MailReplies()
            _ = try? replies.add(noise)
            while (try? replies.next()) ?? nil != nil {}
        }
        var replies = MailReplies()
        #expect(throws: MailReplies.Unreadable.self) {
            for _ in 0..<100 { try replies.add(Array(repeating: UInt8(ascii: "2"), count: 1000)) }
        }
        var dialogue = MailDialogue(
            .init(host: "h", port: 25, security: .startTLS, username: nil, from: "a@b", to: ["c@d"]),
            password: nil,
            name: "hub"
        )
        #expect(
            dialogue.receive(.init(code: 421, lines: []))
                == .fail("the server refuses the greeting with 421", isFinal: false)
        )
    }
}
