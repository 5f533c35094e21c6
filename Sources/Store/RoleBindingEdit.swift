package import Audit
internal import JSON
package import PostgreSQL
package import Recovery

/// Changes of role bindings, each of them one transaction, one after another.
extension RoleBinding {
    /// Judges what would hold after a change: every binding.
    package typealias Judgement = ([RoleBinding]) throws -> Void

    /// Adds the binding.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - deed: Who does it.
    ///   - judge: Throws when the bindings may not be so.
    /// - Throws: `Refusal`; what `judge` throws.
    package func create(through pool: Pool, as deed: Deed, judging judge: Judgement) async throws {
        try await change(through: pool) { transaction in
            try await transaction.execute(insert)
            try await checkAccounts(in: transaction)
            let all = try await transaction.run(Self.all)
            try judge(all)
            guard all.count <= Limits.roleBindings else {
                throw Refusal(.ruleBroken, "There are \(Limits.roleBindings) role bindings, and no more can be kept.")
            }
            try await transaction.execute(recorded(by: deed, before: nil, after: self, new: 1))
        }
    }

    /// Replaces what is said of the binding.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - deed: Who does it.
    ///   - check: Throws when the caller expected another revision.
    ///   - judge: Throws when the bindings may not be so.
    /// - Returns: The binding as it is now; nil when there is none of that identifier.
    /// - Throws: `Refusal`; what the closures throw.
    package func replace(
        through pool: Pool,
        as deed: Deed,
        checking check: (Int) throws -> Void,
        judging judge: Judgement
    ) async throws -> RoleBinding? {
        try await change(through: pool) { transaction in
            guard let former = try await transaction.first(Self.lock(bindingId)) else { return nil }
            try check(former.revision)
            try await transaction.execute(update)
            try await checkAccounts(in: transaction)
            try judge(try await transaction.run(Self.all))
            let new = former.revision + 1
            try await transaction.execute(
                recorded(by: deed, before: former, after: self, old: former.revision, new: new)
            )
            return try await transaction.first(Self.lock(bindingId))
        }
    }

    /// Removes a binding.
    ///
    /// - Parameters:
    ///   - id: The binding.
    ///   - pool: The database.
    ///   - deed: Who does it.
    ///   - check: Throws when the caller expected another revision.
    ///   - judge: Throws when the bindings may not be so.
    /// - Returns: The binding as it was; nil when there is none of that identifier.
    /// - Throws: What the closures throw.
    package static func remove(
        _ id: ID,
        through pool: Pool,
        as deed: Deed,
        checking check: (Int) throws -> Void,
        judging judge: Judgement
    ) async throws -> RoleBinding? {
        try await pool.transaction { transaction in
            try await transaction.execute(lockAll)
            guard let former = try await transaction.first(lock(id)) else { return nil }
            try check(former.revision)
            try await transaction.execute(delete(id))
            try judge(try await transaction.run(all))
            try await transaction.execute(
                former.recorded(by: deed, before: former, after: nil, old: former.revision)
            )
            return former
        }
    }

    private func change<Result>(
        through pool: Pool,
        _ body: (Transaction) async throws -> Result
    ) async throws -> Result {
        try await refusing {
            try await pool.transaction { transaction in
                try await transaction.execute(Self.lockAll)
                return try await body(transaction)
            }
        }
    }

    private func checkAccounts(in transaction: Transaction) async throws {
        guard let accounts else { return }
        let unknown = try await transaction.run(Self.unknown(among: accounts))
        guard unknown.isEmpty else {
            throw Refusal(.unknownAccount, "No such accounts are registered: \(unknown.joined(separator: ", ")).")
        }
    }

    private func recorded(
        by deed: Deed,
        before: RoleBinding?,
        after: RoleBinding?,
        old: Int? = nil,
        new: Int? = nil
    ) -> Statement {
        // A binding of all accounts is everybody's business, but only those who see all accounts are shown it whole.
        let accounts = Set((before?.accounts ?? []) + (after?.accounts ?? [])).sorted()
        return deed.done(
            to: "RoleBinding",
            bindingId,
            accounts: before?.scope == .all || after?.scope == .all ? [] : accounts,
            old: old,
            new: new,
            before: before?.fields,
            after: after?.fields
        ).insert
    }

    private var fields: JSON {
        [
            "kind": .string(kind.rawValue), "name": .string(name), "role": .string(role.rawValue),
            "accountIds": accounts.map { .array($0.map { .string($0.rawValue) }) } ?? .null,
            "description": .string(description),
        ]
    }
}
