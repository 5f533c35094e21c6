internal import Ambient
package import PostgreSQL
package import Recovery

extension Orphan {
    /// Whether the instance `i` is a drill's that no execution owns which can still be shown.
    private static let isOrphan: SQL = """
        i.is_drill AND NOT EXISTS (SELECT FROM execution_job j JOIN execution e ON e.execution_id = j.execution_id
                                    WHERE j.job_id = i.job_id AND j.account_id = i.account_id
                                      AND j.region = i.region AND e.hidden_at IS NULL)
        """

    private static let columns: SQL = """
        i.recovery_instance_id, i.account_id, i.region, i.source_server_id, s.hostname, i.job_id, i.state,
        i.instance_type, coalesce(i.launched_at, i.first_seen_at), i.launched_at IS NOT NULL, c.state, c.problem_text
        """

    /// The last command to terminate the instance `i`.
    private static let joins: SQL = """
        LEFT JOIN source_server s ON s.source_server_id = i.source_server_id
        LEFT JOIN command c ON c.key = i.termination_key
        """

    private init(row: inout RowReader) throws {
        let id = try row.read(String.self)
        let place = try Place(accountId: row.read(), region: row.read())
        let (server, hostname) = (try row.read(SourceServerID?.self), try row.read(String?.self))
        let (job, state, type) = (try row.read(String?.self), try row.read(String.self), try row.read(String?.self))
        let (since, isSinceLaunch) = (try row.read(Instant.self), try row.read(Bool.self))
        let (command, problem) = (try row.read(String?.self), try row.read(String?.self))
        self.init(
            recoveryInstanceId: id,
            place: place,
            sourceServerId: server,
            hostname: hostname,
            jobId: job,
            state: state,
            instanceType: type,
            since: since,
            isSinceLaunch: isSinceLaunch,
            termination: command.map { Termination(state: $0, problem: problem) }
        )
    }

    /// A page of orphans, by their identifiers.
    package static func list(
        accountId: AccountNumber?,
        region: Region?,
        within scope: [AccountNumber]?,
        after last: String?,
        limit: Int
    ) -> Query<Orphan> {
        let scope = scope?.map(\.rawValue)
        return Query(
            """
            SELECT \(columns) FROM recovery_instance i \(joins)
             WHERE \(isOrphan)
               AND (\(scope)::text[] IS NULL OR i.account_id = ANY(\(scope)))
               AND (\(accountId)::text IS NULL OR i.account_id = \(accountId))
               AND (\(region)::text IS NULL OR i.region = \(region))
               AND (\(last)::text IS NULL OR i.recovery_instance_id > \(last))
             ORDER BY i.recovery_instance_id LIMIT \(limit)
            """,
            reading: Orphan.init(row:)
        )
    }

    /// One orphan.
    package static func find(_ id: String) -> Query<Orphan> {
        Query(
            "SELECT \(columns) FROM recovery_instance i \(joins) WHERE i.recovery_instance_id = \(id) AND \(isOrphan)",
            reading: Orphan.init(row:)
        )
    }

    /// The same, its instance locked until the transaction ends.
    package static func lock(_ id: String) -> Query<Orphan> {
        Query(
            """
            SELECT \(columns) FROM recovery_instance i \(joins)
             WHERE i.recovery_instance_id = \(id) AND \(isOrphan) FOR UPDATE OF i
            """,
            reading: Orphan.init(row:)
        )
    }

    /// Notes by which command an instance is to be terminated.
    package static func note(_ id: String, key: String) -> Statement {
        Statement("UPDATE recovery_instance SET termination_key = \(key) WHERE recovery_instance_id = \(id)")
    }
}
