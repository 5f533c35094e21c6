internal import AWS
internal import Ambient
internal import Audit
internal import AsyncHTTPClient
internal import Contract
internal import HTTPTypes
internal import JSON

extension Parts {
    /// Every call and path of the hub, bound.
    func bindings(_ configuration: HubConfiguration, client: HTTPClient) throws -> Bindings {
        var calls = Bindings(
            gate: gate,
            authority: authority,
            refusals: refusals,
            pool: context.pool,
            ambient: context.ambient
        )
        Health(pool: context.pool, migrator: migrator).bind(&calls)
        Metrics(
            registry: registry,
            pools: [("requests", context.pool), ("engine", engine)],
            capacity: capacity,
            unsent: unsent,
            readers: configuration.metricsReaders,
            gate: gate,
            authority: authority,
            ambient: context.ambient
        ).bind(&calls)
        let document = OpenAPIDocument.make().bytes
        calls.on(.get, "\(Route.base)/openapi.json") { _ in .json(bytes: document) }
        CurrentUsers().bind(&calls)
        let examination = Examination(
            configuration: configuration,
            client: client,
            migrator: migrator,
            ambient: context.ambient
        )
        Diagnoses(examination, pool: context.pool).bind(to: &calls)
        RoleBindings(pool: context.pool, authority: authority, hints: hints).bind(to: &calls)
        Audits(pool: context.pool, keys: sealKeys.publicKeys).bind(to: &calls)
        Resources(pool: context.pool, conductor: context.conductor).bind(to: &calls)
        Schedules(pool: context.pool, zones: Self.zones).bind(to: &calls)
        Campaigns(pool: context.pool, conductor: context.conductor).bind(to: &calls)
        Orphans(pool: context.pool, conductor: context.conductor, prices: configuration.prices).bind(to: &calls)
        NotificationTargets(
            pool: context.pool,
            secrets: NotificationSecrets(keys: sessions.keys),
            rule: configuration.destinations
        )
        .bind(to: &calls)
        Executions(
            conductor: context.conductor,
            pool: context.pool,
            gate: gate,
            authority: authority,
            capacity: capacity
        )
        .bind(&calls)
        Reports(pool: context.pool, making: reports).bind(to: &calls)
        CampaignReports(pool: context.pool, making: reports).bind(to: &calls)
        Findings(pool: context.pool).bind(to: &calls)
        Coverages(pool: context.pool, making: reports).bind(to: &calls)
        bindBrowser(to: &calls)
        Pages(
            calls: calls,
            ambient: context.ambient,
            conductor: context.conductor,
            capacity: capacity,
            origins: sessions.origins
        )
        .bind(&calls)
        return calls
    }

    /// What people do to sign in and out by a browser.
    private func bindBrowser(to calls: inout Bindings) {
        SignIn(sessions: sessions, authority: authority, limits: limits, ambient: context.ambient).bind(to: &calls)
        SignOut(sessions: sessions, ambient: context.ambient).bind(to: &calls)
        BreakGlass(sessions: sessions, limits: limits, ambient: context.ambient).bind(to: &calls)
        SessionCalls(sessions: sessions).bind(to: &calls)
    }

    /// The bindings' paths and those of the agent protocol.
    func routes(
        _ bindings: Bindings,
        _ configuration: HubConfiguration,
        client: HTTPClient
    ) throws -> RouteTree<Endpoint> {
        var routes = bindings.routes
        let ambient = context.ambient
        let exchange = HTTPExchange(client: client, time: ambient.time, failpoints: ambient.failpoints)
        Agents(
            trust: try AgentTrust(
                origins: configuration.publicURLs,
                stsEndpoints: configuration.stsEndpoints ?? []
            ),
            identity: CallerIdentityCheck(exchange: exchange),
            pool: context.pool,
            conductor: context.conductor,
            hints: hints,
            limits: limits,
            refusals: refusals,
            ambient: context.ambient,
            logger: context.logger
        ).bind(to: &routes)
        return routes
    }
}
