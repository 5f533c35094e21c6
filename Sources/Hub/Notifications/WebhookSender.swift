package import Ambient
internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
internal import OpenSSL
internal import Recovery

/// Sends messages to webhooks, signed.
struct WebhookSender: Sendable {
    let rule: DestinationRule
    let group: any EventLoopGroup
    /// A PEM file with further authorities.
    let authorities: String?
    let failpoints: Failpoints

    /// A receiver that takes longer does its work while it should only have noted the message.
    private static let timeout = TimeAmount.seconds(10)

    /// Sends one message; 2xx means that it was taken.
    ///
    /// - Parameters:
    ///   - body: What is sent.
    ///   - id: The delivery, by which a receiver knows a repeated message.
    ///   - url: Where to.
    ///   - secret: What it is signed with.
    ///   - now: The time that is signed with it.
    /// - Throws: `DeliveryProblem`.
    func send(
        _ body: [UInt8],
        as id: NotificationDelivery.ID,
        to url: String,
        signedWith secret: [UInt8],
        at now: Instant
    ) async throws {
        guard let place = WebhookURL(url) else { throw DeliveryProblem("the URL cannot be read", isFinal: true) }
        let (address, standing) = try await rule.address(of: place.host, port: place.port)
        guard place.isSecure || standing == .allowed else {
            throw DeliveryProblem("plain http is for networks of MUSTER_NOTIFICATION_NETWORKS only", isFinal: true)
        }
        var request = HTTPClientRequest(url: place.text)
        request.method = .POST
        let signature = WebhookSignature(of: body, with: secret, at: now)
        request.headers.add(name: "content-type", value: "application/json")
        request.headers.add(name: "user-agent", value: "muster")
        request.headers.add(name: "muster-delivery", value: id.description)
        request.headers.add(name: "muster-timestamp", value: signature.timestamp)
        request.headers.add(name: "muster-signature", value: signature.text)
        request.body = .bytes(ByteBuffer(bytes: body))
        let status = try await status(of: request, host: place.host, at: address.ipAddress ?? place.host)
        guard (200..<300).contains(status) else { throw DeliveryProblem("the receiver answered with status \(status)") }
    }

    /// Connects to the very address that was looked at; TLS still names and checks the host.
    private func status(of request: HTTPClientRequest, host: String, at address: String) async throws -> Int {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(5))
        )
        configuration.dnsOverride = [host: address]
        configuration.httpVersion = .http1Only
        configuration.tlsConfiguration = Self.tls(authorities)
        let client = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
        do {
            let answer = try await failpoints.around("call.notification.webhook") {
                try await client.execute(request, timeout: Self.timeout)
            }
            // What it says besides is not read: a status is all that leaves a place that only the hub can reach.
            try await client.shutdown()
            return Int(answer.status.code)
        } catch {
            // The one error that counts is the request's.
            try? await client.shutdown()
            if error is CancellationError { throw error }
            throw DeliveryProblem("the receiver cannot be reached: \(Self.words(for: error))")
        }
    }

    static func tls(_ authorities: String?) -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let authorities { tls.additionalTrustRoots = [.file(authorities)] }
        return tls
    }

    private static func words(for error: any Error) -> String {
        switch error {
        case let error as HTTPClientError where error == .deadlineExceeded: "it takes longer than 10 s"
        case let error as HTTPClientError where error == .connectTimeout: "no connection within 5 s"
        case is NIOSSLError, is BoringSSLError: "TLS failed"
        case is IOError, is ChannelError: "no connection"
        default: String("\(type(of: error))".prefix(60))
        }
    }
}

/// The signature of a webhook's message: HMAC-SHA-256 (RFC 2104) over the time, a full stop and the body.
package struct WebhookSignature: Sendable, Hashable {
    /// Seconds since 1970, as text.
    package let timestamp: String
    /// `v1=` and the code in hexadecimal.
    package let text: String

    /// - Parameters:
    ///   - body: The message's bytes.
    ///   - secret: What both sides know.
    ///   - now: The time, so that an old message is not taken for a new one.
    package init(of body: [UInt8], with secret: [UInt8], at now: Instant) {
        timestamp = String(now.milliseconds / 1000)
        text = "v1=" + Hex.encode(HMACSHA256.authenticate(Array("\(timestamp).".utf8) + body, key: secret))
    }
}

/// The parts of a webhook's URL, of which only plain characters are taken, so that no two readers can read it differently.
package struct WebhookURL: Sendable, Hashable {
    package let isSecure: Bool
    package let host: String
    package let port: Int
    /// The URL, its host in lower case.
    package let text: String

    package init?(_ text: String) {
        let pattern = /(https?):\/\/([A-Za-z0-9.\-]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{1,5}))?([\/?][!-"$-~]*)?/
        guard let parts = text.wholeMatch(of: pattern) else { return nil }
        isSecure = parts.1 == "https"
        host = parts.2.lowercased().filter { $0 != "[" && $0 != "]" }
        let usual = isSecure ? 443 : 80
        guard let port = parts.3.map({ Int($0) }) ?? usual, (1...65_535).contains(port) else { return nil }
        self.port = port
        self.text = "\(parts.1)://\(parts.2.lowercased()):\(port)\(parts.4 ?? "/")"
    }
}
