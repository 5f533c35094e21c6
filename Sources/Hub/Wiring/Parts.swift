internal import AWS
internal import Ambient
internal import Audit
internal import AsyncHTTPClient
internal import Conductor
internal import Contract
internal import Logging
internal import Measures
internal import NIOCore
internal import PostgreSQL
internal import Recovery
internal import Schema
internal import ServiceLifecycle
internal import Store
internal import WebToken

/// What the hub is put together from.
struct Parts: Sendable {
    let context: HubContext
    /// The connections of the conductor.
    let engine: Pool
    let hints: Hints
    let keys: KeyCache
    let limits: RateLimits
    let sessions: BrowserSessions
    let gate: Gate
    let authority: Authority
    let refusals: RefusalLog
    let sealKeys: SealKeys
    let registry: Registry
    let traffic: Traffic
    let reports: ReportMaking
    let capacity: Capacity
    let unsent = Unsent()
    let migrator: Migrator
    let deliveries: Deliveries

    init(
        _ configuration: HubConfiguration,
        databaseURL: String,
        client: HTTPClient,
        ambient: Ambient,
        logger: Logger
    ) throws {
        let registry = Registry()
        self.registry = registry
        traffic = Traffic(counting: registry)
        // A statement takes milliseconds; one that takes seconds waits for a database that is gone without a word.
        var limits = ConnectionSettings.Limits()
        limits.statement = .seconds(8)
        limits.grace = .seconds(2)
        // What moves executions has connections of its own, so that no crowd of readers can hold it up.
        let share = max(1, configuration.databaseConnections / 2)
        let pool = try Pool(
            connectionString: databaseURL,
            size: max(1, configuration.databaseConnections - share),
            applicationName: "muster-hub",
            limits: limits,
            ambient: ambient,
            logger: logger
        )
        engine = try Pool(
            connectionString: databaseURL,
            size: share,
            applicationName: "muster-hub-engine",
            limits: limits,
            ambient: ambient,
            logger: logger
        )
        hints = Hints(
            notifier: try Notifier(connectionString: databaseURL, ambient: ambient, logger: logger),
            listener: try Listener(
                connectionString: databaseURL,
                channels: Hints.channels,
                ambient: ambient,
                logger: logger
            ),
            ambient: ambient
        )
        context = HubContext(
            pool: pool,
            conductor: Conductor(
                pool: engine,
                hints: hints,
                meter: TurnMeter(registry),
                ambient: ambient,
                logger: logger
            ),
            ambient: ambient,
            logger: logger
        )
        keys = KeyFetch(client: client, pool: pool, ambient: ambient).cache(of: configuration.issuers, logger: logger)
        let verifier = TokenVerifier(
            rules: TokenRules(issuers: configuration.issuers),
            keys: keys,
            time: ambient.time
        )
        capacity = Capacity(.init(people: configuration.requestsInFlight), time: ambient.time)
        self.limits = RateLimits(configuration.rateLimits, time: ambient.time)
        sessions = BrowserSessions(
            logins: configuration.logins,
            origins: BrowserOrigins(configuration.publicURLs),
            keys: try SecretKeys(finding: configuration),
            endpoint: TokenEndpoint(client: client, failpoints: ambient.failpoints),
            verifier: verifier,
            pool: pool,
            ambient: ambient
        )
        gate = Gate(verifier: verifier, limits: self.limits, sessions: sessions)
        authority = Authority(pool: pool, time: ambient.time)
        refusals = RefusalLog(pool: pool, ambient: ambient, logger: logger)
        sealKeys = try SealKeys(finding: configuration)
        reports = ReportMaking(
            pool: pool,
            keys: sealKeys,
            press: ReportPress(),
            ambient: ambient,
            logger: logger
        )
        deliveries = Deliveries(
            configuration,
            context: context,
            engine: engine,
            hints: hints,
            keys: sessions.keys,
            group: client.eventLoopGroup
        )
        migrator = Migrator(Schema.migrations, ambient: ambient, logger: logger)
    }

    /// Everything that goes on beside the answering of requests.
    var services: [any Service] {
        [
            Closing { [context, engine] in
                context.pool.close()
                engine.close()
            },
            Loop { [keys] in try await keys.run() },
            Loop { [hints] in await hints.run() },
            Loop { [hints, authority] in for await _ in hints.bindings() { authority.forget() } },
            Loop { [context] in await context.conductor.run() },
            Loop { [context] in await context.conductor.runChecks() },
            Loop { [context] in await context.conductor.runSchedules(Self.zones) },
            Loop { [context] in await context.conductor.runCampaigns() },
            Loop { [deliveries] in await deliveries.run() },
            Loop { [refusals] in try await refusals.run() },
            Loop { [context] in
                let watch = SpokeWatch(pool: context.pool, ambient: context.ambient, logger: context.logger)
                try await watch.run()
            },
            Loop { [context, sealKeys] in
                let (ambient, logger) = (context.ambient, context.logger)
                try await Sealer(pool: context.pool, keys: sealKeys, ambient: ambient, logger: logger).run()
            },
            Loop { [reports] in try await reports.run() },
            Loop { [context] in
                try await Retention(pool: context.pool, time: context.ambient.time, logger: context.logger).run()
            },
            Loop { [sessions, context] in try await sessions.forget(context.logger) },
        ]
    }

    /// The time zones that schedules may name.
    static let zones: Conductor.Zones = { IANAZone($0) }
}

extension Deliveries {
    /// What sends notifications, by what the hub was told.
    fileprivate init(
        _ configuration: HubConfiguration,
        context: HubContext,
        engine: Pool,
        hints: Hints,
        keys: SecretKeys,
        group: any EventLoopGroup
    ) {
        let (rule, authorities) = (configuration.destinations, configuration.notificationAuthorities)
        self.init(
            pool: engine,
            hints: hints,
            secrets: NotificationSecrets(keys: keys),
            webhooks: WebhookSender(
                rule: rule,
                group: group,
                authorities: authorities,
                failpoints: context.ambient.failpoints
            ),
            mails: MailSender(rule: rule, group: group, authorities: authorities, time: context.ambient.time),
            origin: configuration.publicURLs.first ?? "",
            ambient: context.ambient,
            logger: context.logger
        )
    }
}
