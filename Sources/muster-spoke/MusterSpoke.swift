internal import AWS
internal import Ambient
internal import ArgumentParser
internal import AsyncHTTPClient
internal import Foundation
internal import Logging
internal import Logs
internal import ServiceLifecycle
internal import Spoke
internal import UnixSignals

/// The agent that serves accounts: `muster-spoke run`.
@main
struct MusterSpoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "muster-spoke",
        abstract: "Serves accounts for a Muster hub: it calls DRS and EC2, and reports.",
        version: MusterVersion.text,
        subcommands: [Run.self]
    )

    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run until stopped.",
            discussion: """
                Reads MUSTER_HUB_URL, MUSTER_SPOKE_CONFIG (a YAML file), MUSTER_SPOKE_NAME, MUSTER_LOG_LEVEL, \
                MUSTER_LOG_FORMAT, MUSTER_METRICS_FILE, and AWS's own variables for credentials, Region and endpoints.
                """
        )

        func run() async throws {
            let environment = ProcessInfo.processInfo.environment
            let configuration: SpokeConfiguration
            let failpoints: Failpoints
            do {
                configuration = try SpokeConfiguration(environment: environment)
                failpoints = try Failpoints(environment[Failpoints.variable])
            } catch {
                throw ValidationError("\(error)")
            }
            let ambient = Ambient(failpoints: failpoints)
            let (level, format) = (configuration.logLevel, configuration.logFormat)
            LoggingSystem.bootstrap { LineLog(label: $0, level: level, format: format, time: ambient.time) }
            let logger = Logger(label: "spoke")
            let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: HTTPExchange.configuration)
            let streaming = HTTPClient(eventLoopGroupProvider: .singleton, configuration: HubClient.streamConfiguration)
            let exchange = HTTPExchange(client: client, time: ambient.time, failpoints: ambient.failpoints)
            let own = CredentialChain(environment: environment, exchange: exchange)
            let program = SpokeProgram(
                configuration: configuration,
                credentials: RefreshingCredentials(own, ambient: ambient),
                client: client,
                streaming: streaming,
                ambient: ambient,
                logger: logger
            )
            let group = ServiceGroup(services: [program], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
            var failure: (any Error)?
            do { try await group.run() } catch { failure = error }
            try await client.shutdown()
            try await streaming.shutdown()
            if let failure { throw failure }
        }
    }
}
