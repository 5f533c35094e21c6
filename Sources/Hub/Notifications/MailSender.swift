internal import Ambient
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Recovery

/// Sends mail: it carries what `MailDialogue` decides to the server and back.
struct MailSender: Sendable {
    let rule: DestinationRule
    let group: any EventLoopGroup
    /// A PEM file with further authorities.
    let authorities: String?
    let time: any TimeSource

    /// Servers that look a sender up take some seconds; one that takes longer is busy.
    private static let patience = Duration.seconds(30)

    /// Sends one message to all its receivers, or to none.
    ///
    /// - Throws: `DeliveryProblem`.
    func send(
        _ message: MailMessage,
        through mail: NotificationTarget.Mail,
        password: String?,
        as name: String
    ) async throws {
        let (address, _) = try await rule.address(of: mail.host, port: mail.port)
        let dialogue = MailDialogue(mail, password: password, name: name)
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await converse(dialogue, message.bytes, with: mail, at: address) }
                group.addTask {
                    try await time.sleep(for: Self.patience)
                    throw DeliveryProblem("the mail server takes longer than \(Self.patience.components.seconds) s")
                }
                try await group.next()
                group.cancelAll()
            }
        } catch let problem as DeliveryProblem {
            throw problem
        } catch let error as CancellationError {
            throw error
        } catch is NIOSSLError {
            throw DeliveryProblem("TLS with the mail server failed")
        } catch is MailReplies.Unreadable {
            throw DeliveryProblem("the mail server does not speak SMTP", isFinal: true)
        } catch {
            throw DeliveryProblem("the mail server cannot be reached: \(String("\(type(of: error))".prefix(60)))")
        }
    }

    private func converse(
        _ dialogue: MailDialogue,
        _ message: [UInt8],
        with mail: NotificationTarget.Mail,
        at address: SocketAddress
    ) async throws {
        let context = try NIOSSLContext(configuration: WebhookSender.tls(authorities))
        // An address is not named in TLS (RFC 6066 section 3); the certificate is compared with it all the same.
        let name = Network.bytes(of: mail.host) == nil ? mail.host : nil
        let channel = try await ClientBootstrap(group: group).connectTimeout(.seconds(10)).connect(to: address) {
            channel in
            channel.eventLoop.makeCompletedFuture {
                if mail.security == .tls {
                    let tls = try NIOSSLClientHandler(context: context, serverHostname: name)
                    try channel.pipeline.syncOperations.addHandler(tls)
                }
                return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            }
        }
        try await channel.executeThenClose { inbound, outbound in
            var (dialogue, replies) = (dialogue, MailReplies())
            for try await bytes in inbound {
                try replies.add(bytes.readableBytesView)
                while let reply = try replies.next() {
                    var step = dialogue.receive(reply)
                    if step == .secure {
                        // What came with the answer to STARTTLS was said by nobody who is known (CVE-2011-0411).
                        guard replies.isEmpty else {
                            throw DeliveryProblem("the server speaks before TLS", isFinal: true)
                        }
                        try await Self.secure(channel.channel, context, name)
                        step = dialogue.secured()
                    }
                    switch step {
                    case .say(let line): try await outbound.write(ByteBuffer(string: line + "\r\n"))
                    case .send: try await outbound.write(ByteBuffer(bytes: message + Array(".\r\n".utf8)))
                    case .done: return try await outbound.write(ByteBuffer(string: "QUIT\r\n"))
                    case .fail(let problem, let isFinal): throw DeliveryProblem(problem, isFinal: isFinal)
                    case .secure: throw DeliveryProblem("the server asks for TLS twice", isFinal: true)
                    }
                }
            }
            throw DeliveryProblem("the mail server closed the connection")
        }
    }

    private static func secure(_ channel: any Channel, _ context: NIOSSLContext, _ name: String?) async throws {
        try await channel.eventLoop.submit {
            let tls = try NIOSSLClientHandler(context: context, serverHostname: name)
            try channel.pipeline.syncOperations.addHandler(tls, position: .first)
        }.get()
    }
}
