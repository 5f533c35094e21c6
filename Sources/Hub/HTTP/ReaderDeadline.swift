package import NIOCore
package import NIOHTTPTypes

/// Ends connections whose reader takes nothing: a live stream that nobody reads would hold its memory for ever.
///
/// Whoever writes waits while 64 KiB of its connection have not gone out (NIO's writability), so that a slow reader slows
/// its own stream down and nobody else's. Here is looked at how long it takes: where something is to go out and no piece
/// of it has gone for `patience`, the connection is closed. A reader that comes back opens another and gets what is so
/// then; what was not read is not kept.
///
/// One is made for each connection (HTTP/2: each stream) and lives on its event loop.
package final class ReaderDeadline: ChannelOutboundHandler, RemovableChannelHandler {
    package typealias OutboundIn = HTTPResponsePart
    package typealias OutboundOut = HTTPResponsePart

    /// How long a reader may take for one piece: 1 MiB at 300 kbit/s, as for a request's body.
    package static let patience = TimeAmount.seconds(30)

    private let patience: TimeAmount
    private let unsent: Unsent
    /// Pieces that were written and have not gone out.
    private var pieces = 0
    private var lastProgress = NIODeadline.uptimeNanoseconds(0)
    private var alarm: Scheduled<Void>?

    package init(_ unsent: Unsent, patience: TimeAmount = ReaderDeadline.patience) {
        self.unsent = unsent
        self.patience = patience
    }

    package func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let bytes = if case .body(let buffer) = unwrapOutboundIn(data) { buffer.readableBytes } else { 0 }
        if pieces == 0 { lastProgress = context.eventLoop.now }
        pieces += 1
        unsent.add(bytes)
        let written = promise ?? context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound((handler: self, loop: context.eventLoop), eventLoop: context.eventLoop)
        // A piece that can never go out any more is not held either: then the write has failed.
        written.futureResult.whenComplete { _ in
            let (handler, loop) = bound.value
            handler.unsent.remove(bytes)
            handler.pieces -= 1
            handler.lastProgress = loop.now
        }
        context.write(data, promise: written)
    }

    package func flush(context: ChannelHandlerContext) {
        context.flush()
        // What goes out at once, nearly everything, costs no timer.
        if pieces > 0, alarm == nil { look(at: lastProgress + patience, context) }
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        alarm?.cancel()
        alarm = nil
    }

    private func look(at moment: NIODeadline, _ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        alarm = context.eventLoop.scheduleTask(deadline: moment) { bound.value.handler.judge(bound.value.context) }
    }

    private func judge(_ context: ChannelHandlerContext) {
        alarm = nil
        guard pieces > 0 else { return }
        let end = lastProgress + patience
        guard end <= context.eventLoop.now else { return look(at: end, context) }
        unsent.countDropped()
        context.close(promise: nil)
    }
}

@available(*, unavailable)
extension ReaderDeadline: Sendable {}
