internal import Ambient
internal import Hummingbird
internal import HummingbirdCore
internal import HummingbirdHTTP2
internal import HummingbirdTLS
internal import Logging
internal import NIOCore
internal import Recovery

/// The server: where it listens, and by which protocols.
struct Listening {
    private let configuration: HubConfiguration
    private let certificate: ServerCertificate?
    private let unsent: Unsent
    private let ambient: Ambient
    private let logger: Logger

    /// Between requests of one connection: longer than the 60 s of usual load balancers, so that it is they who close.
    private static let idleTimeout = TimeAmount.seconds(75)
    /// Header fields of a request: several times what browsers and proxies send together.
    private static let headerFields = 200
    /// Connections that wait to be accepted, as when all spokes come back at once.
    private static let backlog = 4096

    /// From the connection to the end of its TLS handshake: many round trips on the worst of lines.
    private static let handshakeTime = TimeAmount.seconds(10)
    /// Connections at once: 10,000 spokes with two each, and some thousand people; more wait to be accepted, so that a
    /// flood of connections does not become a flood of memory.
    private static let connections = 25_000

    init(
        _ configuration: HubConfiguration,
        certificate: ServerCertificate?,
        unsent: Unsent,
        ambient: Ambient,
        logger: Logger
    ) {
        self.configuration = configuration
        self.certificate = certificate
        self.unsent = unsent
        self.ambient = ambient
        self.logger = logger
    }

    func application(
        answering front: Front,
        onListening: @escaping @Sendable (Int) async -> Void
    ) throws -> Application<Front> {
        let logger = logger
        return Application(
            responder: front,
            server: try server(),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.listen.host, port: configuration.listen.port),
                backlog: Self.backlog,
                availableConnectionsDelegate: .maximum(Self.connections, logger: logger)
            ),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? 0
                logger.info("listening", metadata: ["address": "\(channel.localAddress?.description ?? "unknown")"])
                await onListening(port)
            },
            logger: logger
        )
    }

    private func server() throws -> HTTPServerBuilder {
        let (ambient, unsent, isOverTLS) = (ambient, unsent, certificate != nil)
        let http1 = HTTP1Channel.Configuration(
            additionalChannelHandlers: [
                RequestDeadline(), ReaderDeadline(unsent),
                MalformedRequestAnswer(ambient: ambient, isOverTLS: isOverTLS),
            ],
            idleTimeout: Self.idleTimeout,
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: Limits.headerBytes,
                maxHeaderListSize: Limits.headerBytes,
                maxHeaderFieldCount: Self.headerFields
            )
        )
        guard let certificate else {
            return HTTPServerBuilder { responder in
                GuardedChannel(
                    base: HTTP1Channel(responder: responder, configuration: http1),
                    handshakeTime: Self.handshakeTime
                )
            }
        }
        let http2 = HTTP2UpgradeChannel.Configuration(
            idleTimeout: .seconds(75),
            gracefulCloseTimeout: Hub.shutdownTime,
            streamConfiguration: http1
        )
        return HTTPServerBuilder { responder in
            GuardedChannel(
                base: try HTTP2UpgradeChannel(
                    tlsChannelConfiguration: TLSChannelConfiguration(tlsConfiguration: certificate.configuration),
                    configuration: http2,
                    responder: responder
                ),
                handshakeTime: Self.handshakeTime
            )
        }
    }
}
