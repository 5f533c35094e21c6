package import AWS
package import Ambient
package import Conductor
internal import HTTPTypes
package import Logging
package import PostgreSQL
internal import Recovery
internal import Store

/// The hub's end of the agent protocol (`/agent/v1`): who is let in, what they are given, and what becomes of what they say.
package struct Agents: Sendable {
    /// How long a session lasts without a fresh proof.
    package static let sessionTime: Duration = .seconds(3600)
    /// How long a session may go on while STS cannot be asked.
    package static let longestWithoutProof: Duration = .seconds(43_200)
    /// How long a challenge can be answered.
    package static let challengeTime: Duration = .seconds(60)
    /// The time between two heartbeats that a spoke must not exceed.
    package static let heartbeatSeconds = 15

    let trust: AgentTrust
    let identity: CallerIdentityCheck
    let pool: Pool
    let conductor: Conductor
    let hints: Hints
    let limits: RateLimits
    let refusals: RefusalLog?
    let streams = OpenStreams()
    let ambient: Ambient
    let logger: Logger

    package init(
        trust: AgentTrust,
        identity: CallerIdentityCheck,
        pool: Pool,
        conductor: Conductor,
        hints: Hints,
        limits: RateLimits,
        refusals: RefusalLog? = nil,
        ambient: Ambient,
        logger: Logger
    ) {
        self.trust = trust
        self.identity = identity
        self.pool = pool
        self.conductor = conductor
        self.hints = hints
        self.limits = limits
        self.refusals = refusals
        self.ambient = ambient
        self.logger = logger
    }

    /// Binds the calls of the protocol.
    package func bind(to routes: inout RouteTree<Endpoint>) {
        routes.add(.post, "/agent/v1/challenges") { try await challenge($0) }
        routes.add(.post, "/agent/v1/sessions") { try await enrol($0) }
        routes.add(.get, "/agent/v1/commands") { try await commands($0) }
        routes.add(.post, "/agent/v1/progress") { try await progress($0) }
        routes.add(.post, "/agent/v1/inventory") { try await inventory($0) }
    }

    /// Notes that somebody was turned away: anybody on the network may try, so that it is counted before it is written.
    func noteRefusal(_ event: AgentAudit, _ exchange: Exchange) async throws {
        guard let refusals else { return try await audit(event, at: exchange.at) }
        refusals.note(event.event(as: ambient.identifier(), at: exchange.at), of: exchange.address)
    }

    /// The same of a proof that did not hold.
    func noteUnproved(_ name: String, _ reason: String, _ exchange: Exchange) async throws {
        let event = AgentAudit(
            .unproved,
            principal: "unknown",
            spokeId: nil,
            accounts: [],
            address: exchange.address,
            requestId: exchange.id,
            detail: "\(name): \(reason)"
        )
        try await noteRefusal(event, exchange)
    }

    /// Writes an audit event; one that cannot be written fails the call that it is about.
    func audit(_ event: AgentAudit, at now: Instant) async throws {
        try await pool.execute(event.insert(as: ambient.identifier(), at: now))
    }
}
