package import Ambient
package import Audit
package import PostgreSQL
package import Recovery

/// Listed servers that the inventory does not know in the group's place: they may still be new at DRS.
package struct UnknownServers: Error, Sendable, Hashable {
    package let servers: [SourceServerID]

    package init(servers: [SourceServerID]) {
        self.servers = servers
    }
}

/// Changes of protection groups, each of them one transaction.
///
/// Refusals come in the order of the contract: the name and the holders of servers (409) before rules (422).
extension ProtectionGroup {
    /// Adds the group with its members: `sourceServerIds` as listed, or what the tags pick.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - deed: Who does it.
    /// - Throws: `Refusal`; `UnknownServers`, when nothing else is wrong.
    package func create(through pool: Pool, as deed: Deed? = nil) async throws {
        try await naming(through: pool) { transaction in
            try await transaction.execute(insert())
            try await placeMembers(in: transaction)
            // Tags of other groups may pick in vain what this one holds.
            try await transaction.execute(PlanReadinessStatements.recheck(in: place, at: lastModifiedDate))
            try await transaction.execute(recorded(by: deed, after: self, new: 1))
        }
    }

    /// Replaces what is said of the group.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - scope: The accounts in which the caller may change groups; nil: all.
    ///   - deed: Who does it.
    ///   - check: Throws when the caller expected another revision.
    /// - Returns: The revisions before and after; nil when there is no such group.
    /// - Throws: `Refusal`; `UnknownServers`, when nothing else is wrong; what `check` throws.
    package func replace(
        through pool: Pool,
        within scope: [AccountNumber]?,
        as deed: Deed? = nil,
        checking check: (Int) throws -> Void
    ) async throws -> (old: Int, new: Int)? {
        try await naming(through: pool) { transaction in
            guard let (old, former) = try await transaction.first(Self.lock(groupId, within: scope)) else { return nil }
            try check(old)
            try await transaction.execute(Self.lockPlans(using: groupId))
            if let execution = try await transaction.first(Self.activeExecution(of: groupId)) {
                throw Refusal(
                    .groupInActiveExecution,
                    "An execution that has not ended uses the protection group.",
                    .execution(execution)
                )
            }
            let before = try await transaction.first(Self.find(groupId, within: nil)).map { ProtectionGroup($0) }
            let new = try await transaction.first(update()) ?? old + 1
            try await transaction.execute(Self.removeMembers(of: groupId, except: sourceServerIds))
            try await placeMembers(in: transaction)
            // What the group let go may be picked by others.
            try await transaction.execute(Self.reselect(in: former, at: lastModifiedDate))
            try await transaction.execute([
                PlanReadinessStatements.reset(using: groupId, at: lastModifiedDate),
                PlanReadinessStatements.recheck(in: former, at: lastModifiedDate),
            ])
            try await transaction.execute(recorded(by: deed, before: before, after: self, old: old, new: new))
            return (old, new)
        }
    }

    /// Deletes a group that no plan names.
    ///
    /// - Parameters:
    ///   - id: The group.
    ///   - pool: The database.
    ///   - scope: The accounts in which the caller may delete groups; nil: all.
    ///   - deed: Who does it.
    ///   - now: When servers that it held were given to other groups.
    ///   - check: Throws when the caller expected another revision.
    /// - Returns: The place and the last revision of the group; nil when there is no such group.
    /// - Throws: `Refusal` with the plans that use it; what `check` throws.
    package static func remove(
        _ id: ID,
        through pool: Pool,
        within scope: [AccountNumber]?,
        as deed: Deed? = nil,
        at now: Instant,
        checking check: (Int) throws -> Void
    ) async throws -> (place: Place, revision: Int)? {
        do {
            return try await pool.transaction { transaction in
                guard let (revision, place) = try await transaction.first(lock(id, within: scope)) else { return nil }
                try check(revision)
                let before = try await transaction.first(find(id, within: nil)).map { ProtectionGroup($0) }
                try await transaction.execute(delete(id))
                try await transaction.execute(reselect(in: place, at: now))
                try await transaction.execute(PlanReadinessStatements.recheck(in: place, at: now))
                try await transaction.execute(before?.recorded(by: deed, before: before, old: revision) ?? [])
                return (place, revision)
            }
        } catch let failure as PostgresFailure where failure.constraint == "plan_group_group" {
            let plans = try await pool.run(plans(using: id))
            throw Refusal(.groupInUse, "Recovery plans use the protection group.", .plans(plans))
        }
    }
}

extension ProtectionGroup {
    /// Adds the members that the group should have and misses; then judges what the database cannot refuse.
    private func placeMembers(in transaction: Transaction) async throws {
        if serverSelectionTags.isEmpty {
            try await transaction.execute(
                Self.addMembers(sourceServerIds, to: groupId, in: place, at: lastModifiedDate)
            )
        }
        let rules = GroupRules(place: place, servers: sourceServerIds, tags: serverSelectionTags)
        if let refusal = rules.refusal { throw refusal }
        guard let account = try await transaction.first(Account.find(place.accountId)) else {
            throw Refusal(.unknownAccount, "No such account is registered.")
        }
        guard account.regions.isEmpty || account.regions.contains(place.region) else {
            throw Refusal(.unknownRegion, "The account is not registered for \(place.region).")
        }
        guard serverSelectionTags.isEmpty else {
            try await transaction.execute(Self.reselect(in: place, only: groupId, at: lastModifiedDate))
            return
        }
        let known = Set(try await transaction.run(SourceServer.known(sourceServerIds, in: place)))
        guard known.count == sourceServerIds.count else {
            throw UnknownServers(servers: sourceServerIds.filter { !known.contains($0) })
        }
    }

    /// Runs a change, and says who holds the servers that another group's membership refused.
    private func naming<Result>(
        through pool: Pool,
        function: StaticString = #function,
        _ body: (Transaction) async throws -> Result
    ) async throws -> Result {
        do {
            return try await refusing { try await pool.transaction(function: function) { try await body($0) } }
        } catch let refusal as Refusal where refusal.code == .serverAssigned {
            let holders = try await pool.run(Self.holders(of: sourceServerIds, except: groupId))
            throw Refusal(refusal.code, refusal.detail, .assignments(holders))
        }
    }
}
