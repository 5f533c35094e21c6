internal import Ambient
internal import Audit
internal import Logging
internal import PostgreSQL
internal import Recovery
internal import Store

/// Tells the audit which spokes were lost.
struct SpokeWatch: Sendable {
    let pool: Pool
    let ambient: Ambient
    let logger: Logger

    /// Between two looks: a spoke counts as lost 2 or 30 s after its last sign, and this much later the audit says so.
    private static let pause = Duration.seconds(5)

    func run() async throws {
        while true {
            try await ambient.time.sleep(for: Self.pause)
            do {
                try await look()
            } catch let failure as PostgresFailure {
                logger.warning("spokes were not looked at", metadata: ["failure": "\(failure)"])
            }
        }
    }

    /// Looks once.
    func look() async throws {
        let now = ambient.now
        let lost = try await pool.transaction { transaction in
            try await transaction.execute(SpokeWatchStatements.found(at: now))
            let lost = try await transaction.run(SpokeWatchStatements.lost(at: now))
            let events = lost.map { spoke in
                AgentAudit(
                    .lost,
                    principal: spoke.principal,
                    spokeId: spoke.spokeId,
                    accounts: spoke.accounts,
                    address: nil,
                    requestId: nil
                ).insert(as: ambient.identifier(), at: now)
            }
            let notices = lost.map { spoke in
                Notice(
                    noticeId: ambient.identifier(),
                    kind: .spokeLost,
                    at: now,
                    accounts: spoke.accounts,
                    title: "Spoke \(spoke.name) is lost",
                    text: "It serves \(spoke.accounts.map(\.rawValue).joined(separator: ", "))."
                )
            }
            try await transaction.execute(events + notices.map(\.tell))
            return lost
        }
        for spoke in lost { logger.warning("spoke lost", metadata: ["spoke": "\(spoke.name)"]) }
    }
}
