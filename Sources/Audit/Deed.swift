internal import Ambient
package import JSON
package import Recovery
internal import Synchronization

/// A change that somebody is about to make: whatever makes it writes its audit event in the same transaction.
///
/// So there is no change without its event, and no event of a change that did not happen. The hub asks `isRecorded`
/// afterwards, and records itself what changed nothing in the database.
package final class Deed: Sendable {
    private struct State {
        var event: AuditEvent
        var isRecorded = false
    }

    private let state: Mutex<State>

    /// - Parameter event: What is known before: who, when, from where, and by which call.
    package init(_ event: AuditEvent) {
        state = Mutex(State(event: event))
    }

    /// Gives the event the identifier that its request has, by which it is found should the request come again.
    ///
    /// - Parameters:
    ///   - id: The identifier; an event of that identifier can be written once.
    ///   - isRecorded: Whether it is written: a hub that died has made the change.
    package func identify(by id: AuditEvent.ID, isRecorded: Bool) {
        state.withLock { state in
            state.event.eventId = id
            state.isRecorded = isRecorded
        }
    }

    /// Whether an event was made for the transaction of the change.
    package var isRecorded: Bool { state.withLock { $0.isRecorded } }

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
        var done = state.withLock { state in
            state.isRecorded = true
            return state.event
        }
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
        var done = state.withLock { $0.event }
        done.eventId = id
        done.action = action
        done.subjectKind = kind
        done.subjectId = subject.description
        done.accounts = accounts
        return done
    }
}
