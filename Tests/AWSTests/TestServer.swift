import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A real HTTP server on loopback that plays what a test says, one reply a request.
final class TestServer: Sendable {
    /// A request as it arrived.
    struct Request: Sendable {
        let method: String
        let target: String
        let headers: [(name: String, value: String)]
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }

        func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    /// What the server does with a request.
    enum Reply: Sendable {
        case answer(status: Int = 200, headers: [(String, String)] = [], body: String = "{}")

        /// Closes the connection without a word.
        case drop

        /// Sends the head and half of the promised body, then closes.
        case cut(body: String)

        /// Sends the head and some of the body, then nothing for ever.
        case stall
    }

    typealias Play = @Sendable (Request, _ number: Int) async -> Reply

    private let received = Mutex<[Request]>([])
    private let play: Play
    private let channel = Mutex<(any Channel)?>(nil)

    private init(_ play: @escaping Play) {
        self.play = play
    }

    /// Runs a server for as long as the body runs.
    static func running<Answer>(
        _ play: @escaping Play,
        _ body: (TestServer) async throws -> Answer
    ) async throws -> Answer {
        let server = TestServer(play)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 256)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Conversation(server))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        server.channel.withLock { $0 = channel }
        do {
            let answer = try await body(server)
            try await channel.close()
            return answer
        } catch {
            try await channel.close()
            throw error
        }
    }

    /// Where it listens.
    var address: String {
        "http://127.0.0.1:\(channel.withLock { $0?.localAddress?.port } ?? 0)"
    }

    /// What has arrived.
    var requests: [Request] {
        received.withLock { $0 }
    }

    fileprivate func reply(to request: Request) async -> Reply {
        let number = received.withLock { received in
            received.append(request)
            return received.count
        }
        return await play(request, number)
    }
}

/// One connection: gathers a request, asks for the reply, plays it.
private final class Conversation: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let server: TestServer
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(_ server: TestServer) {
        self.server = server
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): (self.head, body) = (head, [])
        case .body(let buffer): body.append(contentsOf: buffer.readableBytesView)
        case .end:
            guard let head else { return }
            let request = TestServer.Request(
                method: head.method.rawValue,
                target: head.uri,
                headers: head.headers.map { ($0.name, $0.value) },
                body: body
            )
            let server = server
            let channel = context.channel
            let answered = channel.eventLoop.makeFutureWithTask { await server.reply(to: request) }
            answered.whenSuccess { Self.play($0, on: channel) }
        }
    }

    private static func play(_ reply: TestServer.Reply, on channel: any Channel) {
        func send(_ status: Int, _ headers: [(String, String)], _ body: String, length: Int) {
            var fields = HTTPHeaders(headers)
            fields.add(name: "content-length", value: String(length))
            let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: fields)
            channel.write(HTTPServerResponsePart.head(head), promise: nil)
            channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: body))), promise: nil)
        }
        switch reply {
        case .answer(let status, let headers, let body):
            send(status, headers, body, length: body.utf8.count)
            channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
        case .drop: channel.close(promise: nil)
        case .cut(let body):
            send(200, [], body, length: body.utf8.count * 2)
            channel.close(promise: nil)
        case .stall: send(200, [], "{", length: 100)
        }
    }
}
