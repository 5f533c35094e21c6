package import Ambient
package import PostgreSQL
package import Recovery

/// Changes of accounts, each of them one transaction.
extension Account {
    /// Registers the account.
    ///
    /// - Throws: `Refusal`.
    package func create(through pool: Pool, noting note: Statement? = nil, at now: Instant) async throws {
        try await refusing {
            try await pool.transaction { transaction in
                _ = try await transaction.execute(insert(at: now))
                if let note { try await transaction.execute(note) }
                if let refusal = AccountRules(self).refusal { throw refusal }
            }
        }
    }

    /// Replaces what is said of the account; its external ID stays.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - now: When.
    ///   - check: Throws when the caller expected another revision.
    /// - Returns: The account as it was; nil when there is none of that number.
    /// - Throws: `Refusal`; what `check` throws.
    package func replace(
        through pool: Pool,
        at now: Instant,
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
                return former
            }
        }
    }

    /// Removes an account in which no protection group lies.
    ///
    /// - Parameters:
    ///   - number: The account.
    ///   - pool: The database.
    ///   - check: Throws when the caller expected another revision.
    /// - Returns: The account as it was; nil when there is none of that number.
    /// - Throws: `Refusal`; what `check` throws.
    package static func remove(
        _ number: AccountNumber,
        through pool: Pool,
        checking check: (Int) throws -> Void
    ) async throws -> Account? {
        do {
            return try await pool.transaction { transaction in
                guard let former = try await transaction.first(lock(number)) else { return nil }
                try check(former.revision)
                try await transaction.execute(delete(number))
                return former
            }
        } catch let failure as PostgresFailure where failure.constraint == "protection_group_account" {
            let names = try await pool.run(groups(in: number, limit: 5))
            throw Refusal(.accountInUse, "Protection groups lie in the account: \(names.joined(separator: ", ")).")
        }
    }
}
