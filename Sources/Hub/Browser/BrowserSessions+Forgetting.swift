internal import Ambient
internal import Logging
internal import PostgreSQL
internal import Store

extension BrowserSessions {
    /// Between two looks for what is over.
    private static let forgetting = Duration.seconds(300)

    /// Deletes sign-ins, sessions and codes that are over, until the task is cancelled.
    func forget(_ logger: Logger) async throws {
        while true {
            try await ambient.time.sleep(for: Self.forgetting)
            let now = ambient.now
            do {
                try await pool.execute(SignInStatements.forget(at: now, idleSince: now - Self.idleTime))
            } catch let failure as PostgresFailure {
                logger.warning("old sessions were not forgotten", metadata: ["failure": "\(failure)"])
            }
        }
    }
}
