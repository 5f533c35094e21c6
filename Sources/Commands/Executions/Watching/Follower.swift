internal import Ambient
package import Contract
package import Recovery
internal import Synchronization

/// Follows an execution: looks whenever something may have changed, and every few seconds in any case.
///
/// The live stream only wakes; what is shown is always read anew. So a stream that breaks, is refused, or is held back
/// by a proxy costs a few seconds of delay and nothing else, and a hub that restarts is waited for.
package struct Follower: Sendable {
    let client: HubClient
    let execution: Execution.ID
    /// Whether the events are read as well.
    let readsJournal: Bool
    /// Only events after this one.
    let start: Int

    package init(_ client: HubClient, _ execution: Execution.ID, readsJournal: Bool, after start: Int = 0) {
        self.client = client
        self.execution = execution
        self.readsJournal = readsJournal
        self.start = start
    }

    /// What is seen.
    package struct Sight: Sendable {
        package let execution: ExecutionView
        /// The events that no earlier sight had, in their order.
        package let news: [JournalView]
        /// Why the sight is old: the hub does not answer.
        package let silence: Unreachable?
    }

    /// The longest wait between two looks: this is the polling where no stream wakes.
    private static let slowest = Duration.seconds(5)
    /// The shortest: a burst of events is read in one go.
    private static let quickest = Duration.milliseconds(250)
    /// How long a hub may be away; a restart takes seconds, a database's failover a minute or two.
    private static let patience = Duration.seconds(600)

    /// Calls `look` again and again until it answers false.
    ///
    /// - Parameters:
    ///   - tick: How often to look at least, even at what was seen before: a live clock wants a second.
    ///   - look: Gets what is seen and says whether to go on.
    /// - Throws: `Refused`; `Unreachable` at once if the hub never answered, else after ten minutes of silence.
    package func run(every tick: Duration, _ look: (Sight) async throws -> Bool) async throws {
        let hint = Hint()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await listen(hint) }
            group.addTask { await beat(tick, hint) }
            defer { group.cancelAll() }
            try await follow(hint, look)
        }
    }

    private func follow(_ hint: Hint, _ look: (Sight) async throws -> Bool) async throws {
        let time = client.ambient.time
        var view = try await client.send(GetExecution(executionId: execution))
        var (last, seen, isFirst) = (start, time.elapsed(), true)
        for await _ in hint.wakes {
            var (news, silence): ([JournalView], Unreachable?) = ([], nil)
            if hint.take() || isFirst || time.elapsed() - seen >= Self.slowest {
                do {
                    // The execution first: one that is seen ended has its last event in the journal.
                    view = try await client.send(GetExecution(executionId: execution))
                    if readsJournal { news = try await entries(after: last) }
                    (last, seen, isFirst) = (news.last?.sequence ?? last, time.elapsed(), false)
                } catch let unreachable as Unreachable {
                    guard time.elapsed() - seen < Self.patience else { throw unreachable }
                    silence = unreachable
                } catch let refused as Refused where refused.isPassing {
                    guard time.elapsed() - seen < Self.patience else { throw refused }
                }
            }
            guard try await look(Sight(execution: view, news: news, silence: silence)) else { return }
            try await time.sleep(for: Self.quickest)
        }
    }

    private func entries(after sequence: Int) async throws -> [JournalView] {
        try await client.every(ListExecutionEvents(executionId: execution, after: sequence)).answer
    }

    /// Wakes with every event of the live stream.
    private func listen(_ hint: Hint) async {
        do {
            try await client.streams(execution, after: start) { _ in hint.give() }
        } catch {
            // Refused or cancelled: the beat goes on alone, and what is wrong is met by the next look.
        }
    }

    private func beat(_ tick: Duration, _ hint: Hint) async {
        while !Task.isCancelled {
            hint.wake()
            // Only a cancelled wait fails.
            do { try await client.ambient.time.sleep(for: min(tick, Self.slowest)) } catch { return }
        }
    }
}

/// Something may have changed: a flag that stays set until it is taken, and a bell.
private final class Hint: Sendable {
    let wakes: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation
    private let isGiven = Mutex(false)

    init() {
        (wakes, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func give() {
        isGiven.withLock { $0 = true }
        wake()
    }

    func wake() {
        bell.yield()
    }

    func take() -> Bool {
        isGiven.withLock { isGiven in
            defer { isGiven = false }
            return isGiven
        }
    }
}
