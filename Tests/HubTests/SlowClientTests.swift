import HTTPTypes
import Hub
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Schema
import TestKit
import Testing

@Suite struct `A client's time for a request` {
    private let head = HTTPRequestPart.head(HTTPRequest(method: .post, scheme: "http", authority: "hub", path: "/"))
    private let part = HTTPRequestPart.body(ByteBuffer(string: "x"))

    /// Whether the channel was told, within the time, that its client is too slow.
    private func isMissed(_ channel: EmbeddedChannel, after time: TimeAmount) -> Bool {
        channel.embeddedEventLoop.advanceTime(by: time)
        do {
            try channel.throwIfErrorCaught()
            return false
        } catch {
            return error is RequestDeadline.Missed
        }
    }

    @Test func `ends when no request begins`() throws {
        let channel = EmbeddedChannel(handler: RequestDeadline())
        #expect(!isMissed(channel, after: .seconds(19)))
        #expect(isMissed(channel, after: .seconds(1)))
        _ = try? channel.finish()
    }

    @Test func `ends in the middle of a body, however often a byte comes`() throws {
        let channel = EmbeddedChannel(handler: RequestDeadline())
        try channel.writeInbound(head)
        for _ in 0..<29 {
            #expect(!isMissed(channel, after: .seconds(1)))
            try channel.writeInbound(part)
        }
        #expect(isMissed(channel, after: .seconds(1)))
        _ = try? channel.finish()
    }

    @Test func `is over with the request, however long its answer takes`() throws {
        let channel = EmbeddedChannel(handler: RequestDeadline())
        try channel.writeInbound(head)
        try channel.writeInbound(HTTPRequestPart.end(nil))
        #expect(!isMissed(channel, after: .hours(3)))
        try channel.writeInbound(head)
        #expect(!isMissed(channel, after: .seconds(29)))
        #expect(isMissed(channel, after: .seconds(1)))
        _ = try? channel.finish()
    }
}

@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `A slow client` {
    /// Far longer than any of the hub's limits for a client.
    private let patience = Duration.seconds(150)

    @Test func `that sends half a request is told so, and let go`() async throws {
        try await HubUnderTest.run { [patience] hub in
            let head = "POST /api/v1/accounts HTTP/1.1\r\nHost: hub\r\nContent-Length: 100\r\n\r\n{"
            let answer = try await RawConnection.ask(hub.port, head, within: patience) { _ in false }
            // The caller is turned away at the headers; no second answer follows when the body does not.
            #expect(answer.hasPrefix("HTTP/1.1 401 ") && !answer.contains("408"))
        }
    }

    @Test func `that only connects is let go`() async throws {
        try await HubUnderTest.run { [patience] hub in
            let answer = try await RawConnection.ask(hub.port, "", within: patience) { _ in false }
            #expect(answer.hasPrefix("HTTP/1.1 408 "))
            #expect(answer.contains(#""code":"REQUEST_TIMEOUT""#))
            #expect(answer.lowercased().contains("content-security-policy: default-src 'none'"))
        }
    }

    @Test func `that does not begin its handshake is let go`() async throws {
        let files = try await CertificateUnderTest.make()
        let keys = ["MUSTER_TLS_CERTIFICATE": files.certificate, "MUSTER_TLS_KEY": files.key]
        try await HubUnderTest.run(keys: keys) { [patience] hub in
            let answer = try await RawConnection.ask(hub.port, "", within: patience) { _ in false }
            #expect(answer.isEmpty)
        }
    }
}
