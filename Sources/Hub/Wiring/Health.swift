internal import Ambient
internal import Hummingbird
internal import JSON
internal import PostgreSQL
internal import Schema

/// What operators ask: is it alive, can it work.
struct Health: Sendable {
    let pool: Pool
    let migrator: Migrator

    func bind(_ calls: inout Bindings) {
        calls.on(.get, "/health/live") { _ in .json(["status": "live"]) }
        calls.on(.get, "/health/ready") { _ in try await ready() }
    }

    /// Ready is a hub that reaches its database and knows the schema; it is without any issuer's keys.
    private func ready() async throws -> Response {
        switch try await migrator.state(on: pool) {
        case .current, .ahead: return .json(["status": "ready"])
        case .behind(let names):
            throw Problem(.unavailable, "The database lacks \(names.count) migrations: run muster-hub migrate.")
        case .refused:
            throw Problem(.unavailable, "The database has a schema that this hub does not know.")
        }
    }
}
