internal import AWS
package import Ambient
internal import HTTPTypes
internal import Synchronization

/// How much the hub takes on at once; what is more waits a little, and is then told to come again (503).
///
/// Without it every request of a crowd would be begun, hold its memory, and wait for one of a few connections to the
/// database, until all of them fail together.
package final class Capacity: Sendable {
    /// People's requests in flight at once, where nothing else is configured.
    ///
    /// Eight for each of the eight connections that serve them: enough to keep database and processors busy, and a few
    /// hundred MB where each of them is about an execution of 5,000 servers.
    package static let people = 64
    /// Who waits, for each one in flight: a waiting request is a connection and a task (some 20 kB), and a thousand of
    /// them are served within two seconds.
    private static let waitingEach = 16
    /// How long a request waits to be begun: less than clients wait for answers.
    package static let patience: Duration = .seconds(10)
    /// Seconds after which who was turned away should come again.
    private static let retryAfterSeconds = 1
    /// Live streams that people hold open at once: each looks at its execution at every change.
    package static let liveStreams = 1000

    /// The limits of each share.
    package struct Limits: Sendable {
        var lines: [Share: WaitingLine.Limits]
        var patience: Duration
        var liveStreams: Int

        package init(
            people: Int = Capacity.people,
            patience: Duration = Capacity.patience,
            liveStreams: Int = Capacity.liveStreams
        ) {
            lines = [
                .people: .init(inside: people, waiting: people * Capacity.waitingEach),
                // A heartbeat takes milliseconds; 10,000 spokes that come back together wait in turn.
                .work: .init(inside: 256, waiting: 10_000),
                // An inventory's page has up to 1 MiB, and STS may take seconds.
                .spokes: .init(inside: 64, waiting: 10_000),
                // `/health/ready` asks the database, and anybody may ask it.
                .health: .init(inside: 8, waiting: 64),
            ]
            self.patience = patience
            self.liveStreams = liveStreams
        }
    }

    private struct State {
        var lines: [Share: WaitingLine]
        var lastTicket: WaitingLine.Ticket = 0
        var waiters: [WaitingLine.Ticket: CheckedContinuation<Place, any Error>] = [:]
        var liveStreams = 0
    }

    private let limits: Limits
    private let time: any TimeSource
    private let state: Mutex<State>

    package init(_ limits: Limits = Limits(), time: any TimeSource) {
        self.limits = limits
        self.time = time
        state = Mutex(State(lines: limits.lines.mapValues { WaitingLine($0) }))
    }

    /// A place in the hub; it is free again when nobody has this any more.
    package final class Place: Sendable {
        private let leave: @Sendable () -> Void

        fileprivate init(_ leave: @escaping @Sendable () -> Void) {
            self.leave = leave
        }

        deinit { leave() }
    }

    /// Runs the closure with a place of a share.
    ///
    /// - Throws: `Problem` 503 where there was none in time; what the closure throws.
    package func withPlace<Answer: Sendable>(
        of share: Share,
        _ body: () async throws -> Answer
    ) async throws -> Answer {
        let place = try await enter(share)
        defer { withExtendedLifetime(place) {} }
        return try await body()
    }

    /// A place for a live stream.
    ///
    /// - Throws: `Problem` 503 where too many are open.
    package func openLiveStream() throws -> Place {
        let isOpen = state.withLock { state in
            guard state.liveStreams < limits.liveStreams else { return false }
            state.liveStreams += 1
            return true
        }
        guard isOpen else { throw Self.overloaded }
        return Place { [self] in state.withLock { $0.liveStreams -= 1 } }
    }

    /// What the hub says when it is too much.
    static let overloaded = Problem(
        .overloaded,
        "The hub has as much to do as it takes on at once. Try again.",
        headers: [.retryAfter: "\(retryAfterSeconds)"]
    )
}

// MARK: - Waiting

extension Capacity {
    private func enter(_ share: Share) async throws -> Place {
        switch state.withLock({ $0.lines[share]?.tryEntering() }) {
        case .enters: return place(of: share)
        case .waits: break
        case .turnedAway, nil: throw Self.overloaded
        }
        do {
            return try await time.within(limits.patience) { try await self.turn(in: share) }
        } catch is DeadlineExceeded {
            throw Self.overloaded
        }
    }

    /// Waits in line.
    ///
    /// A place that comes when nobody waits for it any more goes on to the next by itself.
    private func turn(in share: Share) async throws -> Place {
        let ticket = state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                switch ask(ticket, share, continuation) {
                case .enters: continuation.resume(returning: place(of: share))
                case .turnedAway: continuation.resume(throwing: Self.overloaded)
                case nil: continuation.resume(throwing: CancellationError())
                case .waits: break
                }
            }
        } onCancel: {
            giveUp(ticket, share)?.resume(throwing: CancellationError())
        }
    }

    private typealias Waiter = CheckedContinuation<Place, any Error>

    /// Nil: the task was cancelled before; then the handler found nobody to wake.
    private func ask(_ ticket: WaitingLine.Ticket, _ share: Share, _ waiter: Waiter) -> WaitingLine.Reply? {
        state.withLock { state in
            guard !Task.isCancelled, let reply = state.lines[share]?.ask(ticket) else { return nil }
            if reply == .waits { state.waiters[ticket] = waiter }
            return reply
        }
    }

    private func giveUp(_ ticket: WaitingLine.Ticket, _ share: Share) -> Waiter? {
        state.withLock { state in
            guard state.lines[share]?.giveUp(ticket) == true else { return nil }
            return state.waiters.removeValue(forKey: ticket)
        }
    }

    private func place(of share: Share) -> Place {
        Place { [self] in leave(share) }
    }

    private func leave(_ share: Share) {
        let next = state.withLock { state in
            state.lines[share]?.leave().flatMap { state.waiters.removeValue(forKey: $0) }
        }
        next?.resume(returning: place(of: share))
    }
}

// MARK: - What operators see

extension Capacity {
    /// How many of a share's requests are in flight, wait, and were turned away.
    package func load(of share: Share) -> (inFlight: Int, waiting: Int, turnedAway: Int) {
        state.withLock { state in
            state.lines[share].map { ($0.inside, $0.length, $0.turnedAway) } ?? (0, 0, 0)
        }
    }

    /// How many live streams people hold open.
    var liveStreams: Int { state.withLock { $0.liveStreams } }
}
