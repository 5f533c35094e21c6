package import Ambient
internal import JSON
package import PostgreSQL
package import Recovery

extension RecoveryPlan {
    /// A version in a list.
    package typealias VersionRow = (
        revision: Int, savedAt: Instant, savedBy: String, planName: String, waves: Int
    )

    /// The versions of a plan, the newest first; one page of them.
    ///
    /// - `revision`: The last one of the page before.
    package static func versions(of id: ID, before revision: Int?, limit: Int) -> Query<VersionRow> {
        let page: SQL = revision.map { "AND v.revision < \($0)" } ?? ""
        return Query(
            """
            SELECT v.revision, v.saved_at, v.saved_by, v.body::jsonb ->> 'planName',
                   jsonb_array_length(v.body::jsonb -> 'waves')::bigint
              FROM recovery_plan_version v WHERE v.plan_id = \(id) \(page) ORDER BY v.revision DESC LIMIT \(limit)
            """
        ) { row in
            (try row.read(), try row.read(), try row.read(), try row.read(), try row.read())
        }
    }

    /// A plan as a revision of it was saved: its dates are when that was, and who made it is who saved it.
    package static func version(_ revision: Int, of id: ID) -> Query<RecoveryPlan> {
        Query(
            """
            SELECT v.body::jsonb, v.saved_at, v.saved_by
              FROM recovery_plan_version v WHERE v.plan_id = \(id) AND v.revision = \(revision)
            """
        ) { row in
            let body: VersionBody = try row.readDocument()
            let (savedAt, savedBy) = (try row.read(Instant.self), try row.read(String.self))
            return RecoveryPlan(
                planId: id,
                planName: body.planName,
                description: body.description,
                ordering: body.ordering,
                recoveryTimeObjectiveMinutes: body.recoveryTimeObjectiveMinutes,
                recoveryPointObjectiveSeconds: body.recoveryPointObjectiveSeconds,
                owner: body.owner,
                application: body.application,
                waves: body.waves,
                createdDate: savedAt,
                lastModifiedDate: savedAt,
                createdBy: savedBy,
                revision: revision
            )
        }
    }

    /// What `keepVersion` writes.
    private struct VersionBody: Decodable {
        var planName: String
        var description: String
        var ordering: Ordering
        var recoveryTimeObjectiveMinutes: Int?
        var recoveryPointObjectiveSeconds: Int?
        var owner: String?
        var application: String?
        var waves: [Wave]
    }
}

extension ProtectionGroup {
    /// What the groups are called, of those that are there and that the caller may see.
    package static func names(
        of groups: [ID],
        within scope: [AccountNumber]?
    ) -> Query<(group: ID, name: String)> {
        let scope = scope?.map(\.rawValue)
        return Query(
            """
            SELECT g.group_id, g.group_name FROM protection_group g
             WHERE g.group_id = ANY(\(groups)) AND (\(scope) IS NULL OR g.account_id = ANY(\(scope)))
             ORDER BY lower(g.group_name)
            """
        ) { row in (try row.read(), try row.read()) }
    }

    /// The groups of these names, without regard to case, of those that the caller may see; each beside the name as it was
    /// asked for.
    package static func identifiers(
        named names: [String],
        within scope: [AccountNumber]?
    ) -> Query<(name: String, group: ID)> {
        let scope = scope?.map(\.rawValue)
        return Query(
            """
            SELECT n.name, g.group_id
              FROM unnest(\(names)) n (name) JOIN protection_group g ON lower(g.group_name) = lower(n.name)
             WHERE \(scope) IS NULL OR g.account_id = ANY(\(scope))
            """
        ) { row in (try row.read(), try row.read()) }
    }
}
