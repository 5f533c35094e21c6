package import Ambient
package import PostgreSQL
package import Recovery

/// The logs of DRS jobs, each item once.
package enum JobLogStatements {
    package struct Item: Sendable, Hashable {
        package var itemId: Int
        package var at: Instant
        package var waveNumber: Int
        package var place: Place
        package var jobId: String
        package var event: String
        package var sourceServerId: SourceServerID?
        package var detail: String?
    }

    /// What DRS said, before it has a number.
    package struct New: Sendable, Hashable {
        package var at: Instant
        package var event: String
        package var sourceServerId: SourceServerID?
        package var detail: String?

        package init(at: Instant, event: String, sourceServerId: SourceServerID?, detail: String?) {
            self.at = at
            self.event = event
            self.sourceServerId = sourceServerId
            self.detail = detail
        }
    }

    /// Stores what is not stored yet.
    package static func add(
        _ items: [New],
        of job: Execution.JobRun,
        jobId: String,
        in execution: Execution.ID
    ) -> Statement {
        Statement(
            """
            INSERT INTO job_log_item (execution_id, wave_number, account_id, region, job_id, at, event,
                                      source_server_id, detail)
            SELECT \(execution), \(job.waveNumber), \(job.place.accountId), \(job.place.region), \(jobId), item.*
              FROM unnest(\(items.map(\.at)), \(items.map(\.event)),
                          \(items.map { $0.sourceServerId?.rawValue ?? "" }), \(items.map(\.detail))) AS item
                ON CONFLICT ON CONSTRAINT job_log_item_once DO NOTHING
            """
        )
    }

    /// A page of an execution's log in the accounts of a scope, oldest first.
    package static func page(
        of execution: Execution.ID,
        within scope: [AccountNumber]? = nil,
        server: SourceServerID? = nil,
        after cursor: (at: Instant, itemId: Int)?,
        limit: Int
    ) -> Query<Item> {
        let scope = scope?.map(\.rawValue)
        let narrowed: SQL = if let server { "AND source_server_id = \(server.rawValue)" } else { "" }
        return Query(
            """
            SELECT item_id, at, wave_number, account_id, region, job_id, event, source_server_id, detail
              FROM job_log_item
             WHERE execution_id = \(execution) \(narrowed)
               AND (\(scope)::text[] IS NULL OR account_id = ANY (\(scope)))
               AND (\(cursor?.at)::timestamptz IS NULL OR (at, item_id) > (\(cursor?.at), \(cursor?.itemId)))
             ORDER BY at, item_id LIMIT \(limit)
            """
        ) { row in
            try Item(
                itemId: row.read(),
                at: row.read(),
                waveNumber: row.read(),
                place: Place(accountId: row.read(), region: row.read()),
                jobId: row.read(),
                event: row.read(),
                sourceServerId: SourceServerID(rawValue: row.read()),
                detail: row.read()
            )
        }
    }
}
