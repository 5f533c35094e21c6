package import AWS
package import Ambient
package import AsyncHTTPClient
package import Logging
internal import Measures
internal import Recovery
internal import ServiceLifecycle

/// A whole spoke: it enrols at the hub, takes commands, performs them, and reports; it keeps nothing on disk.
///
/// Killed at any moment it loses nothing: what was not acknowledged is done again by whoever gets the command next.
package struct SpokeProgram: Service, CustomStringConvertible {
    /// What the lifecycle logs of a service: left to itself it would log all that the spoke knows.
    package var description: String { "the spoke" }

    /// What is left to report when the spoke is told to stop is sent within this; all in all it stops within 3 s.
    package static let farewell: Duration = .seconds(1)

    private let enrolment: Enrolment
    private let stream: CommandStream
    private let progress: ProgressLoop
    private let workbench: Workbench
    private let places: Places
    private let wakefulness: Wakefulness
    private let commands: AsyncStream<Received>
    private let metrics: MetricsFile?
    private let ambient: Ambient
    private let logger: Logger

    /// Wires a spoke together.
    ///
    /// `credentials` are its own, the ones it proves and assumes roles with. `client` is for AWS and for the hub's calls
    /// with one answer (made with `HTTPExchange.configuration`), `streaming` for the stream of commands (made with
    /// `HubClient.streamConfiguration`).
    package init(
        configuration: SpokeConfiguration,
        credentials: any CredentialSource,
        client: HTTPClient,
        streaming: HTTPClient,
        ambient: Ambient = Ambient(),
        logger: Logger
    ) {
        let exchange = HTTPExchange(client: client, time: ambient.time, failpoints: ambient.failpoints)
        let hub = HubClient(exchange: exchange, streaming: streaming, addresses: configuration.hubs, time: ambient.time)
        let registry = Registry()
        let (badge, leases, outbox) = (Badge(), Watched(LeaseClock()), Watched(Outbox()))
        let reopening = Watched(0)
        let equipment = Equipment(
            name: configuration.name,
            client: AWSClient(
                exchange: exchange,
                endpoints: configuration.endpoints,
                ambient: ambient,
                logger: logger,
                metrics: registry
            ),
            credentials: credentials,
            hub: hub,
            badge: badge,
            leases: leases,
            cadence: configuration.cadence,
            ambient: ambient,
            logger: logger
        )
        let (commands, continuation) = AsyncStream<Received>.makeStream(
            bufferingPolicy: .bufferingOldest(Workbench.waiting)
        )
        places = Places(accounts: configuration.accounts, equipment: equipment)
        workbench = Workbench(
            performers: Performers(places: places, equipment: equipment),
            outbox: outbox,
            ambient: ambient,
            logger: logger
        )
        enrolment = Enrolment(
            configuration: configuration,
            credentials: credentials,
            hub: hub,
            badge: badge,
            leases: leases,
            ambient: ambient,
            logger: logger
        )
        stream = CommandStream(
            hub: hub,
            badge: badge,
            outbox: outbox,
            leases: leases,
            commands: continuation,
            reopening: reopening,
            ambient: ambient,
            logger: logger
        )
        progress = ProgressLoop(
            hub: hub,
            badge: badge,
            outbox: outbox,
            leases: leases,
            workbench: workbench,
            reopening: reopening,
            ambient: ambient,
            logger: logger
        )
        wakefulness = Wakefulness(leases: leases, reopening: reopening, time: ambient.time, logger: logger)
        self.commands = commands
        metrics = configuration.metricsFile.map {
            MetricsFile(path: $0, registry: registry, time: ambient.time, logger: logger)
        }
        self.ambient = ambient
        self.logger = logger
    }

    /// Runs until the program is told to stop.
    package func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await runLoops() }
        } catch is CancellationError {
            logger.info("spoke stops")
        }
        do {
            try await ambient.time.within(Self.farewell) { [progress] in try await progress.flush() }
        } catch {
            logger.info("not everything could be reported", metadata: ["reason": "\(error)"])
        }
    }

    private func runLoops() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await enrolment.run() }
            group.addTask { try await stream.run() }
            group.addTask { try await progress.run() }
            group.addTask { try await places.run() }
            group.addTask { try await wakefulness.run() }
            group.addTask { await workbench.run(commands) }
            if let metrics { group.addTask { try await metrics.run() } }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}
