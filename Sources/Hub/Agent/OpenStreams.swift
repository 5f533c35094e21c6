internal import Ambient
internal import Store
internal import Synchronization

/// The command streams that this replica holds open, one a session: a newer one ends the one before it.
package final class OpenStreams: Sendable {
    private struct Entry {
        let number: Int
        let bell: AsyncStream<Void>.Continuation
    }

    private let state = Mutex<(last: Int, open: [Identifier<AgentSession>: Entry])>((0, [:]))

    package init() {}

    /// How many are open, for metrics.
    package var count: Int { state.withLock { $0.open.count } }

    /// Takes the session's place, from whoever had it, and answers the number under which to leave.
    func open(_ session: Identifier<AgentSession>, bell: AsyncStream<Void>.Continuation) -> Int {
        let (number, former) = state.withLock { state in
            state.last += 1
            let former = state.open.updateValue(Entry(number: state.last, bell: bell), forKey: session)
            return (state.last, former)
        }
        former?.bell.finish()
        return number
    }

    /// Leaves the place; false where a newer stream has taken it, so that the session's stream is not closed.
    func close(_ session: Identifier<AgentSession>, number: Int) -> Bool {
        state.withLock { state in
            guard state.open[session]?.number == number else { return false }
            state.open[session] = nil
            return true
        }
    }
}
