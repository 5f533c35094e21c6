internal import Ambient
internal import CPostgreSQL
internal import Foundation
internal import Glibc
internal import Synchronization

/// Suspends a task until a socket is ready: one thread and one epoll set for all connections of the program.
///
/// Each wait has a token of its own that the kernel gives back, so that an event for an earlier wait, or for an earlier
/// socket of the same number, wakes nobody. Deadlines are kept in real time, as sockets are.
final class Reactor: Sendable {
    /// What a socket is ready for, or what is waited for.
    struct Readiness: OptionSet, Sendable {
        let rawValue: UInt32
        static let reading = Readiness(rawValue: UInt32(MUSTER_READABLE))
        static let writing = Readiness(rawValue: UInt32(MUSTER_WRITABLE))
    }

    /// A deadline has passed before the socket was ready.
    struct Expired: Error {}

    /// The one of this process; its thread starts with the first wait.
    static let shared = Reactor()

    /// How late a deadline may be noticed.
    ///
    /// Deadlines are seconds; this keeps an idle reactor at 20 turns a second.
    fileprivate static let tick = Duration.milliseconds(50)
    private static let wakeToken: UInt64 = 0

    fileprivate typealias Resume = @Sendable (Result<Readiness, any Error>) -> Void

    fileprivate struct Entry {
        var deadline: Duration?
        var resume: Resume
    }

    fileprivate struct State {
        var lastToken: UInt64 = Reactor.wakeToken
        var entries: [UInt64: Entry] = [:]
        var deadlines = 0
        /// The thread sleeps without a limit, for no entry had a deadline when it went to sleep.
        var isDozing = false
        var nextSweep = Duration.zero
    }

    private let set: Int32
    private let bell: Int32
    private let state = Mutex(State())
    private let time = SystemTime()

    private init() {
        set = muster_epoll_create()
        bell = muster_eventfd()
        guard set >= 0, bell >= 0 else { preconditionFailure("the kernel gave no epoll set: out of descriptors") }
        _ = muster_epoll_arm(set, bell, Readiness.reading.rawValue, 0, Self.wakeToken)
        let thread = Thread { [self] in
            while true { turn() }
        }
        thread.name = "postgresql"
        thread.start()
    }

    /// The clock that deadlines are told in.
    func now() -> Duration {
        time.elapsed()
    }

    /// Waits until the socket is ready for any of what is asked.
    ///
    /// - Throws: `CancellationError` when the task was cancelled, `Expired` at the deadline.
    func wait(for interest: Readiness, on socket: Int32, until deadline: Duration?) async throws -> Readiness {
        let token = issue()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard enlist(token, Entry(deadline: deadline) { continuation.resume(with: $0) }) else { return }
                if muster_epoll_arm(set, socket, interest.rawValue, 1, token) != 0 {
                    settle(token, .failure(PostgresFailure(.unavailable, "the connection's socket is gone")))
                }
            }
        } onCancel: {
            settle(token, .failure(CancellationError()))
        }
    }

    /// Has the action done on the reactor's thread at a moment, unless `dismiss` comes first.
    ///
    /// The action must be short.
    func alarm(at deadline: Duration, _ action: @escaping @Sendable () -> Void) -> UInt64 {
        let token = issue()
        add(token, Entry(deadline: deadline) { _ in action() })
        return token
    }

    /// Forgets an alarm.
    func dismiss(_ token: UInt64) {
        _ = state.withLock { $0.remove(token) }
    }

    private func issue() -> UInt64 {
        state.withLock { state in
            state.lastToken += 1
            return state.lastToken
        }
    }

    /// Adds a wait of the current task, which may have been cancelled just before: then it is resumed at once.
    private func enlist(_ token: UInt64, _ entry: Entry) -> Bool {
        // The flag is set before the handler runs, and the handler looks for the entry: one of the two sees the other.
        add(token, entry)
        guard Task.isCancelled else { return true }
        settle(token, .failure(CancellationError()))
        return false
    }

    private func add(_ token: UInt64, _ entry: Entry) {
        let wakes = state.withLock { state in
            state.entries[token] = entry
            guard entry.deadline != nil else { return false }
            state.deadlines += 1
            defer { state.isDozing = false }
            return state.isDozing
        }
        if wakes { eventfd_write(bell, 1) }
    }

    private func settle(_ token: UInt64, _ result: Result<Readiness, any Error>) {
        let entry = state.withLock { $0.remove(token) }
        entry?.resume(result)
    }
}

extension Reactor.State {
    fileprivate mutating func remove(_ token: UInt64) -> Reactor.Entry? {
        let entry = entries.removeValue(forKey: token)
        if entry?.deadline != nil { deadlines -= 1 }
        return entry
    }

    /// Takes out what is overdue, and says how long the thread may sleep.
    fileprivate mutating func sweep(at now: Duration) -> [Reactor.Resume] {
        guard now >= nextSweep else { return [] }
        nextSweep = now + Reactor.tick
        guard deadlines > 0 else { return [] }
        let overdue = entries.filter { entry in entry.value.deadline.map { $0 <= now } ?? false }.keys
        return overdue.compactMap { remove($0)?.resume }
    }
}

extension Reactor {
    private static let capacity = 64

    /// One turn of the thread: sleep until something happens, resume who waited for it, then who waited too long.
    private func turn() {
        let sleeps = state.withLock { state in
            state.isDozing = state.deadlines == 0
            return state.isDozing ? -1 : Int32(Self.tick.milliseconds)
        }
        var tokens = [UInt64](repeating: 0, count: Self.capacity)
        var ready = [UInt32](repeating: 0, count: Self.capacity)
        let count = unsafe muster_epoll_wait(set, &tokens, &ready, Int32(Self.capacity), sleeps)
        for index in 0..<max(0, Int(count)) {
            guard tokens[index] != Self.wakeToken else {
                var rings: eventfd_t = 0
                unsafe eventfd_read(bell, &rings)
                continue
            }
            settle(tokens[index], .success(Readiness(rawValue: ready[index])))
        }
        let overdue = state.withLock { $0.sweep(at: now()) }
        for resume in overdue { resume(.failure(Expired())) }
    }
}
