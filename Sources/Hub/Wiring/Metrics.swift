internal import Ambient
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import Measures
internal import NIOCore
internal import PostgreSQL
internal import Recovery
internal import Store

/// `/metrics`: what this replica counted, and what the database knows, for whoever may read it.
///
/// Without a token it is for the networks of `MUSTER_METRICS_FROM` alone, which are this machine unless said otherwise,
/// and only where no proxy stands between: who is behind one is not known by the connection. Anybody else needs
/// `ViewResources` in all accounts, for the numbers are of all of them.
struct Metrics: Sendable {
    let registry: Registry
    let pools: [(name: String, pool: Pool)]
    let capacity: Capacity
    let unsent: Unsent
    let readers: TrustedProxies
    let gate: Gate
    let authority: Authority
    let ambient: Ambient

    func bind(_ calls: inout Bindings) {
        calls.on(.get, "/metrics") { exchange in try await answer(to: exchange) }
    }

    private func answer(to exchange: Exchange) async throws -> Response {
        if !isFromReader(exchange) { try await admit(exchange) }
        let text = registry.exposition(with: connections + load + (await facts(exchange.logger)))
        return Response(
            status: .ok,
            headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }

    private func isFromReader(_ exchange: Exchange) -> Bool {
        exchange.headers[values: .forwardedFor].isEmpty && readers.contains(exchange.address)
    }

    private func admit(_ exchange: Exchange) async throws {
        let access = try await authority.access(of: gate.admit(exchange))
        guard access.scope(of: .viewResources) == .all else {
            throw Problem(.permissionMissing, "This needs the permission ViewResources in all accounts.")
        }
    }

    private var connections: [Registry.Sample] {
        pools.flatMap { name, pool in
            let load = pool.load
            return [
                Registry.Sample(.databaseLent, [name], Double(load.lent)),
                Registry.Sample(.databaseLimit, [name], Double(pool.size)),
                Registry.Sample(.databaseWaiting, [name], Double(load.waiting)),
            ]
        }
    }

    private var load: [Registry.Sample] {
        let shares = Share.allCases.flatMap { share in
            let load = capacity.load(of: share)
            return [
                Registry.Sample(.requestsInFlight, [share.rawValue], Double(load.inFlight)),
                Registry.Sample(.requestsWaiting, [share.rawValue], Double(load.waiting)),
                Registry.Sample(.requestsTurnedAway, [share.rawValue], Double(load.turnedAway)),
            ]
        }
        return shares + [
            Registry.Sample(.build, [MusterVersion.text], 1),
            Registry.Sample(.liveStreams, [], Double(capacity.liveStreams)),
            Registry.Sample(.unsentBytes, [], Double(unsent.bytes)),
            Registry.Sample(.readersDropped, [], Double(unsent.droppedReaders)),
        ]
    }

    /// What the database knows; where it is away, that it is, and nothing that would look like an estate at rest.
    private func facts(_ logger: Logger) async -> [Registry.Sample] {
        do {
            return [Registry.Sample(.isDatabaseRead, [], 1)] + (try await read())
        } catch {
            logger.warning("metrics are without what the database knows", metadata: ["failure": "\(error)"])
            return [Registry.Sample(.isDatabaseRead, [], 0)]
        }
    }

    private func read() async throws -> [Registry.Sample] {
        guard let pool = pools.first?.pool else { return [] }
        let now = ambient.now
        var samples: [Registry.Sample] = []
        for (measure, query) in Self.counts(at: now) {
            samples += try await pool.run(query).map { Registry.Sample(measure, $0.labels, Double($0.count)) }
        }
        for spoke in try await pool.run(MeasureStatements.heartbeats) {
            samples.append(Registry.Sample(.heartbeatAge, [spoke.name], (now - spoke.lastSeenAt).seconds))
        }
        return samples
    }

    private static func counts(at now: Instant) -> [(Measure, Query<MeasureStatements.Count>)] {
        [
            (.executions, MeasureStatements.executions), (.beyondObjective, MeasureStatements.beyondObjective(at: now)),
            (.launchesWaiting, MeasureStatements.launchesWaiting), (.commands, MeasureStatements.commands),
            (.spokes, MeasureStatements.spokes), (.plans, MeasureStatements.plans),
            (.drillsOverdue, MeasureStatements.drillsOverdue(at: now)),
            (.serversStalled, MeasureStatements.serversStalled), (.drillInstances, MeasureStatements.drillInstances),
        ]
    }
}
