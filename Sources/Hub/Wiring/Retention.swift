package import Ambient
package import Logging
package import PostgreSQL
internal import Recovery
internal import Store

/// Forgets what need not be kept for ever; Docs/Operating.md says of everything how long it is kept.
///
/// Harmless when several replicas do it at once: each statement removes what is too old, whoever comes first.
package struct Retention: Sendable {
    private let pool: Pool
    private let time: any TimeSource
    private let logger: Logger

    /// Between two looks.
    private static let interval = Duration.seconds(900)

    package init(pool: Pool, time: any TimeSource, logger: Logger) {
        self.pool = pool
        self.time = time
        self.logger = logger
    }

    /// Runs until cancelled.
    func run() async throws {
        while true {
            try await time.sleep(for: Self.interval)
            do {
                try await forget()
            } catch let failure as PostgresFailure {
                logger.warning("what is too old was not forgotten", metadata: ["failure": "\(failure)"])
            }
        }
    }

    /// Removes what is too old now.
    ///
    /// - Throws: `PostgresFailure`.
    package func forget() async throws {
        let now = time.now()
        try await pool.execute(
            [
                IdempotencyStatements.forget(before: now - .seconds(3600 * Limits.idempotencyHours)),
                ScheduledRun.forget(dueBefore: now - .seconds(86_400 * Limits.scheduledRunDays)),
                WallLinkStatements.forget(at: now),
            ] + AgentSessionStatements.forget(at: now)
        )
    }
}
