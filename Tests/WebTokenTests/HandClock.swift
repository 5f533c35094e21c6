import Ambient
import Synchronization

/// A clock that a test moves by hand.
final class HandClock: TimeSource {
    private struct Sleeper {
        let until: Duration
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var elapsed = Duration.zero
        var sleepers: [Int: Sleeper] = [:]
        var cancelled: Set<Int> = []
        var nextSleeper = 0
    }

    private let start: Instant
    private let state = Mutex(State())

    init(start: Instant = Instant(milliseconds: 1_790_000_000_000)) {
        self.start = start
    }

    func now() -> Instant { start + elapsed() }
    func elapsed() -> Duration { state.withLock { $0.elapsed } }

    /// How long those who sleep still have to, shortest first.
    var waits: [Duration] {
        state.withLock { state in state.sleepers.values.map { $0.until - state.elapsed }.sorted() }
    }

    func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.elapsed += duration
            let due = state.sleepers.filter { $0.value.until <= state.elapsed }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.sorted { $0.until < $1.until }.map(\.continuation)
        }
        for continuation in due { continuation.resume() }
    }

    func sleep(for duration: Duration) async throws {
        let id = state.withLock { state in
            state.nextSleeper += 1
            return state.nextSleeper
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.cancelled.contains(id) { return true }
                    state.sleepers[id] = Sleeper(until: state.elapsed + duration, continuation: continuation)
                    return false
                }
                if isOver { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                state.cancelled.insert(id)
                return state.sleepers.removeValue(forKey: id)
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }
}

/// Waits until something is so, at most three minutes of real time: others may be busy.
func eventually(_ condition: @Sendable () async -> Bool) async throws {
    let time = SystemTime()
    let deadline = time.elapsed() + .seconds(180)
    while await !condition() {
        guard time.elapsed() < deadline else { throw NeverHappened() }
        try await time.sleep(for: .milliseconds(1))
    }
}

struct NeverHappened: Error {}
