package import NIOCore
package import NIOHTTPTypes

/// Ends connections whose client is too slow: one that sends a byte now and then would hold a socket and a task for ever.
///
/// A first request has to begin soon after the connection, and every request has to have arrived whole soon after its
/// first line. How long its answer takes is not looked at: streams last for hours.
///
/// One is made for each connection (HTTP/2: each stream) and lives on its event loop.
package final class RequestDeadline: ChannelDuplexHandler, RemovableChannelHandler {
    package typealias InboundIn = HTTPRequestPart
    package typealias OutboundIn = HTTPResponsePart
    package typealias OutboundOut = HTTPResponsePart

    /// How long clients may take.
    package struct Times: Sendable {
        /// From the connection to the end of the first request's headers: many round trips on the worst of lines, and
        /// less than browsers keep a connection that they opened ahead of need.
        package var headers = TimeAmount.seconds(20)
        /// From the first line of a request to the end of its body: 1 MiB at 300 kbit/s, and longer than the hub's own
        /// limit for a database that hangs (10 s), during which it does not read on.
        package var request = TimeAmount.seconds(30)

        package init() {}
    }

    /// The client did not send a whole request in time.
    package struct Missed: Error {}

    private let times: Times
    private var deadline: Scheduled<Void>?
    /// Whether the request that is arriving has its answer already, as when its caller was turned away at its headers.
    private var isAnswered = false

    package init(_ times: Times = Times()) {
        self.times = times
    }

    package func handlerAdded(context: ChannelHandlerContext) {
        set(times.headers, context)
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            isAnswered = false
            set(times.request, context)
        case .body: break
        case .end: lift()
        }
        context.fireChannelRead(data)
    }

    package func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { isAnswered = true }
        context.write(data, promise: promise)
    }

    package func channelInactive(context: ChannelHandlerContext) {
        lift()
        context.fireChannelInactive()
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        lift()
    }

    private func set(_ time: TimeAmount, _ context: ChannelHandlerContext) {
        lift()
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: time) { bound.value.handler.miss(bound.value.context) }
    }

    /// A second answer to one request would be taken for the next one's.
    private func miss(_ context: ChannelHandlerContext) {
        if isAnswered { context.close(promise: nil) } else { context.fireErrorCaught(Missed()) }
    }

    private func lift() {
        deadline?.cancel()
        deadline = nil
    }
}

@available(*, unavailable)
extension RequestDeadline: Sendable {}
