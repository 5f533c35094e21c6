import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A real HTTP server on loopback that plays a hub as a test says.
final class PlayedHub: Sendable {
    /// A request as it arrived.
    struct Request: Sendable {
        let method: String
        let target: String
        let headers: HTTPHeaders
        let body: String

        func header(_ name: String) -> String? { headers.first(name: name) }
    }

    /// What the server does with a request.
    enum Reply: Sendable {
        case answer(String, status: Int = 200, headers: [(String, String)] = [])
        /// A stream of events that ends after these pieces.
        case stream([String])
        /// A stream that stays open for ever, and says something only after a while.
        case endlessStream([String], after: TimeAmount)
        /// Closes the connection without a word.
        case drop

        static func problem(_ status: Int, _ code: String, _ members: String = "") -> Reply {
            let body = #"{"status": \#(status), "code": "\#(code)", "detail": "No: \#(code)."\#(members)}"#
            return .answer(body, status: status, headers: [("content-type", "application/problem+json")])
        }
    }

    typealias Play = @Sendable (Request, _ number: Int) -> Reply

    private let received = Mutex<[Request]>([])
    private let play: Play
    private let channel = Mutex<(any Channel)?>(nil)

    private init(_ play: @escaping Play) {
        self.play = play
    }

    /// Runs a server for as long as the body runs.
    static func running<Answer>(
        _ play: @escaping Play,
        _ body: (PlayedHub) async throws -> Answer
    ) async throws -> Answer {
        let server = PlayedHub(play)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
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

    fileprivate func reply(to request: Request) -> Reply {
        let number = received.withLock { received in
            received.append(request)
            return received.count
        }
        return play(request, number)
    }
}

/// One connection: gathers a request, asks for the reply, plays it.
private final class Conversation: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let server: PlayedHub
    private var head: HTTPRequestHead?
    private var body = ""

    init(_ server: PlayedHub) {
        self.server = server
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): (self.head, body) = (head, "")
        case .body(let buffer): body += String(buffer: buffer)
        case .end:
            guard let head else { return }
            let request = PlayedHub.Request(
                method: head.method.rawValue,
                target: head.uri,
                headers: head.headers,
                body: body
            )
            play(server.reply(to: request), on: context.channel)
        }
    }

    private func play(_ reply: PlayedHub.Reply, on channel: any Channel) {
        func begin(_ status: Int, _ headers: [(String, String)]) {
            let head = HTTPResponseHead(
                version: .http1_1,
                status: .init(statusCode: status),
                headers: HTTPHeaders(headers)
            )
            channel.write(HTTPServerResponsePart.head(head), promise: nil)
        }
        func write(_ text: String) {
            channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: text))), promise: nil)
        }
        switch reply {
        case .answer(let body, let status, let headers):
            begin(status, headers + [("content-length", "\(body.utf8.count)")])
            write(body)
            channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
        case .stream(let pieces):
            begin(200, [("content-type", "text/event-stream")])
            pieces.forEach(write)
            channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
        case .endlessStream(let pieces, let delay):
            begin(200, [("content-type", "text/event-stream")])
            channel.flush()
            channel.eventLoop.scheduleTask(in: delay) {
                for piece in pieces {
                    let part = HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: piece)))
                    channel.writeAndFlush(part, promise: nil)
                }
            }
        case .drop: channel.close(promise: nil)
        }
    }
}
