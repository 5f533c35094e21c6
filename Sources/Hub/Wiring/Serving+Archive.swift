package import Ambient
package import Audit
internal import Logging
internal import PostgreSQL

extension Serving {
    /// Moves what happened before a moment out of the audit into a file.
    ///
    /// - Parameters:
    ///   - moment: What happened before it goes.
    ///   - path: The file, which must not exist yet.
    /// - Returns: The archive; nil when nothing is so old.
    /// - Throws: `Archiving.Refused`, `PostgresFailure`, `ConfigurationProblem`.
    package func archiveAudit(before moment: Instant, to path: String) async throws -> AuditArchive? {
        let keys = try SealKeys(finding: configuration)
        return try await withOwner { url in
            let pool = try Pool(connectionString: url, size: 2, ambient: ambient, logger: logger)
            defer { pool.close() }
            return try await Archiving(pool: pool, keys: keys, ambient: ambient, logger: logger)
                .archive(before: moment, to: path)
        }
    }

    /// Runs the closure with the connection of the role that owns the tables.
    private func withOwner<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        if let url = configuration.databaseOwnerURL ?? configuration.databaseURL { return try await body(url) }
        let server = try await embedded()
        do {
            let result = try await body(server.ownerURL)
            await server.stop()
            return result
        } catch {
            await server.stop()
            throw error
        }
    }
}
