internal import Ambient
internal import Hummingbird
internal import JSON
internal import PostgreSQL
internal import Schema

/// What operators ask: is it alive, can it work, what does it do.
struct Health: Sendable {
    let pool: Pool
    let migrator: Migrator
    let traffic: Traffic
    let capacity: Capacity
    let unsent: Unsent

    func bind(_ calls: inout Bindings) {
        calls.on(.get, "/health/live") { _ in .json(["status": "live"]) }
        calls.on(.get, "/health/ready") { _ in try await ready() }
        calls.on(.get, "/metrics") { _ in metrics }
    }

    /// Ready is a hub that reaches its database and knows the schema; it is without any issuer's keys.
    private func ready() async throws -> Response {
        switch try await migrator.state(on: pool) {
        case .current: return .json(["status": "ready"])
        case .behind(let names):
            throw Problem(.unavailable, "The database lacks \(names.count) migrations: run muster-hub migrate.")
        case .refused:
            throw Problem(.unavailable, "The database has a schema that this hub does not know.")
        }
    }

    private var metrics: Response {
        let load = pool.load
        let text = """
            # HELP muster_database_connections_lent Connections in use.
            # TYPE muster_database_connections_lent gauge
            muster_database_connections_lent \(load.lent)
            # HELP muster_database_callers_waiting Callers that wait for a connection.
            # TYPE muster_database_callers_waiting gauge
            muster_database_callers_waiting \(load.waiting)

            """
        return .text(traffic.exposition + capacity.exposition + unsent.exposition + text)
    }
}
