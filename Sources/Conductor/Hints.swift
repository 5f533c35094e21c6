package import Ambient
package import PostgreSQL
package import Recovery
internal import Synchronization

/// Wake-ups for those who wait: in this replica at once, in the others by NOTIFY.
///
/// A hint says that something may have changed, never what: who is woken looks for itself, and looks anyway now and
/// then, so that a lost hint costs seconds and nothing else.
package final class Hints: Sendable {
    package enum Subject: Sendable, Hashable {
        /// Commands of the account may be ready.
        case work(AccountNumber)
        /// The execution has changed.
        case execution(Execution.ID)
        /// Role bindings have changed.
        case bindings
    }

    package static let workChannel = "muster_work"
    package static let executionChannel = "muster_execution"
    package static let bindingChannel = "muster_binding"
    /// Every channel, which the listener has to listen on.
    package static let channels = [workChannel, executionChannel, bindingChannel]

    private struct Waiter {
        var wants: @Sendable (Subject?) -> Bool
        var continuation: AsyncStream<Void>.Continuation
    }

    private let notifier: Notifier
    private let listener: Listener
    private let waiters = Mutex<(last: Int, all: [Int: Waiter])>((0, [:]))

    /// Those who wait look without a hint every 15 s: one share of them each 100 ms.
    ///
    /// So thousands do not ask the database in the same moment. Keep-alive lines of streams go by it too.
    private static let share: Duration = .milliseconds(100)
    private static let shares = 150

    private let time: any TimeSource

    /// Tells this replica's own hints from those of the others.
    private let tag: String

    package init(notifier: Notifier, listener: Listener, ambient: Ambient = Ambient()) {
        time = ambient.time
        tag = ambient.identifier(for: Hints.self).description
        self.notifier = notifier
        self.listener = listener
    }

    /// Tells everyone who waits, here and in the other replicas; call it after the commit.
    package func send(_ subject: Subject) {
        wake(subject)
        switch subject {
        case .work(let account): notifier.notify(Self.workChannel, payload: "\(tag) \(account)")
        case .execution(let id): notifier.notify(Self.executionChannel, payload: "\(tag) \(id)")
        case .bindings: notifier.notify(Self.bindingChannel, payload: "\(tag) changed")
        }
    }

    /// Wake-ups when commands of any of the accounts may be ready.
    package func work(for accounts: Set<AccountNumber>) -> AsyncStream<Void> {
        wait { subject in
            switch subject {
            case .work(let account): accounts.contains(account)
            case nil: true
            case .execution, .bindings: false
            }
        }
    }

    /// Wake-ups when the execution may have changed.
    package func changes(of id: Execution.ID) -> AsyncStream<Void> {
        wait { $0 == nil || $0 == .execution(id) }
    }

    /// Wake-ups when role bindings may have changed.
    package func bindings() -> AsyncStream<Void> {
        wait { $0 == nil || $0 == .bindings }
    }

    /// Wake-ups when any execution may have changed.
    package func changesOfExecutions() -> AsyncStream<Void> {
        wait { subject in
            switch subject {
            case nil, .execution: true
            case .work, .bindings: false
            }
        }
    }

    /// Passes on what other replicas say, until cancelled.
    package func run() async {
        await withTaskGroup { group in
            group.addTask { await self.notifier.run() }
            group.addTask { await self.listener.run() }
            group.addTask { await self.pollSlowly() }
            group.addTask { await self.hear(Self.workChannel) { AccountNumber(rawValue: $0).map(Subject.work) } }
            group.addTask { await self.hear(Self.bindingChannel) { _ in .bindings } }
            group.addTask { await self.hear(Self.executionChannel) { Execution.ID($0).map(Subject.execution) } }
        }
    }

    private func pollSlowly() async {
        var turn = 0
        while !Task.isCancelled {
            // Cancelled while asleep, there is nobody left to wake.
            do { try await time.sleep(for: Self.share) } catch { return }
            turn = (turn + 1) % Self.shares
            waiters.withLock { waiters in
                for (number, waiter) in waiters.all where number % Self.shares == turn { waiter.continuation.yield() }
            }
        }
    }

    /// Hints kept for one channel before the oldest give way to "anything may have changed".
    private static let buffer = 1024

    private func hear(_ channel: String, _ subject: @Sendable (String) -> Subject?) async {
        for await wakeUp in listener.wakeUps(on: channel, buffer: Self.buffer) {
            let parts = wakeUp.payload?.split(separator: " ").map(String.init) ?? []
            // What this replica has said itself, it has heard already.
            guard parts.first != tag else { continue }
            wake(parts.last.flatMap(subject))
        }
    }

    private func wake(_ subject: Subject?) {
        waiters.withLock { waiters in
            for waiter in waiters.all.values where waiter.wants(subject) { waiter.continuation.yield() }
        }
    }

    private func wait(_ wants: @escaping @Sendable (Subject?) -> Bool) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = waiters.withLock { waiters in
            waiters.last += 1
            waiters.all[waiters.last] = Waiter(wants: wants, continuation: continuation)
            return waiters.last
        }
        continuation.yield()
        continuation.onTermination = { _ in self.waiters.withLock { $0.all[number] = nil } }
        return stream
    }
}
