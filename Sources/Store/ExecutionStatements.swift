package import Ambient
internal import JSON
package import PostgreSQL
package import Recovery

/// Executions as rows: written in parts, only what changed, so that a large drill does not cost its square.
package enum ExecutionStatements {
    /// The execution's place in line: what changes with every event.
    package struct Lock: Sendable {
        /// What a copy of the row is good for.
        package var mark: CopyMark
        package var journalSequence: Int
        package var journalHead: String
    }

    /// Locks the execution's row until the transaction ends, before anything else of it is touched.
    package static func lock(_ id: Execution.ID) -> Query<Lock> {
        Query(
            """
            SELECT version, date_trunc('milliseconds', pg_postmaster_start_time()), journal_sequence, journal_head
              FROM execution WHERE execution_id = \(id) FOR UPDATE
            """
        ) { row in
            try Lock(
                mark: CopyMark(version: row.read(), serverStart: row.read()),
                journalSequence: row.read(),
                journalHead: row.read()
            )
        }
    }

    /// What a copy of it, made now, would be good for.
    package static func mark(of id: Execution.ID) -> Query<CopyMark> {
        Query(
            """
            SELECT version, date_trunc('milliseconds', pg_postmaster_start_time())
              FROM execution WHERE execution_id = \(id)
            """
        ) { row in try CopyMark(version: row.read(), serverStart: row.read()) }
    }

    package static func version(of id: Execution.ID) -> Query<Int> {
        Query("SELECT version FROM execution WHERE execution_id = \(id)") { row in try row.read() }
    }

    package static func header(_ id: Execution.ID) -> Query<Execution.Header> {
        Query(
            """
            SELECT e.execution_id, p.frozen_plan, e.execution_type, e.reason, e.started_by, e.started_at, e.declared_at,
                   e.status, e.ended_at, e.verdict, e.control
              FROM execution e JOIN execution_plan p ON p.execution_id = e.execution_id
             WHERE e.execution_id = \(id)
            """
        ) { row in
            try Execution.Header(
                id: row.read(),
                plan: row.readDocument(),
                type: row.read(),
                reason: row.read(),
                startedBy: row.read(),
                startedAt: row.read(),
                declaredAt: row.read(),
                status: row.read(),
                endedAt: row.read(),
                verdict: row.readDocument(),
                control: row.readDocument()
            )
        }
    }

    package static func waves(of id: Execution.ID) -> Query<Execution.StoredWave> {
        Query(
            """
            SELECT wave_number, status, waiting_for, gate, started_at, ended_at
              FROM execution_wave WHERE execution_id = \(id) ORDER BY wave_number
            """
        ) { row in
            try Execution.StoredWave(
                waveNumber: row.read(),
                status: row.read(),
                waitingFor: row.read(),
                gate: row.readDocument(),
                startedAt: row.read(),
                endedAt: row.read()
            )
        }
    }

    package static func servers(of id: Execution.ID) -> Query<Execution.ServerRun> {
        Query(
            """
            SELECT source_server_id, wave_number, status, launch_status, job_id, recovery_instance_id, instance_state,
                   attempts, started_at, ended_at, error, note, recovery_point
              FROM execution_server WHERE execution_id = \(id)
            """
        ) { row in
            try Execution.ServerRun(
                sourceServerId: row.read(),
                waveNumber: row.read(),
                status: row.read(),
                launchStatus: row.read(),
                jobId: row.read(),
                recoveryInstanceId: row.read(),
                instanceState: row.read(),
                attempts: row.read(),
                startedAt: row.read(),
                endedAt: row.read(),
                error: row.read(),
                note: row.read(),
                recoveryPoint: row.read(String?.self).flatMap(RecoveryPoint.init(label:))
            )
        }
    }

    package static func jobs(of id: Execution.ID) -> Query<Execution.JobRun> {
        Query(
            """
            SELECT key, wave_number, account_id, region, source_server_ids, state, job_id, accepted_at, ended_at,
                   wait_kind, waits_since
              FROM execution_job WHERE execution_id = \(id)
            """
        ) { row in
            try Execution.JobRun(
                key: JobKey(row.read()),
                waveNumber: row.read(),
                place: Place(accountId: row.read(), region: row.read()),
                servers: row.readLabels(),
                state: row.read(),
                jobId: row.read(),
                acceptedAt: row.read(),
                endedAt: row.read(),
                wait: wait(row.read(), since: row.read())
            )
        }
    }

    private static func wait(_ kind: LaunchWait.Kind?, since: Instant?) -> Execution.JobRun.Wait? {
        guard let kind, let since else { return nil }
        return Execution.JobRun.Wait(kind: kind, since: since)
    }
}

