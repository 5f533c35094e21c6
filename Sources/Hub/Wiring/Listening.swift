internal import Ambient
internal import Hummingbird
internal import HummingbirdCore
internal import HummingbirdHTTP2
internal import HummingbirdTLS
internal import Logging
internal import NIOCore
internal import NIOSSL
internal import Recovery

/// The server: where it listens, and by which protocols.
struct Listening {
    private let configuration: HubConfiguration
    private let ambient: Ambient
    private let logger: Logger

    /// Between requests of one connection: longer than the 60 s of usual load balancers, so that it is they who close.
    private static let idleTimeout = TimeAmount.seconds(75)
    /// Header fields of a request: several times what browsers and proxies send together.
    private static let headerFields = 200
    /// Connections that wait to be accepted, as when all spokes come back at once.
    private static let backlog = 4096

    init(_ configuration: HubConfiguration, ambient: Ambient, logger: Logger) {
        self.configuration = configuration
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
                backlog: Self.backlog
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
        let (ambient, isOverTLS) = (ambient, configuration.tls != nil)
        let http1 = HTTP1Channel.Configuration(
            additionalChannelHandlers: [MalformedRequestAnswer(ambient: ambient, isOverTLS: isOverTLS)],
            idleTimeout: Self.idleTimeout,
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: Limits.headerBytes,
                maxHeaderListSize: Limits.headerBytes,
                maxHeaderFieldCount: Self.headerFields
            )
        )
        guard let files = configuration.tls else { return .http1(configuration: http1) }
        return try .http2Upgrade(
            tlsConfiguration: try tls(files),
            configuration: .init(
                idleTimeout: .seconds(75),
                gracefulCloseTimeout: Hub.shutdownTime,
                streamConfiguration: http1
            )
        )
    }

    private func tls(_ files: HubConfiguration.TLSFiles) throws -> TLSConfiguration {
        let chain: [NIOSSLCertificateSource]
        do {
            chain = try NIOSSLCertificate.fromPEMFile(files.certificate).map { .certificate($0) }
        } catch {
            throw ConfigurationProblem("MUSTER_TLS_CERTIFICATE", "cannot be read as PEM: \(files.certificate)")
        }
        let key: NIOSSLPrivateKey
        do {
            key = try NIOSSLPrivateKey(file: files.key, format: .pem)
        } catch {
            throw ConfigurationProblem("MUSTER_TLS_KEY", "cannot be read as PEM: \(files.key)")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain,
            privateKey: .privateKey(key)
        )
        configuration.minimumTLSVersion = .tlsv12
        return configuration
    }
}
