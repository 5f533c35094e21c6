import Ambient
import Conductor
import HTTPTypes
import Hub
import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOHTTPTypes
import NIOPosix
import Recovery
import Schema
import TestKit
import Testing

/// A connection that takes nothing until told to.
private final class Jam: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = HTTPResponsePart
    var isOpen = false
    private var held: [EventLoopPromise<Void>] = []

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if let promise { held.append(promise) }
        letGo(context)
    }

    func flush(context: ChannelHandlerContext) {}

    func handlerRemoved(context: ChannelHandlerContext) {
        isOpen = true
        letGo(context)
    }

    /// The first so many pieces go out.
    func take(_ count: Int) {
        for promise in held.prefix(count) { promise.succeed() }
        held.removeFirst(min(count, held.count))
    }

    private func letGo(_ context: ChannelHandlerContext) {
        if isOpen { take(held.count) }
    }
}

@Suite struct `A reader's time` {
    private let unsent = Unsent()
    private let jam = Jam()

    private func channel() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(handlers: [jam, ReaderDeadline(unsent, patience: .seconds(30))])
        try channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 80)).wait()
        return channel
    }

    private func send(_ bytes: Int, over channel: EmbeddedChannel) {
        channel.writeAndFlush(HTTPResponsePart.body(ByteBuffer(repeating: 1, count: bytes)), promise: nil)
        channel.embeddedEventLoop.run()
    }

    @Test func `is over when it takes nothing, and what it was to get is not kept`() throws {
        let channel = try channel()
        send(100, over: channel)
        send(50, over: channel)
        #expect(unsent.bytes == 150)
        channel.embeddedEventLoop.advanceTime(by: .seconds(29))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
        #expect(unsent.droppedReaders == 1)
        jam.take(2)
        channel.embeddedEventLoop.run()
        #expect(unsent.bytes == 0)
        _ = try? channel.finish()
    }

    @Test func `begins anew with each piece that it takes`() throws {
        let channel = try channel()
        for _ in 0..<4 { send(10, over: channel) }
        for _ in 0..<3 {
            channel.embeddedEventLoop.advanceTime(by: .seconds(29))
            jam.take(1)
            channel.embeddedEventLoop.run()
        }
        #expect(channel.isActive)
        #expect(unsent.bytes == 10)
        channel.embeddedEventLoop.advanceTime(by: .seconds(30))
        #expect(!channel.isActive)
        jam.take(1)
        _ = try? channel.finish()
    }

    @Test func `does not pass while there is nothing to take`() throws {
        let channel = try channel()
        send(10, over: channel)
        jam.take(1)
        channel.embeddedEventLoop.advanceTime(by: .hours(3))
        #expect(channel.isActive)
        send(10, over: channel)
        channel.embeddedEventLoop.advanceTime(by: .seconds(29))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
        jam.take(1)
        _ = try? channel.finish()
    }
}

@Suite(.database(Schema.migrations, grants: Schema.roles)) struct `Who stops reading` {
    /// More than a connection's buffers hold at both ends.
    private static let notes = 400
    private static let patience = Duration.seconds(150)

    /// Asks over a connection that takes little and is not read from.
    private static func open(_ request: String, _ hub: HubUnderTest) async throws -> any Channel {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.socketOption(.so_rcvbuf), value: 4096)
            .channelOption(.autoRead, value: false)
            .connect(host: "127.0.0.1", port: hub.port).get()
        try await channel.writeAndFlush(ByteBuffer(string: request))
        return channel
    }

    /// What the hub says of itself.
    private static func gauge(_ name: String, _ hub: HubUnderTest) async throws -> Int {
        let text = String(decoding: try await hub.ask(.GET, "/metrics", token: nil).bytes, as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix(name + " ") }
        return try #require(line.flatMap { Int($0.dropFirst(name.count + 1)) })
    }

    /// A journal that is longer than any buffer.
    private static func write(_ execution: Execution, _ hub: HubUnderTest) async throws {
        let token = try hub.admin()
        let body = #"{"text":"\#(String(repeating: "what happened ", count: 140))"}"#
        try await withThrowingTaskGroup(of: Int.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    for _ in 0..<(notes / 8) {
                        let path = "/api/v1/executions/\(execution.id)/notes"
                        let answer = try await hub.ask(.POST, path, token: token, body: body)
                        #expect((200..<300).contains(answer.status), "worker \(worker): \(answer.code ?? "")")
                    }
                    return worker
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `of a live stream is dropped, and holds little until then`() async throws {
        try await HubUnderTest.run { hub in
            let execution = try await Conductor.startDrill()
            try await Self.write(execution, hub)
            let head = """
                GET /api/v1/executions/\(execution.id)/events HTTP/1.1\r\nHost: hub\r
                Authorization: Bearer \(try hub.admin())\r\nAccept: text/event-stream\r\n\r\n
                """
            let channel = try await Self.open(head, hub)
            try await eventually("it is held up", within: Self.patience) {
                try await Self.gauge("muster_unsent_bytes", hub) > 0
            }
            // A connection's 64 KiB, and one piece: 200 events.
            #expect(try await Self.gauge("muster_unsent_bytes", hub) < 1 << 20)
            #expect(try await Self.gauge("muster_live_streams", hub) == 1)
            try await eventually("it is dropped", within: Self.patience) {
                try await Self.gauge("muster_readers_dropped_total", hub) == 1
            }
            try await eventually("nothing of it is left", within: Self.patience) {
                let bytes = try await Self.gauge("muster_unsent_bytes", hub)
                let streams = try await Self.gauge("muster_live_streams", hub)
                return bytes == 0 && streams == 0
            }
            channel.close(promise: nil)
        }
    }

    @Test func `of one answer after another is dropped too`() async throws {
        try await HubUnderTest.run { hub in
            let request = "GET /api/v1/openapi.json HTTP/1.1\r\nHost: hub\r\n\r\n"
            let channel = try await Self.open(String(repeating: request, count: 50), hub)
            try await eventually("it is dropped", within: Self.patience) {
                try await Self.gauge("muster_readers_dropped_total", hub) == 1
            }
            try await eventually("nothing of it is left", within: Self.patience) {
                try await Self.gauge("muster_unsent_bytes", hub) == 0
            }
            channel.close(promise: nil)
        }
    }
}
