package import Ambient
package import Contract
package import PostgreSQL
package import Recovery

/// One account and Region with what the last inventory sync of it brought.
package struct SyncedPlace: Sendable, Hashable {
    package var place: Place
    /// Whether DRS is initialised there; nil until a spoke has looked.
    package var isInitialized: Bool?
    package var syncedAt: Instant?
    /// Whether a connected spoke that is not draining serves it now.
    package var isServed: Bool
}

extension SyncedPlace {
    /// Every account and Region in scope: those that accounts name and those that spokes have reported.
    ///
    /// - `accountId`: Only this account.
    /// - `region`: Only this Region.
    /// - `scope`: The accounts that the caller may see; nil: all.
    /// - `now`: The time by which sessions are judged.
    package static func all(
        accountId: AccountNumber?,
        region: Region?,
        scope: [AccountNumber]?,
        at now: Instant
    ) -> Query<SyncedPlace> {
        let numbers = scope?.map(\.rawValue)
        return Query(
            """
            SELECT q.account_id, q.region,
                   CASE WHEN y.synced_at IS NOT NULL OR NOT y.is_initialized THEN y.is_initialized END,
                   y.synced_at, \(isServed(at: now))
              FROM (SELECT a.account_id, unnest(a.regions) AS region FROM account a
                     WHERE \(numbers) IS NULL OR a.account_id = ANY(\(numbers))
                    UNION
                    SELECT i.account_id, i.region FROM inventory_sync i
                     WHERE \(numbers) IS NULL OR i.account_id = ANY(\(numbers))) q
              LEFT JOIN inventory_sync y ON y.account_id = q.account_id AND y.region = q.region
             WHERE (\(accountId) IS NULL OR q.account_id = \(accountId))
               AND (\(region) IS NULL OR q.region = \(region))
             ORDER BY q.account_id, q.region
            """
        ) { row in
            SyncedPlace(
                place: Place(accountId: try row.read(), region: try row.read()),
                isInitialized: try row.read(),
                syncedAt: try row.read(),
                isServed: try row.read()
            )
        }
    }

    /// Whether a spoke with a good session takes commands for the place `q` now.
    private static func isServed(at now: Instant) -> SQL {
        """
        EXISTS (SELECT FROM agent_session_account x
                  JOIN agent_session s ON s.session_id = x.session_id
                  JOIN spoke p ON p.spoke_id = s.spoke_id
                 WHERE x.account_id = q.account_id AND q.region = ANY(x.regions) AND NOT p.is_draining
                   AND s.expires_at > \(now) AND s.last_seen_at > \(now - Spoke.silence)
                   AND (s.stream_closed_at IS NULL OR s.stream_closed_at > \(now - Spoke.reopening)))
        """
    }

    /// Whether anybody could be asked about the place now.
    package static func isServed(_ place: Place, at now: Instant) -> Query<Bool> {
        Query(
            """
            SELECT \(isServed(at: now)) FROM (SELECT \(place.accountId) AS account_id, \(place.region) AS region) q
            """,
            as: Bool.self
        )
    }
}

extension SourceServer {
    /// The live use of DRS's quotas by place; one page of it.
    ///
    /// Jobs are those that the spokes see, whoever started them, and the launches that were handed to a spoke and are not
    /// seen yet: for them the quota is taken already.
    package static func quotas(
        accountId: AccountNumber?,
        region: Region?,
        scope: [AccountNumber]?,
        after last: Place?,
        limit: Int
    ) -> Query<QuotaUse> {
        let numbers = scope?.map(\.rawValue)
        let page: SQL = last.map { "AND (y.account_id, y.region) > (\($0.accountId), \($0.region))" } ?? ""
        return Query(
            """
            SELECT y.account_id, y.region, y.quotas, y.synced_at, u.jobs, u.servers,
                   (SELECT count(*) FROM source_server s
                     WHERE s.account_id = y.account_id AND s.region = y.region
                       AND s.replication_state NOT IN ('STOPPED', 'DISCONNECTED')),
                   (SELECT count(*) FROM source_server s WHERE s.account_id = y.account_id AND s.region = y.region)
              FROM inventory_sync y
              CROSS JOIN LATERAL (
                   SELECT count(*) AS jobs, coalesce(sum(j.servers), 0)::bigint AS servers
                     FROM (SELECT cardinality(o.source_server_ids)::bigint AS servers FROM observed_job o
                            WHERE o.account_id = y.account_id AND o.region = y.region AND o.status <> 'COMPLETED'
                           UNION ALL
                           SELECT c.server_count FROM command c
                            WHERE c.account_id = y.account_id AND c.region = y.region AND c.kind = 'LAUNCH'
                              AND c.state = 'LEASED'
                              AND NOT EXISTS (SELECT FROM observed_job o
                                               WHERE o.account_id = y.account_id AND o.region = y.region
                                                 AND o.command_key = c.key)) j) u
             WHERE y.is_initialized
               AND (\(numbers) IS NULL OR y.account_id = ANY(\(numbers)))
               AND (\(accountId) IS NULL OR y.account_id = \(accountId))
               AND (\(region) IS NULL OR y.region = \(region)) \(page)
             ORDER BY y.account_id, y.region LIMIT \(limit)
            """
        ) { row in try QuotaUse(row: &row) }
    }
}

extension QuotaUse {
    fileprivate init(row: inout RowReader) throws {
        let place = Place(accountId: try row.read(), region: try row.read())
        let quotas = try row.readDocument(Quotas?.self) ?? Quotas()
        let syncedAt = try row.read(Instant?.self)
        self.init(
            accountId: place.accountId,
            region: place.region,
            concurrentJobs: Measure(used: try row.read(), limit: quotas.concurrentJobs),
            serversInJobs: Measure(used: try row.read(), limit: quotas.serversInAllJobs),
            replicatingServers: Measure(used: try row.read(), limit: quotas.replicatingServers),
            totalServers: Measure(used: try row.read(), limit: quotas.totalServers),
            serversPerJob: quotas.serversPerJob,
            syncedAt: syncedAt
        )
    }
}
