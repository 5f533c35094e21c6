package import Ambient
package import Audit
internal import JSON
package import PostgreSQL
package import Recovery

/// Changes of schedules, each of them one transaction.
///
/// Refusals come in the order of the contract: scope (403), revision (412), name (409), rules (422).
extension Schedule {
    /// Adds the schedule.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - view: What the caller may see.
    ///   - reach: Where the caller may start drills.
    ///   - due: Its first time.
    ///   - deed: Who does it.
    /// - Throws: `Refusal`.
    package func create(
        through pool: Pool,
        seeing view: AccountScope,
        reaching reach: AccountScope,
        due: Instant?,
        as deed: Deed
    ) async throws {
        try await refusing {
            try await pool.transaction { transaction in
                let accounts = try await plan(in: transaction, seeing: view, reaching: reach)
                try await transaction.execute(insert(due: due))
                try await transaction.execute(recorded(by: deed, accounts, before: nil, after: self, new: 1))
            }
        }
    }

    /// Replaces what is said of the schedule, and works its next time out anew.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - view: What the caller may see.
    ///   - reach: Where the caller may start drills.
    ///   - due: Its next time.
    ///   - deed: Who does it.
    ///   - check: Throws when the caller expected another revision.
    /// - Returns: Whether there is such a schedule.
    /// - Throws: `Refusal`; what `check` throws.
    package func replace(
        through pool: Pool,
        seeing view: AccountScope,
        reaching reach: AccountScope,
        due: Instant?,
        as deed: Deed,
        checking check: (Int) throws -> Void
    ) async throws -> Bool {
        try await refusing {
            try await pool.transaction { transaction in
                guard let before = try await transaction.first(Self.lock(scheduleId))?.schedule else { return false }
                try check(before.revision)
                let accounts = try await plan(in: transaction, seeing: view, reaching: reach)
                try await transaction.execute(update(due: due))
                let dropped = ScheduledRun.endWaiting(
                    of: scheduleId,
                    because: "The schedule was changed while it waited.",
                    at: lastModifiedDate
                )
                try await transaction.execute(dropped)
                let (old, new) = (before.revision, before.revision + 1)
                try await transaction.execute(
                    recorded(by: deed, accounts, before: before, after: self, old: old, new: new)
                )
                return true
            }
        }
    }

    /// Removes a schedule; what it started stays.
    ///
    /// - Returns: Whether there was one.
    /// - Throws: What `check` throws.
    package static func remove(
        _ id: ID,
        through pool: Pool,
        as deed: Deed,
        checking check: (Int) throws -> Void
    ) async throws -> Bool {
        try await pool.transaction { transaction in
            guard let before = try await transaction.first(lock(id))?.schedule else { return false }
            try check(before.revision)
            let accounts = try await transaction.first(RecoveryPlan.accounts(of: before.planId)) ?? []
            try await transaction.execute(delete(id))
            try await transaction.execute(
                before.recorded(by: deed, accounts, before: before, after: nil, old: before.revision)
            )
            return true
        }
    }

    /// The accounts of its plan, which the caller must reach wholly and which is kept from going meanwhile.
    private func plan(
        in transaction: Transaction,
        seeing view: AccountScope,
        reaching reach: AccountScope
    ) async throws -> [AccountNumber] {
        _ = try await transaction.first(RecoveryPlan.hold(planId))
        guard let accounts = try await transaction.first(RecoveryPlan.accounts(of: planId)), view.shows(accounts) else {
            throw Refusal(.unknownPlan, "There is no such recovery plan.", .pointers([.init("/planId", "is no plan")]))
        }
        guard reach.covers(all: accounts) else {
            throw Refusal(.outsideScope, "Some of the plan's accounts are outside your scope.")
        }
        return accounts
    }

    private func recorded(
        by deed: Deed,
        _ accounts: [AccountNumber],
        before: Schedule?,
        after: Schedule?,
        old: Int? = nil,
        new: Int? = nil
    ) -> Statement {
        deed.done(
            to: "Schedule",
            scheduleId,
            accounts: accounts,
            old: old,
            new: new,
            before: before?.fields,
            after: after?.fields
        ).insert
    }

    private var fields: JSON {
        [
            "scheduleName": .string(scheduleName), "planId": .string(planId.description),
            "description": .string(description), "cron": .string(cron.text), "timeZone": .string(timeZone),
            "isEnabled": .bool(isEnabled), "blackouts": JSON(document: blackouts),
            "whenBusy": .string(whenBusy.rawValue), "whenMissed": .string(whenMissed.rawValue),
            "patienceMinutes": .integer(Int64(patienceMinutes)),
            "cleanUpAfterHours": cleanUpAfterHours.map { .integer(Int64($0)) } ?? .null,
            "noticeMinutes": .integer(Int64(noticeMinutes)),
        ]
    }
}
