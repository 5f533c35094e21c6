internal import Ambient
package import PostgreSQL
package import Recovery

extension Pool {
    /// Fills the inventory of a place with servers as a spoke would report them.
    package func sync(_ servers: [Int], tags: [String: String] = [:], in place: Place = .sample()) async throws {
        try await execute(
            Query(
                """
                INSERT INTO inventory_sync (account_id, region, synced_at)
                VALUES (\(place.accountId), \(place.region), \(Instant.sample)) ON CONFLICT DO NOTHING
                """
            ) as Statement
        )
        try await execute(
            Query(
                """
                INSERT INTO source_server (source_server_id, account_id, region, hostname, tags, replication_state)
                SELECT s, \(place.accountId), \(place.region), 'host-' || s,
                       coalesce((SELECT jsonb_object_agg(k, v) FROM unnest(\(Array(tags.keys)), \(Array(tags.values))) t (k, v)),
                                '{}'), 'CONTINUOUS'
                  FROM unnest(\(servers.map { SourceServerID.sample($0) })) s
                """
            ) as Statement
        )
    }
}