extension ExecutionStatements {
    /// Writes the first row of an execution, with the step of a trace that began it.
    package static func insert(
        _ execution: Execution,
        journal: JournalHead,
        trace: TraceContext? = nil
    ) -> Statement {
        Statement(
            """
            INSERT INTO execution (execution_id, plan_id, plan_name, plan_revision, execution_type, status, reason,
                                   started_by, started_at, declared_at, ended_at, version,
                                   recovery_time_objective_minutes, control, verdict, journal_sequence, journal_head, trace)
            VALUES (\(execution.id), \(execution.plan.planId), \(execution.plan.planName),
                    \(execution.plan.planRevision), \(execution.type), \(execution.status), \(execution.reason),
                    \(execution.startedBy), \(execution.startedAt), \(execution.declaredAt), \(execution.endedAt), 1,
                    \(execution.plan.recoveryTimeObjectiveMinutes), \(JSON(document: execution.control)),
                    \(execution.verdict.map { JSON(document: $0) }), \(journal.sequence), \(journal.hash),
                    \(trace?.description))
            """
        )
    }

    /// Keeps the plan as it was frozen.
    package static func insertPlan(of execution: Execution) -> Statement {
        Statement(
            """
            INSERT INTO execution_plan (execution_id, frozen_plan)
            VALUES (\(execution.id), \(JSON(document: execution.plan)))
            """
        )
    }

    /// Where it recovers servers; what a caller may see is decided by these.
    package static func insertPlaces(of execution: Execution) -> Statement {
        let places = execution.plan.places.sorted()
        return Statement(
            """
            INSERT INTO execution_place (execution_id, account_id, region)
            SELECT \(execution.id), account_id, region
              FROM unnest(\(places.map(\.accountId.rawValue)), \(places.map(\.region.rawValue)))
                   AS place (account_id, region)
            """
        )
    }

    package static func update(_ execution: Execution, journal: JournalHead) -> Statement {
        Statement(
            """
            UPDATE execution
               SET status = \(execution.status), ended_at = \(execution.endedAt), version = version + 1,
                   control = \(JSON(document: execution.control)),
                   verdict = \(execution.verdict.map { JSON(document: $0) }),
                   journal_sequence = \(journal.sequence), journal_head = \(journal.hash)
             WHERE execution_id = \(execution.id)
            """
        )
    }

    package static func save(_ waves: [Execution.WaveRun], of id: Execution.ID) -> Statement {
        Statement(
            """
            INSERT INTO execution_wave (execution_id, wave_number, status, waiting_for, gate, started_at, ended_at)
            SELECT \(id), wave.number, wave.status, wave.waiting_for, wave.gate, wave.started_at, wave.ended_at
              FROM unnest(\(waves.map(\.waveNumber)), \(waves.map(\.status.rawValue)),
                          \(waves.map(\.waitingFor?.rawValue)), \(waves.map { JSON(document: $0.gate) }),
                          \(waves.map(\.startedAt)), \(waves.map(\.endedAt)))
                   AS wave (number, status, waiting_for, gate, started_at, ended_at)
                ON CONFLICT (execution_id, wave_number) DO UPDATE
               SET status = excluded.status, waiting_for = excluded.waiting_for, gate = excluded.gate,
                   started_at = excluded.started_at, ended_at = excluded.ended_at
            """
        )
    }

    package static func save(_ servers: [Execution.ServerRun], of id: Execution.ID) -> Statement {
        Statement(
            """
            INSERT INTO execution_server (execution_id, source_server_id, wave_number, status, launch_status, job_id,
                                          recovery_instance_id, instance_state, attempts, started_at, ended_at, error,
                                          note, recovery_point)
            SELECT \(id), server.*
              FROM unnest(\(servers.map(\.sourceServerId.rawValue)), \(servers.map(\.waveNumber)),
                          \(servers.map(\.status.rawValue)), \(servers.map(\.launchStatus)), \(servers.map(\.jobId)),
                          \(servers.map(\.recoveryInstanceId)), \(servers.map(\.instanceState?.rawValue)),
                          \(servers.map(\.attempts)), \(servers.map(\.startedAt)), \(servers.map(\.endedAt)),
                          \(servers.map(\.error)), \(servers.map(\.note)),
                          \(servers.map(\.recoveryPoint?.label))) AS server
                ON CONFLICT (execution_id, source_server_id) DO UPDATE
               SET status = excluded.status, launch_status = excluded.launch_status, job_id = excluded.job_id,
                   recovery_instance_id = excluded.recovery_instance_id, instance_state = excluded.instance_state,
                   attempts = excluded.attempts, started_at = excluded.started_at, ended_at = excluded.ended_at,
                   error = excluded.error, note = excluded.note, recovery_point = excluded.recovery_point
            """
        )
    }

    package static func save(_ job: Execution.JobRun, of id: Execution.ID) -> Statement {
        Statement(
            """
            INSERT INTO execution_job (execution_id, key, wave_number, account_id, region, source_server_ids, state,
                                       job_id, accepted_at, ended_at, wait_kind, waits_since)
            VALUES (\(id), \(job.key.text), \(job.waveNumber), \(job.place.accountId), \(job.place.region),
                    \(job.servers.map(\.rawValue)), \(job.state), \(job.jobId), \(job.acceptedAt), \(job.endedAt),
                    \(job.wait?.kind), \(job.wait?.since))
                ON CONFLICT (execution_id, key) DO UPDATE
               SET state = excluded.state, job_id = excluded.job_id, accepted_at = excluded.accepted_at,
                   ended_at = excluded.ended_at, wait_kind = excluded.wait_kind, waits_since = excluded.waits_since
            """
        )
    }
}
