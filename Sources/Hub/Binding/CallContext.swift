package import Ambient
package import Audit
package import Logging
package import Recovery
internal import Synchronization

/// What a call's logic knows besides the call itself.
package struct CallContext: Sendable {
    package let caller: Caller
    /// What the caller may do, and in which accounts, as the bindings are now.
    package let access: Access
    /// What the call needs; nil: any caller may.
    package let permission: Permission?
    /// What `If-Match` demands: hand `precondition.check` to whatever changes the object.
    package internal(set) var precondition: Precondition
    package let exchange: Exchange
    package let ambient: Ambient
    /// With an idempotency key, how what the call makes is to be named.
    package internal(set) var intent: Intent?
    /// The type of the answer, where it is another than JSON.
    package internal(set) var type: String?
    /// The change that the call makes: hand it to whatever makes it, so that its audit event is of the same transaction.
    package let deed: Deed
    let note = AuditNote()

    package var requestId: String { exchange.id }

    /// A name for what the call makes: the same for the same request, where it has an idempotency key.
    package func identifier<Subject>(for subject: Subject.Type = Subject.self) -> Identifier<Subject> {
        intent?.identifier() ?? ambient.identifier()
    }

    /// Whether a hub that died has made the change that is asked for: only the answer is to be made.
    package var isMade: Bool { intent?.wasMade ?? false }

    package var logger: Logger { exchange.logger }
    /// The accounts whose objects the caller may see; nil: all.
    package var scope: [AccountNumber]? { access.view.limit }

    /// The accounts in which the caller may do what the call does: within those they may see.
    package var reach: AccountScope { permission.map { access.scope(of: $0) } ?? access.view }

    /// Refuses what the call would do to an object that lies partly out of reach.
    ///
    /// - Parameters:
    ///   - accounts: The accounts of the object.
    ///   - what: What it is, for the sentence.
    /// - Throws: `Problem` 404 when the caller may not even see it; `Refusal` 403 when not all of it is in reach.
    package func require(_ accounts: some Collection<AccountNumber>, of what: String) throws {
        guard access.view.shows(accounts) else { throw Problem.notFound(what) }
        guard reach.covers(all: accounts) else {
            throw Refusal(.outsideScope, "Some accounts of this \(what) are outside your scope.")
        }
    }

    /// Refuses to make something in an account that is out of reach.
    ///
    /// - Parameter account: Where it is to be made.
    /// - Throws: `Refusal` 403.
    package func requireReach(of account: AccountNumber) throws {
        guard reach.covers(account) else {
            throw Refusal(.outsideScope, "The account \(account) is outside your scope.")
        }
    }

    /// Says what the audit is to say of a call that changes nothing in the database itself, such as one that only asks
    /// spokes; a change hands `deed` to its transaction instead.
    ///
    /// Every call that is not a mere question is in the audit; without this its subject is what the path names.
    package func audit(
        _ kind: String,
        _ id: some CustomStringConvertible,
        accounts: [AccountNumber] = [],
        old: Int? = nil,
        new: Int? = nil,
        detail: String? = nil
    ) {
        note.set(
            AuditNote.Content(
                kind: kind,
                id: id.description,
                accounts: accounts,
                old: old,
                new: new,
                detail: detail
            )
        )
    }
}

/// What a call's logic tells the audit, handed over once it has succeeded.
final class AuditNote: Sendable {
    struct Content: Sendable {
        var kind: String
        var id: String
        var accounts: [AccountNumber]
        var old: Int?
        var new: Int?
        var detail: String?
    }

    private let state = Mutex<Content?>(nil)

    func set(_ content: Content) {
        state.withLock { $0 = content }
    }

    var content: Content? {
        state.withLock { $0 }
    }
}
