package import Ambient
package import Contract
internal import JSON
package import PostgreSQL
package import Recovery

/// What spokes saw in an account and Region, made the hub's inventory.
///
/// Only what changed is written: a row that says what it said before is not touched, for every minute every place is
/// looked at. A server or instance that another place holds is left alone, whatever a spoke says of it.
package enum InventoryStatements {
    // MARK: - Pages

    /// Keeps a page of a sync that is not complete.
    package static func stage(_ page: InventoryPage, at now: Instant) -> Statement {
        Statement(
            """
            INSERT INTO inventory_page (account_id, region, sync_token, page, body, received_at)
            VALUES (\(page.accountId), \(page.region), \(page.syncToken), \(page.page), \(JSON(document: page).text),
                    \(now))
                ON CONFLICT (account_id, region, sync_token, page) DO UPDATE SET body = excluded.body
            """
        )
    }

    /// The pages of a sync that were kept, in order.
    package static func staged(_ syncToken: String, in place: Place) -> Query<InventoryPage> {
        Query(
            """
            SELECT body FROM inventory_page
             WHERE account_id = \(place.accountId) AND region = \(place.region) AND sync_token = \(syncToken)
             ORDER BY page
            """
        ) { row in try JSON(parsing: row.read(String.self).utf8).decoded() }
    }

    /// Forgets the pages of a sync, and those of the place that nobody will complete.
    package static func unstage(_ syncToken: String, in place: Place, at now: Instant) -> Statement {
        Statement(
            """
            DELETE FROM inventory_page
             WHERE account_id = \(place.accountId) AND region = \(place.region)
               AND (sync_token = \(syncToken) OR received_at < \(now - .seconds(3600)))
            """
        )
    }

    // MARK: - The state of a place

    /// Says that the place was synced now.
    package static func synced(_ page: InventoryPage, at now: Instant) -> Statement {
        let quotas = page.quotas.map { JSON(document: $0) }
        return Statement(
            """
            INSERT INTO inventory_sync AS y (account_id, region, is_initialized, synced_at, sync_token, quotas)
            VALUES (\(page.accountId), \(page.region), \(page.isInitialized), \(now), \(page.syncToken), \(quotas))
                ON CONFLICT (account_id, region) DO UPDATE
               SET is_initialized = excluded.is_initialized, synced_at = excluded.synced_at,
                   sync_token = excluded.sync_token, quotas = coalesce(excluded.quotas, y.quotas),
                   problem_code = NULL, problem_text = NULL
            """
        )
    }

    /// Says why the place could not be synced, if that is what a command was to do.
    package static func notSynced(
        _ command: Identifier<CommandStatements.StoredCommand>,
        code: String,
        text: String
    ) -> Statement {
        Statement(
            """
            INSERT INTO inventory_sync AS y (account_id, region, problem_code, problem_text)
            SELECT c.account_id, c.region, \(code), \(text) FROM command c
             WHERE c.command_id = \(command) AND c.kind = 'SYNC_INVENTORY'
                ON CONFLICT (account_id, region) DO UPDATE
               SET problem_code = excluded.problem_code, problem_text = excluded.problem_text
             WHERE (y.problem_code, y.problem_text) IS DISTINCT FROM (excluded.problem_code, excluded.problem_text)
            """
        )
    }

    /// Locks the state of a place without saying that all of it was looked at.
    package static func lookedUp(in place: Place) -> Statement {
        Statement(
            """
            INSERT INTO inventory_sync AS y (account_id, region) VALUES (\(place.accountId), \(place.region))
                ON CONFLICT (account_id, region) DO UPDATE SET is_initialized = y.is_initialized
            """
        )
    }

    // MARK: - Source servers

    /// Adds the servers that are new.
    package static func addServers(_ servers: [InventoryPage.Server], in place: Place) -> Statement {
        Statement(
            """
            INSERT INTO source_server (source_server_id, account_id, region, hostname, tags, replication_state,
                                       lag_seconds, recovery_instance_id, last_launch_type, last_launch_at,
                                       last_launch_status)
            SELECT x."sourceServerId", \(place.accountId), \(place.region), \(seen)
              FROM \(rows(of: servers))
             WHERE NOT EXISTS (SELECT FROM source_server s WHERE s.source_server_id = x."sourceServerId")
             ORDER BY x."sourceServerId"
                ON CONFLICT (source_server_id) DO NOTHING
            """
        )
    }

    /// Changes the servers that are not as they were.
    package static func changeServers(_ servers: [InventoryPage.Server], in place: Place) -> Statement {
        let stored: SQL = """
            s.hostname, s.tags, s.replication_state, s.lag_seconds, s.recovery_instance_id, s.last_launch_type,
            s.last_launch_at, s.last_launch_status
            """
        return Statement(
            """
            UPDATE source_server AS s
               SET (hostname, tags, replication_state, lag_seconds, recovery_instance_id, last_launch_type,
                    last_launch_at, last_launch_status) = ROW (\(seen))
              FROM \(rows(of: servers))
             WHERE s.source_server_id = x."sourceServerId" AND s.account_id = \(place.accountId)
               AND s.region = \(place.region) AND (\(stored)) IS DISTINCT FROM (\(seen))
            """
        )
    }

    /// Removes the servers of the place that are no longer there; of those looked up only, where some were.
    package static func removeServers(
        except servers: [SourceServerID],
        lookedUp: [SourceServerID]?,
        in place: Place
    ) -> Statement {
        Statement(
            """
            DELETE FROM source_server
             WHERE account_id = \(place.accountId) AND region = \(place.region)
               AND NOT source_server_id = ANY(\(servers))
               AND (\(lookedUp == nil) OR source_server_id = ANY(\(lookedUp ?? [])))
            """
        )
    }

    private static let seen: SQL = """
        x.hostname, x.tags, x."replicationState", x."lagSeconds", x."recoveryInstanceId", x."lastLaunch"->>'type',
        (x."lastLaunch"->>'at')::timestamptz, x."lastLaunch"->>'status'
        """

    private static func rows(of servers: [InventoryPage.Server]) -> SQL {
        """
        jsonb_to_recordset(\(JSON(document: servers))) AS x
            ("sourceServerId" text, hostname text, tags jsonb, "replicationState" text, "lagSeconds" bigint,
             "recoveryInstanceId" text, "lastLaunch" jsonb)
        """
    }

    // MARK: - Recovery instances

    /// Makes these the recovery instances of the place; of the servers looked up only, where some were.
    package static func instances(
        _ instances: [InventoryPage.RecoveryInstance],
        lookedUp: [SourceServerID]?,
        in place: Place,
        at now: Instant
    ) -> [Statement] {
        let rows: SQL = """
            jsonb_to_recordset(\(JSON(document: instances))) AS x
                ("recoveryInstanceId" text, "sourceServerId" text, "jobId" text, "isDrill" boolean, state text,
                 "launchedAt" timestamptz, "instanceType" text)
            """
        return [
            Statement(
                """
                DELETE FROM recovery_instance
                 WHERE account_id = \(place.accountId) AND region = \(place.region)
                   AND NOT recovery_instance_id = ANY(\(instances.map(\.recoveryInstanceId)))
                   AND (\(lookedUp == nil) OR source_server_id = ANY(\(lookedUp ?? [])))
                """
            ),
            Statement(
                """
                UPDATE recovery_instance AS i
                   SET source_server_id = x."sourceServerId", job_id = x."jobId", is_drill = x."isDrill", state = x.state,
                       launched_at = coalesce(x."launchedAt", i.launched_at),
                       instance_type = coalesce(x."instanceType", i.instance_type)
                  FROM \(rows)
                 WHERE i.recovery_instance_id = x."recoveryInstanceId" AND i.account_id = \(place.accountId)
                   AND i.region = \(place.region)
                   AND (i.source_server_id, i.job_id, i.is_drill, i.state, i.launched_at, i.instance_type)
                       IS DISTINCT FROM (x."sourceServerId", x."jobId", x."isDrill", x.state,
                                         coalesce(x."launchedAt", i.launched_at),
                                         coalesce(x."instanceType", i.instance_type))
                """
            ),
            Statement(
                """
                INSERT INTO recovery_instance (recovery_instance_id, account_id, region, source_server_id, job_id,
                                               is_drill, state, launched_at, instance_type, first_seen_at)
                SELECT x."recoveryInstanceId", \(place.accountId), \(place.region), x."sourceServerId", x."jobId",
                       x."isDrill", x.state, x."launchedAt", x."instanceType", \(now)
                  FROM \(rows)
                 WHERE NOT EXISTS (SELECT FROM recovery_instance i
                                    WHERE i.recovery_instance_id = x."recoveryInstanceId")
                 ORDER BY x."recoveryInstanceId"
                    ON CONFLICT (recovery_instance_id) DO NOTHING
                """
            ),
        ]
    }

    // MARK: - Jobs

    /// Makes these the jobs in progress of the place.
    package static func jobs(_ jobs: [InventoryPage.Job], in place: Place) -> [Statement] {
        let rows: SQL = """
            (SELECT x."jobId" AS job_id, x.type, x.status, x."startedAt" AS started_at,
                    ARRAY(SELECT jsonb_array_elements_text(x."sourceServerIds")) AS source_server_ids,
                    x."commandKey" AS command_key
               FROM jsonb_to_recordset(\(JSON(document: jobs))) AS x
                    ("jobId" text, type text, status text, "startedAt" timestamptz, "sourceServerIds" jsonb,
                     "commandKey" text)) AS j
            """
        return [
            Statement(
                """
                DELETE FROM observed_job
                 WHERE account_id = \(place.accountId) AND region = \(place.region)
                   AND NOT job_id = ANY(\(jobs.map(\.jobId)))
                """
            ),
            Statement(
                """
                UPDATE observed_job AS o
                   SET type = j.type, status = j.status, started_at = j.started_at,
                       source_server_ids = j.source_server_ids, command_key = j.command_key
                  FROM \(rows)
                 WHERE o.account_id = \(place.accountId) AND o.region = \(place.region) AND o.job_id = j.job_id
                   AND (o.type, o.status, o.started_at, o.source_server_ids, o.command_key)
                       IS DISTINCT FROM (j.type, j.status, j.started_at, j.source_server_ids, j.command_key)
                """
            ),
            Statement(
                """
                INSERT INTO observed_job (job_id, account_id, region, type, status, started_at, source_server_ids,
                                          command_key)
                SELECT j.job_id, \(place.accountId), \(place.region), j.type, j.status, j.started_at,
                       j.source_server_ids, j.command_key
                  FROM \(rows)
                    ON CONFLICT (account_id, region, job_id) DO NOTHING
                """
            ),
        ]
    }
}
