internal import Ambient
internal import Foundation
internal import Logging
internal import NIOCore
internal import NIOSSL
internal import Synchronization

/// The certificate that the hub shows, read again when its files change, so that no renewal needs a restart.
///
/// Connections that are open keep the one they began with.
package final class ServerCertificate: Sendable {
    private struct Pair: Sendable {
        let chain: [NIOSSLCertificateSource]
        let key: NIOSSLPrivateKeySource
        /// What was read, to see whether anything changed.
        let texts: [Data]
    }

    private struct State: Sendable {
        var pair: Pair
        /// Files that were looked at and not used.
        var refused: [Data]?
    }

    private let files: HubConfiguration.TLSFiles
    private let state: Mutex<State>

    /// Between two looks at the files: two small reads, and a renewal is days before it is needed.
    static let interval = Duration.seconds(5)

    /// Reads the files.
    ///
    /// - Throws: `ConfigurationProblem` for files that cannot be read, or that do not belong together.
    package init(_ files: HubConfiguration.TLSFiles) throws {
        self.files = files
        state = Mutex(State(pair: try Self.read(files)))
    }

    /// What a server is to be made with: each handshake asks for the certificate of its moment.
    var configuration: TLSConfiguration {
        Self.configuration(of: state.withLock { $0.pair }) { [self] _, promise in
            let pair = state.withLock { $0.pair }
            var answer = NIOSSLContextConfigurationOverride()
            answer.certificateChain = pair.chain
            answer.privateKey = pair.key
            promise.succeed(answer)
        }
    }

    /// What came of a look at the files.
    package enum Look: Sendable, Hashable {
        case unchanged
        case renewed
        /// They changed and are not used, for this reason; said once for the same files.
        case refused(String)
    }

    /// Looks at the files; ones that are wrong leave the last good pair in its place.
    package func look() -> Look {
        guard let texts = try? Self.texts(of: files) else { return .unchanged }
        guard state.withLock({ texts != $0.pair.texts && texts != $0.refused }) else { return .unchanged }
        do {
            let pair = try Self.read(files)
            state.withLock { $0 = State(pair: pair) }
            return .renewed
        } catch {
            // The two are written one after the other: what does not fit now may fit at the next look.
            state.withLock { $0.refused = texts }
            return .refused("\(error)")
        }
    }

    /// Looks at the files now and then.
    func run(time: any TimeSource, logger: Logger) async throws {
        while true {
            try await time.sleep(for: Self.interval)
            switch look() {
            case .unchanged: break
            case .renewed:
                logger.info("the certificate was read again", metadata: ["file": "\(files.certificate)"])
            case .refused(let reason):
                logger.error("the new certificate is not used", metadata: ["reason": "\(reason)"])
            }
        }
    }

    private static func texts(of files: HubConfiguration.TLSFiles) throws -> [Data] {
        try [files.certificate, files.key].map { try Data(contentsOf: URL(filePath: $0)) }
    }

    private static func read(_ files: HubConfiguration.TLSFiles) throws -> Pair {
        let texts: [Data]
        do {
            texts = try Self.texts(of: files)
        } catch {
            throw ConfigurationProblem(
                "MUSTER_TLS_CERTIFICATE",
                "or MUSTER_TLS_KEY cannot be read: \(files.certificate), \(files.key)"
            )
        }
        guard let chain = try? NIOSSLCertificate.fromPEMBytes(Array(texts[0])), !chain.isEmpty else {
            throw ConfigurationProblem("MUSTER_TLS_CERTIFICATE", "cannot be read as PEM: \(files.certificate)")
        }
        guard let key = try? NIOSSLPrivateKey(bytes: Array(texts[1]), format: .pem) else {
            throw ConfigurationProblem("MUSTER_TLS_KEY", "cannot be read as PEM: \(files.key)")
        }
        let pair = Pair(chain: chain.map { .certificate($0) }, key: .privateKey(key), texts: texts)
        guard (try? NIOSSLContext(configuration: configuration(of: pair, by: nil))) != nil else {
            throw ConfigurationProblem("MUSTER_TLS_KEY", "is not the key of the certificate: \(files.key)")
        }
        return pair
    }

    private static func configuration(of pair: Pair, by callback: NIOSSLContextCallback?) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: pair.chain,
            privateKey: pair.key
        )
        configuration.minimumTLSVersion = .tlsv12
        configuration.sslContextCallback = callback
        return configuration
    }
}
