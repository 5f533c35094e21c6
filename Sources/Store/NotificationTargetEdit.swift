internal import Ambient
package import Audit
internal import JSON
package import PostgreSQL
package import Recovery

/// Changes of notification targets, each of them one transaction.
extension NotificationTarget {
    /// Adds the target.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - secret: What goes with it, sealed; nil: nothing.
    ///   - deed: Who does it.
    /// - Throws: `Refusal`.
    package func create(through pool: Pool, secret: [UInt8]?, as deed: Deed) async throws {
        if let refusal = NotificationRules(target: self, hasSecret: secret != nil).refusal { throw refusal }
        try await refusing {
            try await pool.transaction { transaction in
                let count = try await transaction.first(Self.count) ?? 0
                guard count < Limits.notificationTargets else {
                    throw Refusal(
                        .ruleBroken,
                        "There are \(Limits.notificationTargets) notification targets, and no more can be kept."
                    )
                }
                try await checkAccount(in: transaction)
                try await transaction.execute([
                    insert(secret: secret),
                    recorded(by: deed, before: nil, after: fields(secret == nil ? "none" : "given"), new: 1),
                ])
            }
        }
    }

    /// Replaces what is said of the target; messages that are on their way go to the new address.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - secret: What goes with it from now on, sealed; nil: the one it has, where nobody else would be told it.
    ///   - deed: Who does it.
    ///   - check: Throws when the caller expected another revision.
    /// - Returns: Whether there is such a target.
    /// - Throws: `Refusal`; what `check` throws.
    package func replace(
        through pool: Pool,
        secret: [UInt8]?,
        as deed: Deed,
        checking check: (Int) throws -> Void
    ) async throws -> Bool {
        try await refusing {
            try await pool.transaction { transaction in
                guard let (before, former) = try await transaction.first(Self.lock(targetId)) else { return false }
                try check(before.revision)
                let kept = takesSecret(of: before) ? former : nil
                let sealed = secret ?? kept
                if let refusal = NotificationRules(target: self, hasSecret: sealed != nil).refusal { throw refusal }
                try await checkAccount(in: transaction)
                let word = secret != nil ? "replaced" : sealed == nil ? "none" : "as before"
                try await transaction.execute([
                    update(secret: sealed),
                    recorded(
                        by: deed,
                        before: before.fields(former == nil ? "none" : "as before"),
                        after: fields(word),
                        old: before.revision,
                        new: before.revision + 1
                    ),
                ])
                return true
            }
        }
    }

    /// Removes a target with all that was meant for it.
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
            guard let (before, secret) = try await transaction.first(lock(id)) else { return false }
            try check(before.revision)
            let fields = before.fields(secret == nil ? "none" : "as before")
            try await transaction.execute(
                delete(id) + [before.recorded(by: deed, before: fields, after: nil, old: before.revision)]
            )
            return true
        }
    }

    /// A webhook is only signed with its secret; a password is told to the server, so another server is given it anew.
    private func takesSecret(of before: NotificationTarget) -> Bool {
        switch (before.address, address) {
        case (.webhook, .webhook): true
        case (.mail(let old), .mail(let new)):
            new.username != nil && (old.host, old.port, old.username) == (new.host, new.port, new.username)
        case (.webhook, _), (.topic, _), (.mail, _): false
        }
    }

    /// A topic is published to by a spoke of a registered account.
    private func checkAccount(in transaction: Transaction) async throws {
        var named = accounts ?? []
        if case .topic(let topic) = address { named.append(topic.accountId) }
        let unknown = try await transaction.run(RoleBinding.unknown(among: Array(Set(named))))
        guard unknown.isEmpty else {
            throw Refusal(.unknownAccount, "No such accounts are registered: \(unknown.joined(separator: ", ")).")
        }
    }

    private func recorded(
        by deed: Deed,
        before: JSON?,
        after: JSON?,
        old: Int? = nil,
        new: Int? = nil
    ) -> Statement {
        deed.done(to: "NotificationTarget", targetId, old: old, new: new, before: before, after: after).insert
    }

    /// What the audit shows: all but the secret, of which it only says what became of it.
    private func fields(_ secret: String) -> JSON {
        [
            "targetName": .string(targetName), "description": .string(description),
            "kind": .string(address.kind.rawValue), "address": address.document, "secret": .string(secret),
            "eventKinds": .array(eventKinds.map { .string($0.rawValue) }),
            "accountIds": accounts.map { .array($0.map { .string($0.rawValue) }) } ?? .null,
            "planIds": plans.map { .array($0.map { .string($0.description) }) } ?? .null,
            "isEnabled": .bool(isEnabled),
        ]
    }
}
