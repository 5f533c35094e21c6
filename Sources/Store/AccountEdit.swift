package import Ambient
package import Audit
internal import JSON
package import PostgreSQL
package import Recovery

/// Changes of accounts, each of them one transaction.
extension Account {
    /// Registers the account.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - now: When.
    ///   - deed: Who does it.
    /// - Throws: `Refusal`.
    package func create(
        through pool: Pool,
        at now: Instant,
        as deed: Deed? = nil
    ) async throws {
        try await refusing {
            try await pool.transaction { transaction in
                _ = try await transaction.execute(insert(at: now))
                if let refusal = AccountRules(self).refusal { throw refusal }
                try await transaction.execute(recorded(by: deed, after: self, new: 1))
            }
        }
    }

    /// Replaces what is said of the account; its external ID stays.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - now: When.
    ///   - deed: Who does it.
    ///   - check: Throws when the caller expected another revision.
    /// - Returns: The account as it was; nil when there is none of that number.
    /// - Throws: `Refusal`; what `check` throws.
    package func replace(
        through pool: Pool,
        at now: Instant,
        as deed: Deed? = nil,
        checking check: (Int) throws -> Void
    ) async throws -> Account? {
        try await refusing {
            try await pool.transaction { transaction in
                guard let former = try await transaction.first(Self.lock(accountId)) else { return nil }
                try check(former.revision)
                try await transaction.execute(update(at: now))
                if let refusal = AccountRules(self).refusal { throw refusal }
                try await transaction.execute([
                    FindingStatements.forgetAccess(to: accountId),
                    PlanReadinessStatements.reset(in: accountId, at: now),
                ])
                let (old, new) = (former.revision, former.revision + 1)
                try await transaction.execute(recorded(by: deed, before: former, after: self, old: old, new: new))
                return former
            }
        }
    }

    /// Removes an account in which no protection group lies.
    ///
    /// - Parameters:
    ///   - number: The account.
    ///   - pool: The database.
    ///   - deed: Who does it.
    ///   - check: Throws when the caller expected another revision.
    /// - Returns: The account as it was; nil when there is none of that number.
    /// - Throws: `Refusal`; what `check` throws.
    package static func remove(
        _ number: AccountNumber,
        through pool: Pool,
        as deed: Deed? = nil,
        checking check: (Int) throws -> Void
    ) async throws -> Account? {
        do {
            return try await pool.transaction { transaction in
                guard let former = try await transaction.first(lock(number)) else { return nil }
                try check(former.revision)
                try await transaction.execute(delete(number))
                try await transaction.execute(former.recorded(by: deed, before: former, old: former.revision))
                return former
            }
        } catch let failure as PostgresFailure where failure.constraint == "protection_group_account" {
            let names = try await pool.run(groups(in: number, limit: 5))
            throw Refusal(.accountInUse, "Protection groups lie in the account: \(names.joined(separator: ", ")).")
        }
    }
}

extension Account {
    /// The audit event of a change of the account.
    private func recorded(
        by deed: Deed?,
        before: Account? = nil,
        after: Account? = nil,
        old: Int? = nil,
        new: Int? = nil
    ) -> [Statement] {
        guard let deed else { return [] }
        let event = deed.done(
            to: "Account",
            accountId,
            accounts: [accountId],
            old: old,
            new: new,
            before: before?.fields,
            after: after?.fields
        )
        return [event.insert]
    }

    /// Everything but the external ID, which is a secret.
    private var fields: JSON {
        [
            "accountName": .string(accountName), "regions": .array(regions.map { .string($0.rawValue) }),
            "spokePrincipals": .array(spokePrincipals.map { .string($0) }),
            "owner": owner.map { .string($0) } ?? .null, "tags": JSON(tags),
        ]
    }
}
