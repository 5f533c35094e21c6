package import Ambient
internal import Contract
internal import JSON
package import Logging
package import Recovery

/// Holds the stream of commands open: one at a time, opened again at once when it breaks.
package struct CommandStream: Sendable {
    /// After failures in a row; the first is met at once, for the hub counts a spoke as lost after 2 s without stream.
    package static let backoff = Backoff(base: .milliseconds(500), limit: .seconds(15))

    let hub: HubClient
    let badge: Badge
    let outbox: Watched<Outbox>
    let leases: Watched<LeaseClock>
    let commands: AsyncStream<Received>.Continuation
    /// Grows when the stream should be opened anew: the network was away and is back.
    let reopening: Watched<Int>
    let ambient: Ambient
    let logger: Logger
    private let reminder = Reminder()

    package init(
        hub: HubClient,
        badge: Badge,
        outbox: Watched<Outbox>,
        leases: Watched<LeaseClock>,
        commands: AsyncStream<Received>.Continuation,
        reopening: Watched<Int> = Watched(0),
        ambient: Ambient,
        logger: Logger
    ) {
        self.hub = hub
        self.badge = badge
        self.outbox = outbox
        self.leases = leases
        self.commands = commands
        self.reopening = reopening
        self.ambient = ambient
        self.logger = logger
    }

    /// Runs until cancelled.
    package func run() async throws {
        let failures = Watched(0)
        while true {
            let session = try await badge.session()
            do {
                try await read(in: session, failures: failures)
                logger.info("stream of commands closed")
            } catch {
                try Task.checkCancellation()
                if let failure = error as? HubFailure, failure.isUnauthenticated || failure.isForbidden {
                    badge.discard(token: session.token)
                }
                if reminder.isDue(at: ambient.time.elapsed()) {
                    logger.warning("no stream of commands, will try again", metadata: ["reason": "\(error)"])
                }
            }
            try await pause(
                after: failures.change { count in
                    count += 1
                    return count
                }
            )
        }
    }

    /// Reads one stream to its end, or until it should be opened anew.
    private func read(in session: Badge.Session, failures: Watched<Int>) async throws {
        let (opened, asked) = (reopening.value, ambient.time.elapsed())
        // The hub gives the work of a stream that stays away to others; nothing more is started of it here.
        defer { leases.change { $0.closedStream() } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await hub.lines(of: "/agent/v1/commands", token: session.token) {
                    failures.change { $0 = 0 }
                    leases.change { $0.openedStream(askedAt: asked) }
                    reminder.clear()
                    logger.info("stream of commands open")
                } receive: { line in
                    try receive(line)
                }
            }
            group.addTask { _ = try await reopening.when { $0 > opened ? true : nil } }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// The first failure after an open stream is met at once.
    private func pause(after failures: Int) async throws {
        guard failures > 1 else { return }
        try await ambient.time.sleep(for: Self.backoff.delay(after: failures - 1, with: ambient.chance))
    }

    private func receive(_ line: [UInt8]) throws {
        let json: JSON
        do { json = try JSON(parsing: line) } catch { throw HubFailure.unreadable("a line of the stream: \(error)") }
        guard json["commandId"] != nil else { return }  // `{}` keeps the connection alive.
        do {
            let command: AgentCommand = try json.decoded()
            // It lay on the way while this machine slept, and is somebody else's by now.
            let (left, elapsed) = (command.deadline - hub.hubTime(at: ambient.now), ambient.time.elapsed())
            guard left >= .zero else {
                return logger.warning("command came too late", metadata: command.facts)
            }
            let received = Received(command, under: GrantedLease(given: elapsed, left: left))
            guard case .dropped = commands.yield(received) else { return }
            let problem = ProgressEvent.Problem(.unexpected, "the spoke has too many commands already")
            let now = ambient.now
            outbox.change {
                $0.append(.startDeferred(problem), of: command.reported, attempt: command.attempt, at: now)
            }
        } catch {
            refuse(json, because: error)
        }
    }

    /// Answers a command that this spoke cannot read, so that it does not come back for ever.
    private func refuse(_ json: JSON, because error: any Error) {
        logger.error("a command cannot be read", metadata: ["reason": "\(error)"])
        guard let id = json["commandId"]?.string.flatMap(AgentCommand.ID.init), let term = json["term"]?.integer,
            let attempt = json["attempt"]?.integer
        else { return }
        let problem = ProgressEvent.Problem(
            .unknownCommand,
            "this spoke (\(MusterVersion.text)) cannot read the command"
        )
        let (work, now) = (Outbox.Work(commandId: id, term: Int(term)), ambient.now)
        outbox.change { $0.append(.failed(problem), of: work, attempt: Int(attempt), at: now) }
    }
}
