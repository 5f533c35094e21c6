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

    /// Active executions of DRS's own plans that use servers of launches which wait: by the launch's key.
    package static func nativePlans(inTheWayIn place: Place) -> Query<(String, Conflict)> {
        Query(
            """
            SELECT c.key, n.execution_arn, n.status, n.plan_name,
                   ARRAY(SELECT unnest(n.source_server_ids) INTERSECT SELECT unnest(j.source_server_ids) ORDER BY 1)
              FROM command c
              JOIN execution_job j ON j.execution_id = c.execution_id AND j.key = c.key
              JOIN native_execution n ON n.account_id = c.account_id AND n.region = c.region
                                     AND n.source_server_ids && j.source_server_ids
             WHERE c.account_id = \(place.accountId) AND c.region = \(place.region) AND c.state = 'QUEUED'
             ORDER BY c.key, n.started_at, n.execution_arn
            """
        ) { row in
            let (key, arn, status): (String, String, String) = (try row.read(), try row.read(), try row.read())
            let conflict = Conflict(
                kind: .nativePlan,
                id: arn,
                status: status,
                planName: try row.read(),
                serverIds: try row.readLabels()
            )
            return (key, conflict)
        }
    }

    /// Those of the waiting launches whose journal does not say yet that they wait for something of the kind.
    package static func untold(_ waits: [String: LaunchWait]) -> Query<(Execution.ID, String)> {
        let waits = waits.sorted { $0.key < $1.key }
        return Query(
            """
            SELECT j.execution_id, j.key
              FROM unnest(\(waits.map(\.key)), \(waits.map(\.value.kind.rawValue))) AS w (key, kind)
              JOIN execution_job j ON j.key = w.key
             WHERE j.state = 'QUEUED' AND j.wait_kind IS DISTINCT FROM w.kind
            """,
            as: Execution.ID.self,
            String.self
        )
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

    /// A launch that no spoke has, and what DRS or a spoke last said of it.
    package struct Waiting: Sendable, Hashable {
        package var key: String
        package var place: Place
        package var isHeld: Bool
        package var problemCode: String?
        package var problemText: String?
    }

    /// The launches of an execution that wait.
    package static func waiting(of execution: Execution.ID) -> Query<Waiting> {
        Query(
            """
            SELECT key, account_id, region, state = 'HELD', problem_code, problem_text FROM command
             WHERE execution_id = \(execution) AND state IN ('QUEUED', 'HELD') AND kind = 'LAUNCH'
             ORDER BY key
            """
        ) { row in
            try Waiting(
                key: row.read(),
                place: Place(accountId: row.read(), region: row.read()),
                isHeld: row.read(),
                problemCode: row.read(),
                problemText: row.read()
            )
        }
    }
}
