internal import Ambient
internal import HTTPTypes
internal import JSON
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes

/// Answers what is no HTTP, or comes too slowly, with a problem document, like everything else that is refused, and closes
/// the connection.
///
/// One is made for each connection and lives on its event loop.
final class MalformedRequestAnswer: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let ambient: Ambient
    private let isOverTLS: Bool
    /// Whether the head of an answer went out and its end did not: then nothing else may be written.
    private var isAnswering = false

    init(ambient: Ambient, isOverTLS: Bool) {
        self.ambient = ambient
        self.isOverTLS = isOverTLS
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head: isAnswering = true
        case .body: break
        case .end: isAnswering = false
        }
        context.write(data, promise: promise)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let problem = Self.problem(for: error) else {
            context.fireErrorCaught(error)
            return
        }
        guard !isAnswering else {
            context.close(promise: nil)
            return
        }
        let id = ambient.identifier(for: Exchange.self).description
        let document = problem.document(requestId: id).bytes
        var headers: HTTPFields = [
            .contentType: "application/problem+json", .contentLength: String(document.count), .connection: "close",
        ]
        headers[.requestId] = id
        SecurityHeaders.add(to: &headers, overTLS: isOverTLS)
        let status = HTTPResponse.Status(code: problem.status)
        context.write(wrapOutboundOut(.head(HTTPResponse(status: status, headerFields: headers))), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: document))), promise: nil)
        // The rest of what the client sends is of no interest, but its end must be able to read the answer.
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
    }

    private static func problem(for error: any Error) -> Problem? {
        switch error {
        case HTTPParserError.headerOverflow:
            Problem(.headersTooLarge, "The headers, or the path, are over the limit.")
        case is HTTPParserError:
            Problem(.malformedRequest, "The request is not valid HTTP/1.1.")
        case is RequestDeadline.Missed:
            Problem(.requestTimeout, "The request did not arrive in time.")
        default: nil
        }
    }
}

@available(*, unavailable)
extension MalformedRequestAnswer: Sendable {}
