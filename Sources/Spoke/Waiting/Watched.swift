internal import Synchronization

/// A value that tasks wait for: each change wakes those who wait, and they look again.
package final class Watched<Value: Sendable>: Sendable {
    private struct State {
        var value: Value
        var nextWaiter = 0
        var waiters: [Int: CheckedContinuation<Void, any Error>] = [:]
    }

    private let state: Mutex<State>

    package init(_ value: Value) {
        state = Mutex(State(value: value))
    }

    package var value: Value {
        state.withLock { $0.value }
    }

    /// Changes the value and wakes everyone who waits.
    @discardableResult
    package func change<Answer: Sendable>(_ body: (inout Value) -> Answer) -> Answer {
        let (answer, woken) = state.withLock { state in
            let answer = body(&state.value)
            let woken = state.waiters
            state.waiters = [:]
            return (answer, woken)
        }
        for waiter in woken.values { waiter.resume() }
        return answer
    }

    /// Waits until the value has what is looked for, and answers it.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
    @discardableResult
    package func when<Answer: Sendable>(_ sought: @Sendable (Value) -> Answer?) async throws -> Answer {
        while true {
            try Task.checkCancellation()
            if let answer = sought(value) { return answer }
            try await waitForChange { sought($0) != nil }
        }
    }

    private func waitForChange(unless isSatisfied: @Sendable (Value) -> Bool) async throws {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                register(continuation, as: number, unless: isSatisfied)
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: number) }?.resume(throwing: CancellationError())
        }
    }

    private func register(
        _ continuation: CheckedContinuation<Void, any Error>,
        as number: Int,
        unless isSatisfied: (Value) -> Bool
    ) {
        let isWaiting = state.withLock { state in
            // A cancellation that came before this found nobody to wake, so it is looked for under the same lock.
            guard !Task.isCancelled, !isSatisfied(state.value) else { return false }
            state.waiters[number] = continuation
            return true
        }
        if !isWaiting { continuation.resume() }
    }
}
