package import PostgreSQL
package import Recovery

/// Changes of recovery plans, each of them one transaction.
///
/// Refusals come in the order of the contract: scope (403), revision (412), state and name (409), rules (422).
extension RecoveryPlan {
    /// Adds the plan.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - scope: The accounts whose groups the caller may see; nil: all.
    ///   - order: The waves as the caller wrote them, so that pointers lead to the right place.
    /// - Returns: The accounts of the plan's groups.
    /// - Throws: `Refusal`.
    package func create(
        through pool: Pool,
        within scope: [AccountNumber]?,
        asWritten order: [Wave]
    ) async throws -> [AccountNumber] {
        try await refusing {
            try await pool.transaction { transaction in
                try await transaction.execute(insert())
                let accounts = try await judge(order, in: transaction, within: scope)
                try await transaction.execute(nameGroups())
                try await transaction.execute(keepVersion(1, by: createdBy))
                try await transaction.execute(PlanReadinessStatements.begin(planId, at: lastModifiedDate))
                return accounts
            }
        }
    }

    /// Replaces the plan.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - scope: The accounts that the caller may see; nil: all.
    ///   - order: The waves as the caller wrote them, so that pointers lead to the right place.
    ///   - principal: Who does it.
    ///   - check: Throws when the caller expected another revision.
    /// - Returns: The revisions before and after, and the accounts of the plan's groups; nil when there is no such plan.
    /// - Throws: `Refusal`; what `check` throws.
    package func replace(
        through pool: Pool,
        within scope: [AccountNumber]?,
        asWritten order: [Wave],
        by principal: String,
        checking check: (Int) throws -> Void
    ) async throws -> (old: Int, new: Int, accounts: [AccountNumber])? {
        try await refusing {
            try await pool.transaction { transaction in
                guard let locked = try await Self.open(planId, in: transaction, within: scope, checking: check) else {
                    return nil
                }
                let new = try await transaction.first(update()) ?? locked.revision + 1
                let accounts = try await judge(order, in: transaction, within: scope)
                try await transaction.execute(nameGroups())
                try await transaction.execute(keepVersion(new, by: principal))
                try await transaction.execute(PlanReadinessStatements.reset(planId, at: lastModifiedDate))
                return (locked.revision, new, accounts)
            }
        }
    }

    /// Deletes a plan that does not run.
    ///
    /// - Parameters:
    ///   - id: The plan.
    ///   - pool: The database.
    ///   - scope: The accounts that the caller may see; nil: all.
    ///   - check: Throws when the caller expected another revision.
    /// - Returns: The last revision and the accounts of the plan's groups; nil when there is no such plan.
    /// - Throws: `Refusal`; what `check` throws.
    package static func remove(
        _ id: ID,
        through pool: Pool,
        within scope: [AccountNumber]?,
        checking check: (Int) throws -> Void
    ) async throws -> (revision: Int, accounts: [AccountNumber])? {
        try await pool.transaction { transaction in
            guard let locked = try await open(id, in: transaction, within: scope, checking: check) else { return nil }
            try await transaction.execute(delete(id))
            return locked
        }
    }
}

extension RecoveryPlan {
    /// Locks a plan that may be changed now.
    private static func open(
        _ id: ID,
        in transaction: Transaction,
        within scope: [AccountNumber]?,
        checking check: (Int) throws -> Void
    ) async throws -> (revision: Int, accounts: [AccountNumber])? {
        guard let locked = try await transaction.first(lock(id, within: scope)) else { return nil }
        if let scope, !Set(locked.accounts).isSubset(of: scope) {
            throw Refusal(.outsideScope, "Some of the plan's accounts are outside your scope.")
        }
        try check(locked.revision)
        if let execution = try await transaction.first(activeExecution(of: id)) {
            throw Refusal(.planInActiveExecution, "An execution of the plan has not ended.", .execution(execution))
        }
        return locked
    }

    /// Judges the plan by the groups as they are now, and answers their accounts.
    private func judge(
        _ order: [Wave],
        in transaction: Transaction,
        within scope: [AccountNumber]?
    ) async throws -> [AccountNumber] {
        let named = Set(order.flatMap(\.protectionGroupIds)).sorted()
        let groups = try await transaction.run(Self.members(of: named, within: scope))
        let members = Dictionary(groups.map { ($0.group, Set($0.members)) }) { first, _ in first }
        if let refusal = PlanRules(ordering: ordering, waves: order, members: members).refusal { throw refusal }
        return Set(groups.map(\.account)).sorted()
    }
}
