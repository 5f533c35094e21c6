package import Ambient
package import PostgreSQL
package import Recovery

/// Capacity of DRS in one account and Region: what is in use, and who waits.
package enum AdmissionStatements {
    /// Serialises the admissions of one account and Region until the transaction ends.
    package static func lock(_ place: Place) -> Statement {
        Statement("SELECT pg_advisory_xact_lock(7, hashtext(\(place.description)))")
    }

    /// Places where launches wait whose time has come.
    package static func placesWaiting(at now: Instant) -> Query<Place> {
        Query(
            """
            SELECT DISTINCT account_id, region FROM command WHERE state = 'QUEUED' AND not_before <= \(now)
            """
        ) { row in try Place(accountId: row.read(), region: row.read()) }
    }

    /// The launches that wait, oldest first.
    package static func queue(in place: Place, at now: Instant) -> Query<Admission.Candidate> {
        Query(
            """
            SELECT key, execution_id, is_recovery, server_count FROM command
             WHERE account_id = \(place.accountId) AND region = \(place.region) AND state = 'QUEUED'
               AND not_before <= \(now)
             ORDER BY created_at, key
            """
        ) { row in
            try Admission.Candidate(
                key: row.read(),
                executionId: row.read(),
                isRecovery: row.read(),
                serverCount: row.read()
            )
        }
    }

    /// Our own jobs and commands that use capacity now: servers by execution, one row a job.
    package static func ours(in place: Place) -> Query<(Execution.ID?, Int)> {
        Query(
            """
            SELECT execution_id, server_count FROM command
             WHERE account_id = \(place.accountId) AND region = \(place.region) AND state IN ('READY', 'LEASED')
               AND kind IN ('LAUNCH', 'TERMINATE_INSTANCES')
            """,
            as: Execution.ID?.self,
            Int.self
        )
    }

    /// Jobs in progress that are not ours: the number of servers of each.
    package static func foreign(in place: Place) -> Query<Int> {
        Query(
            """
            SELECT cardinality(source_server_ids) FROM observed_job AS job
             WHERE account_id = \(place.accountId) AND region = \(place.region)
               AND NOT EXISTS (SELECT FROM command WHERE command.key = job.command_key)
               AND (type <> 'TERMINATE'
                    OR NOT EXISTS (SELECT FROM command
                                    WHERE kind = 'TERMINATE_INSTANCES' AND command.account_id = job.account_id
                                      AND command.region = job.region
                                      AND command.created_at <= COALESCE(job.started_at, command.created_at)
                                      AND COALESCE(command.ended_at, job.started_at) >= job.started_at))
            """
        ) { row in try row.read() }
    }

    package static func quotas(in place: Place) -> Query<Quotas?> {
        Query(
            """
            SELECT quotas FROM inventory_sync
             WHERE account_id = \(place.accountId) AND region = \(place.region)
            """
        ) { row in try row.readDocument() }
    }

    /// Lets launches go to spokes.
    package static func admit(_ keys: [String]) -> Statement {
        Statement("UPDATE command SET state = 'READY' WHERE key = ANY (\(keys)) AND state = 'QUEUED'")
    }

    /// Why launches of an execution wait: by wave number, what DRS or the ledger last said.
    package static func waiting(of execution: Execution.ID) -> Query<(String, String, String?, String?)> {
        Query(
            """
            SELECT key, state, problem_code, problem_text FROM command
             WHERE execution_id = \(execution) AND state IN ('QUEUED', 'HELD') AND kind = 'LAUNCH'
            """,
            as: String.self,
            String.self,
            String?.self,
            String?.self
        )
    }
}
