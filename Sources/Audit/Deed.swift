internal import Ambient
package import JSON
package import Recovery
internal import Synchronization

/// A change that somebody is about to make: whatever makes it writes its audit event in the same transaction.
///
/// So there is no change without its event, and no event of a change that did not happen. The hub asks `isRecorded`
/// afterwards, and records itself what changed nothing in the database.
package final class Deed: Sendable {
    private let event: AuditEvent
    private let state = Mutex(false)

    /// - Parameter event: What is known before: who, when, from where, and by which call.
    package init(_ event: AuditEvent) {
        self.event = event
    }

    /// Whether an event was made for the transaction of the change.
    package var isRecorded: Bool { state.withLock { $0 } }

    /// What the audit says once the change is made.
    ///
    /// - Parameters:
    ///   - kind: What kind of object was changed.
    ///   - id: Which one.
    ///   - accounts: Its accounts.
    ///   - old: Its revision before.
    ///   - new: Its revision after.
    ///   - detail: What else is to be said.
    ///   - before: The object's fields as they were; nil: it was not.
    ///   - after: The same as they are now; nil: it is no more.
    /// - Returns: The event, to be written in the transaction of the change.
    package func done(
        to kind: String,
        _ id: some CustomStringConvertible,
        accounts: [AccountNumber] = [],
        old: Int? = nil,
        new: Int? = nil,
        detail: String? = nil,
        before: JSON? = nil,
        after: JSON? = nil
    ) -> AuditEvent {
        state.withLock { $0 = true }
        var done = event
        done.subjectKind = kind
        done.subjectId = id.description
        done.accounts = accounts
        done.oldRevision = old
        done.newRevision = new
        done.detail = detail
        done.changes = FieldChange.between(before, after)
        return done
    }

    /// What the audit says of something else that the same request changed with it.
    package func alsoDone(
        as id: AuditEvent.ID,
        _ action: String,
        to kind: String,
        _ subject: some CustomStringConvertible,
        accounts: [AccountNumber]
    ) -> AuditEvent {
        var done = event
        done.eventId = id
        done.action = action
        done.subjectKind = kind
        done.subjectId = subject.description
        done.accounts = accounts
        return done
    }
}
