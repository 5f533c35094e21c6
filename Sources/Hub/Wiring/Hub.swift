internal import AWS
package import Ambient
package import AsyncHTTPClient
internal import Conductor
internal import HTTPTypes
internal import Hummingbird
internal import JSON
package import Logging
internal import NIOCore
internal import PostgreSQL
internal import Recovery
internal import Schema
package import ServiceLifecycle
internal import Store
internal import WebToken

/// The hub, put together: what runs, and in which order it starts; it stops in the opposite one.
///
/// Programs and tests make it the same way: from a configuration, a database and an HTTP client.
package struct Hub: Sendable {
    package let services: [any Service]
    package let bindings: Bindings

    /// Puts a hub together; nothing happens before its services run.
    ///
    /// - Parameters:
    ///   - configuration: What it was told.
    ///   - databaseURL: libpq's connection string of the role that the hub works with.
    ///   - client: For issuers and STS, made with `HTTPExchange.configuration`; whoever made it shuts it down.
    ///   - ambient: Time and chance.
    ///   - logger: Where everything is logged.
    ///   - onListening: Told the port once the hub takes connections.
    /// - Returns: What is to run.
    /// - Throws: `PostgresFailure` or `ConfigurationProblem` for what cannot work.
    package static func build(
        _ configuration: HubConfiguration,
        databaseURL: String,
        client: HTTPClient,
        ambient: Ambient,
        logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws -> Hub {
        let parts = try Parts(configuration, databaseURL: databaseURL, client: client, ambient: ambient, logger: logger)
        let bindings = try parts.bindings(configuration, client: client)
        let front = Front(
            routes: try parts.routes(bindings, configuration, client: client),
            ambient: ambient,
            logger: logger,
            proxies: configuration.trustedProxies,
            isOverTLS: configuration.tls != nil,
            signInOrigins: configuration.logins.compactMap(\.signOutOrigin),
            traffic: parts.traffic,
            capacity: parts.capacity,
            unsent: parts.unsent
        )
        let certificate = try configuration.tls.map { try ServerCertificate($0) }
        let listener = try Listening(
            configuration,
            certificate: certificate,
            unsent: parts.unsent,
            ambient: ambient,
            logger: logger
        )
        .application(answering: front, onListening: onListening)
        let renewal = certificate.map { certificate in
            Loop { try await certificate.run(time: ambient.time, logger: logger) }
        }
        return Hub(services: parts.services + (renewal.map { [$0] } ?? []) + [listener], bindings: bindings)
    }

    /// How long streams may take to end when the hub is told to: within the 3 s that are promised.
    package static let shutdownTime = Duration.seconds(2)
}
