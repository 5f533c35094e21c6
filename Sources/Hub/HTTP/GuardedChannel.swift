internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOSSL
internal import NIOTLS

/// A server's connections: those are closed that do not finish their TLS handshake in time, and none gets much of the
/// kernel's memory.
///
/// Until a handshake is done no other limit holds: there is no HTTP yet that could be idle.
struct GuardedChannel<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base
    let handshakeTime: TimeAmount

    /// What the kernel keeps of what a reader has not taken (it doubles this for its own use).
    ///
    /// Left to itself Linux lets one connection have 4 MB, which a container's memory limit counts; this is enough for
    /// 1 MB/s over 100 ms.
    private static var sendBuffer: ChannelOptions.Types.SocketOption.Value { 128 << 10 }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        channel.setOption(.socketOption(.so_sndbuf), value: Self.sendBuffer).flatMap {
            base.setup(channel: channel, logger: logger)
        }
        .flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            if let tls = try? pipeline.handler(type: NIOSSLServerHandler.self) {
                try pipeline.addHandler(HandshakeDeadline(handshakeTime), position: .after(tls))
            }
            return value
        }
    }

    func handle(value: Base.Value, logger: Logger) async {
        await base.handle(value: value, logger: logger)
    }
}

/// Closes its connection unless the TLS handshake is done in time; then it is gone from the pipeline.
private final class HandshakeDeadline: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let time: TimeAmount
    private var deadline: Scheduled<Void>?

    init(_ time: TimeAmount) {
        self.time = time
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Told on before this is removed: afterwards it would lead nowhere.
        context.fireUserInboundEventTriggered(event)
        if case .handshakeCompleted? = event as? TLSUserEvent {
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
    }
}

@available(*, unavailable)
extension HandshakeDeadline: Sendable {}
