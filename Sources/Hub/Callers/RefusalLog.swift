package import Ambient
package import Audit
internal import HummingbirdCore
package import Logging
package import PostgreSQL
internal import Recovery
internal import Store
internal import Synchronization

/// Puts refusals into the audit: who was turned away, from where, and why; a flood of them is counted, not written.
///
/// They are written beside the request, within a second, so that whoever is turned away does not make the database work. So
/// many that a person must look at them are written singly; of the rest the audit has the number of each minute.
package final class RefusalLog: Sendable {
    /// Refusals of one source that are written at once, and for how many seconds each further one has to be waited for.
    private static let burst = 20.0
    private static let perSecond = 0.1
    /// The same of all sources together: 260,000 rows a day at most, 150 MB.
    private static let allBurst = 500.0
    private static let allPerSecond = 3.0
    /// Sources that are told apart at most: whoever makes up more of them shares one.
    private static let sources = 5000
    /// Events that wait to be written at most.
    private static let waiting = 1000
    private static let pause = Duration.milliseconds(500)
    /// How often the number of those that were not written is.
    private static let summary = Duration.seconds(60)

    private struct Bucket {
        var level: Double
        var at: Duration

        /// Takes one, where there is one.
        mutating func take(_ burst: Double, _ perSecond: Double, at now: Duration) -> Bool {
            level = min(burst, level + (now - at).seconds * perSecond)
            at = now
            guard level >= 1 else { return false }
            level -= 1
            return true
        }
    }

    private struct State {
        var queue: [AuditEvent] = []
        var buckets: [String: Bucket] = [:]
        var all = Bucket(level: RefusalLog.allBurst, at: .zero)
        var suppressed = 0
    }

    private let pool: Pool
    private let ambient: Ambient
    private let logger: Logger
    private let state = Mutex(State())

    package init(pool: Pool, ambient: Ambient, logger: Logger) {
        self.pool = pool
        self.ambient = ambient
        self.logger = logger
    }

    /// Notes a refusal.
    ///
    /// - Parameters:
    ///   - event: What the audit is to say.
    ///   - source: What it is counted by: the principal where it is known, else the address.
    package func note(_ event: AuditEvent, of source: String) {
        let now = ambient.time.elapsed()
        state.withLock { state in
            if state.buckets.count >= Self.sources, state.buckets[source] == nil {
                state.buckets = state.buckets.filter { now - $0.value.at < .seconds(Self.burst / Self.perSecond) }
            }
            let name = state.buckets.count >= Self.sources && state.buckets[source] == nil ? "" : source
            var bucket = state.buckets[name] ?? Bucket(level: Self.burst, at: now)
            let isAllowed =
                bucket.take(Self.burst, Self.perSecond, at: now)
                && state.all.take(Self.allBurst, Self.allPerSecond, at: now) && state.queue.count < Self.waiting
            state.buckets[name] = bucket
            if isAllowed { state.queue.append(event) } else { state.suppressed += 1 }
        }
    }

    /// Writes until cancelled.
    package func run() async throws {
        var lastSummary = ambient.time.elapsed()
        while true {
            try await ambient.time.sleep(for: Self.pause)
            if ambient.time.elapsed() - lastSummary >= Self.summary {
                lastSummary = ambient.time.elapsed()
                summarise()
            }
            try await write()
        }
    }

    private func summarise() {
        state.withLock { state in
            guard state.suppressed > 0 else { return }
            state.queue.append(
                AuditEvent(
                    eventId: ambient.identifier(),
                    at: ambient.now,
                    principal: "muster",
                    action: "SUPPRESS_REFUSALS",
                    outcome: .refused,
                    detail: "\(state.suppressed) further refusals were counted and not written"
                )
            )
            state.suppressed = 0
        }
    }

    private func write() async throws {
        let events = state.withLock { state in
            defer { state.queue = [] }
            return state.queue
        }
        guard !events.isEmpty else { return }
        do {
            try await pool.transaction { transaction in try await transaction.execute(events.map(\.insert)) }
        } catch let failure as PostgresFailure {
            logger.warning(
                "refusals were not written to the audit",
                metadata: ["count": "\(events.count)", "failure": "\(failure)"]
            )
            state.withLock { $0.suppressed += events.count }
        }
    }
}

extension RefusalLog {
    /// Notes what an error refuses: no or a bad token, a missing permission, a scope, too many requests.
    ///
    /// - Parameters:
    ///   - error: What the request met.
    ///   - action: The call.
    ///   - caller: Who called, where that is known.
    ///   - exchange: From where.
    func note(_ error: any Error, of action: String, by caller: Caller?, _ exchange: Exchange) {
        let problem: Problem
        switch error {
        case let known as Problem: problem = known
        case let refusal as Refusal: problem = Problem(refusal)
        default: return
        }
        guard [401, 403, 429].contains(problem.status) else { return }
        let event = AuditEvent(
            eventId: ambient.identifier(),
            at: ambient.now,
            principal: caller?.principal ?? "unknown",
            action: action,
            subjectKind: exchange.parameters.isEmpty ? nil : "path",
            subjectId: exchange.parameters.isEmpty ? nil : String(exchange.request.uri.path.prefix(Self.longestPath)),
            sourceAddress: exchange.address,
            requestId: exchange.id,
            outcome: .refused,
            detail: problem.code
        )
        note(event, of: caller?.principal ?? TrustedProxies.neighbourhood(of: exchange.address))
    }

    /// Characters of a path that the audit keeps.
    private static let longestPath = 256
}
