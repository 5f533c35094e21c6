internal import Ambient
package import PostgreSQL
package import Recovery

/// Who uses which server now: the rows that make two executions of one server impossible.
package enum ClaimStatements {
    /// Claims servers for an execution; those that another holds are left out of the answer.
    package static func claim(_ servers: [SourceServerID], for id: Execution.ID) -> Query<String> {
        Query(
            """
            INSERT INTO server_claim (source_server_id, execution_id)
            SELECT server, \(id) FROM unnest(\(servers.map(\.rawValue))) AS server ORDER BY server
                ON CONFLICT (source_server_id) DO NOTHING
            RETURNING source_server_id
            """
        ) { row in try row.read() }
    }

    package static func release(of id: Execution.ID) -> Statement {
        Statement("DELETE FROM server_claim WHERE execution_id = \(id)")
    }

    /// Gives released servers to executions that terminate instances of them now: until that is over they are in use.
    ///
    /// The rows of those executions are held, so that a clean-up which ends meanwhile gets none.
    package static func handOver(_ servers: [SourceServerID], from id: Execution.ID) -> Statement {
        Statement(
            """
            INSERT INTO server_claim (source_server_id, execution_id)
            SELECT s.source_server_id, e.execution_id
              FROM (SELECT execution_id FROM execution
                     WHERE control->'cleanUp'->>'state' = 'RUNNING' AND execution_id <> \(id)
                     ORDER BY execution_id FOR SHARE) e
              JOIN execution_server s ON s.execution_id = e.execution_id
             WHERE s.source_server_id = ANY (\(servers.map(\.rawValue)))
             ORDER BY s.source_server_id
                ON CONFLICT (source_server_id) DO NOTHING
            """
        )
    }

    /// Other executions that hold any of the servers, and which.
    package static func holders(
        of servers: [SourceServerID],
        except id: Execution.ID?
    ) -> Query<(Execution.ID, String, String, [String])> {
        Query(
            """
            SELECT execution.execution_id, execution.status, execution.execution_type,
                   array_agg(claim.source_server_id ORDER BY claim.source_server_id)
              FROM server_claim AS claim JOIN execution ON execution.execution_id = claim.execution_id
             WHERE claim.source_server_id = ANY (\(servers.map(\.rawValue)))
               AND (\(id)::uuid IS NULL OR claim.execution_id <> \(id))
             GROUP BY execution.execution_id
             ORDER BY execution.execution_id
            """,
            as: Execution.ID.self,
            String.self,
            String.self,
            [String].self
        )
    }

    /// Jobs in progress that are not ours and have any of the servers.
    package static func foreignJobs(with servers: [SourceServerID]) -> Query<(String, String, [String])> {
        Query(
            """
            SELECT job_id, status, ARRAY(SELECT unnest(source_server_ids)
                                         INTERSECT SELECT unnest(\(servers.map(\.rawValue))) ORDER BY 1)
              FROM observed_job AS job
             WHERE source_server_ids && \(servers.map(\.rawValue)) AND type <> 'TERMINATE'
               AND NOT EXISTS (SELECT FROM execution_job WHERE execution_job.key = job.command_key)
             ORDER BY job_id
            """,
            as: String.self,
            String.self,
            [String].self
        )
    }

    /// Whether any of an execution's jobs is with a spoke or with DRS.
    package static func hasWorkUnderWay(_ id: Execution.ID) -> Query<Bool> {
        Query(
            """
            SELECT EXISTS (SELECT FROM command WHERE execution_id = \(id) AND state = 'LEASED')
                OR EXISTS (SELECT FROM execution_job WHERE execution_id = \(id) AND state = 'ACCEPTED')
            """
        ) { row in try row.read() }
    }
}
