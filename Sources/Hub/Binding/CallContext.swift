package import Ambient
package import Logging
package import Recovery
internal import Synchronization

/// What a call's logic knows besides the call itself.
package struct CallContext: Sendable {
    package let caller: Caller
    /// What `If-Match` demands: hand `precondition.check` to whatever changes the object.
    package internal(set) var precondition: Precondition
    package let exchange: Exchange
    package let ambient: Ambient
    /// With an idempotency key, how what the call makes is to be named.
    package internal(set) var intent: Intent?
    let note = AuditNote()

    package var requestId: String { exchange.id }
    package var logger: Logger { exchange.logger }
    /// The accounts to look in; nil: all.
    package var scope: [AccountNumber]? { caller.scope.limit }

    /// Says what the audit is to say of this change beyond who, when, from where and which call.
    ///
    /// Every call that changed something is in the audit; without this its subject is what the path names.
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
