package import Audit
internal import JSON
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
    ///   - reach: The accounts in which the caller may make plans.
    ///   - order: The waves as the caller wrote them, so that pointers lead to the right place.
    ///   - deed: Who does it.
    /// - Returns: The accounts of the plan's groups.
    /// - Throws: `Refusal`.
    package func create(
        through pool: Pool,
        within scope: [AccountNumber]?,
        reaching reach: AccountScope = .all,
        asWritten order: [Wave],
        as deed: Deed? = nil
    ) async throws -> [AccountNumber] {
        try await refusing {
            try await pool.transaction { transaction in
                try await transaction.execute(insert())
                let accounts = try await judge(order, in: transaction, within: scope, reaching: reach)
                try await transaction.execute(nameGroups())
                try await transaction.execute(keepVersion(1, by: createdBy))
                try await transaction.execute(PlanReadinessStatements.begin(planId, at: lastModifiedDate))
                try await transaction.execute(recorded(by: deed, accounts, after: self, new: 1))
                return accounts
            }
        }
    }

    /// Replaces the plan.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - scope: The accounts that the caller may see; nil: all.
    ///   - reach: The accounts in which the caller may change plans.
    ///   - order: The waves as the caller wrote them, so that pointers lead to the right place.
    ///   - principal: Who does it, by name.
    ///   - deed: The same, for the audit.
    ///   - check: Throws when the caller expected another revision.
    /// - Returns: The revisions before and after, and the accounts of the plan's groups; nil when there is no such plan.
    /// - Throws: `Refusal`; what `check` throws.
    package func replace(
        through pool: Pool,
        within scope: [AccountNumber]?,
        reaching reach: AccountScope = .all,
        asWritten order: [Wave],
        by principal: String,
        as deed: Deed? = nil,
        checking check: (Int) throws -> Void
    ) async throws -> (old: Int, new: Int, accounts: [AccountNumber])? {
        try await refusing {
            try await pool.transaction { transaction in
                guard
                    let locked = try await Self.open(
                        planId,
                        in: transaction,
                        within: scope,
                        reaching: reach,
                        checking: check
                    )
                else { return nil }
                let before = try await transaction.first(Self.saved(planId, within: nil))
                let new = try await transaction.first(update()) ?? locked.revision + 1
                let accounts = try await judge(order, in: transaction, within: scope, reaching: reach)
                try await transaction.execute(nameGroups())
                try await transaction.execute(keepVersion(new, by: principal))
                try await transaction.execute(PlanReadinessStatements.reset(planId, at: lastModifiedDate))
                let all = Set(accounts + locked.accounts).sorted()
                try await transaction.execute(
                    recorded(by: deed, all, before: before, after: self, old: locked.revision, new: new)
                )
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
    ///   - reach: The accounts in which the caller may delete plans.
    ///   - deed: Who does it.
    ///   - check: Throws when the caller expected another revision.
    /// - Returns: The last revision and the accounts of the plan's groups; nil when there is no such plan.
    /// - Throws: `Refusal`; what `check` throws.
    package static func remove(
        _ id: ID,
        through pool: Pool,
        within scope: [AccountNumber]?,
        reaching reach: AccountScope = .all,
        as deed: Deed? = nil,
        checking check: (Int) throws -> Void
    ) async throws -> (revision: Int, accounts: [AccountNumber])? {
        try await pool.transaction { transaction in
            guard
                let locked = try await open(id, in: transaction, within: scope, reaching: reach, checking: check)
            else { return nil }
            let before = try await transaction.first(saved(id, within: nil))
            try await transaction.execute(delete(id))
            let record = before?.recorded(by: deed, locked.accounts, before: before, old: locked.revision)
            try await transaction.execute(record ?? [])
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
        reaching reach: AccountScope,
        checking check: (Int) throws -> Void
    ) async throws -> (revision: Int, accounts: [AccountNumber])? {
        guard let locked = try await transaction.first(lock(id, within: scope)) else { return nil }
        guard AccountScope(scope).covers(all: locked.accounts), reach.covers(all: locked.accounts) else {
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
        within scope: [AccountNumber]?,
        reaching reach: AccountScope
    ) async throws -> [AccountNumber] {
        let named = Set(order.flatMap(\.protectionGroupIds)).sorted()
        let groups = try await transaction.run(Self.members(of: named, within: scope))
        guard reach.covers(all: groups.map(\.account)) else {
            throw Refusal(.outsideScope, "Some of the plan's accounts are outside your scope.")
        }
        let members = Dictionary(groups.map { ($0.group, Set($0.members)) }) { first, _ in first }
        if let refusal = PlanRules(ordering: ordering, waves: order, members: members).refusal { throw refusal }
        return Set(groups.map(\.account)).sorted()
    }
}

extension RecoveryPlan {
    /// The audit event of a change of the plan.
    private func recorded(
        by deed: Deed?,
        _ accounts: [AccountNumber],
        before: RecoveryPlan? = nil,
        after: RecoveryPlan? = nil,
        old: Int? = nil,
        new: Int? = nil
    ) -> [Statement] {
        guard let deed else { return [] }
        let event = deed.done(
            to: "RecoveryPlan",
            planId,
            accounts: accounts,
            old: old,
            new: new,
            before: before?.fields,
            after: after?.fields
        )
        return [event.insert]
    }

    private var fields: JSON {
        [
            "planName": .string(planName), "description": .string(description),
            "ordering": .string(ordering.rawValue),
            "recoveryTimeObjectiveMinutes": recoveryTimeObjectiveMinutes.map { .integer(Int64($0)) } ?? .null,
            "recoveryPointObjectiveSeconds": recoveryPointObjectiveSeconds.map { .integer(Int64($0)) } ?? .null,
            "owner": owner.map { .string($0) } ?? .null, "application": application.map { .string($0) } ?? .null,
            "waves": JSON(document: waves),
        ]
    }
}
