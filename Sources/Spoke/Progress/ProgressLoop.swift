internal import AWS
package import Ambient
internal import Contract
package import Logging
package import Recovery

/// Sends what the outbox has, again and again until it is acknowledged; it is also the spoke's heartbeat.
package struct ProgressLoop: Sendable {
    /// How long reports wait for others to go with them: well inside the 250 ms that the protocol allows.
    package static let gathering: Duration = .milliseconds(50)
    /// The longest time between two heartbeats; the hub gives up after 30 s, and a lease holds for 25.
    package static let heartbeat: Duration = .seconds(8)
    /// After failures; short, because the lease runs out meanwhile.
    package static let backoff = Backoff(base: .milliseconds(200), limit: .seconds(5))

    let hub: HubClient
    let badge: Badge
    let outbox: Watched<Outbox>
    let leases: Watched<LeaseClock>
    let workbench: Workbench
    /// Counts the times that the stream of commands should be opened anew.
    let reopening: Watched<Int>
    let ambient: Ambient
    let logger: Logger
    private let reminder = Reminder()

    package init(
        hub: HubClient,
        badge: Badge,
        outbox: Watched<Outbox>,
        leases: Watched<LeaseClock>,
        workbench: Workbench,
        reopening: Watched<Int> = Watched(0),
        ambient: Ambient,
        logger: Logger
    ) {
        self.hub = hub
        self.badge = badge
        self.outbox = outbox
        self.leases = leases
        self.workbench = workbench
        self.reopening = reopening
        self.ambient = ambient
        self.logger = logger
    }

    /// Runs until cancelled.
    package func run() async throws {
        var failures = 0
        while true {
            do {
                let session = try await badge.session()
                try await waitForReports(
                    upTo: min(Self.heartbeat, .seconds(max(1, session.grant.heartbeatSeconds) / 2))
                )
                let batch = outbox.value.batch
                if try await send(batch, in: session) {
                    // The stream may hang where this did.
                    if failures > 0 { reopening.change { $0 += 1 } }
                    failures = 0
                    if reminder.clear() { logger.info("the hub takes progress again") }
                    continue
                }
                failures += 1
            } catch {
                try Task.checkCancellation()
                failures += 1
                if reminder.isDue(at: ambient.time.elapsed()) {
                    logger.warning("progress is not taken, will try again", metadata: ["reason": "\(error)"])
                }
            }
            try await ambient.time.sleep(for: Self.backoff.delay(after: failures, with: ambient.chance))
        }
    }

    /// Sends what is left once more, as a spoke that stops does.
    package func flush() async throws {
        while let session = badge.current, !outbox.value.isEmpty {
            guard try await send(outbox.value.batch, in: session) else { return }
        }
    }

    private func waitForReports(upTo duration: Duration) async throws {
        do {
            _ = try await ambient.time.within(duration) { [outbox] in try await outbox.when { $0.isEmpty ? nil : true }
            }
            try await ambient.time.sleep(for: Self.gathering)
        } catch is DeadlineExceeded {
            // Nothing happened: an empty batch is the heartbeat.
        }
    }

    /// Sends one batch; whether the hub took any of it.
    private func send(_ batch: [ProgressReport], in session: Badge.Session) async throws -> Bool {
        let sent = ambient.time.elapsed()
        let answer: ProgressAcknowledgement
        let inHand = outbox.value.works.union(workbench.held)
        do {
            let holding = inHand.map { ProgressBatch.Held(commandId: $0.commandId, term: $0.term) }
            answer = try await hub.post(
                "/agent/v1/progress",
                ProgressBatch(reports: batch, holding: holding),
                token: session.token
            )
        } catch let failure as HubFailure {
            try refused(failure, batch: batch, in: session)
            throw failure
        }
        leases.change { $0.acknowledged(sentAt: sent) }
        workbench.renew(inHand, sentAt: sent)
        let progressed = outbox.change { $0.acknowledge(answer.acknowledged) }
        for stale in answer.stale {
            let work = Outbox.Work(commandId: stale.commandId, term: stale.term)
            workbench.drop(work)
            outbox.change { $0.drop(work) }
            logger.info(
                "work dropped, its term no longer holds",
                metadata: ["command": "\(stale.commandId)", "term": "\(stale.term)"]
            )
        }
        return progressed || batch.isEmpty || !answer.stale.isEmpty
    }

    /// What a refusal means for the session and for the work.
    private func refused(_ failure: HubFailure, batch: [ProgressReport], in session: Badge.Session) throws {
        if failure.isUnauthenticated { badge.discard(token: session.token) }
        // An account was taken away, or the hub cannot read this: nobody else's reports may wait behind it.
        guard failure.isForbidden || failure.isPermanent else { return }
        for work in Set(batch.map(\.work)) {
            workbench.drop(work)
            outbox.change { $0.drop(work) }
        }
        logger.error("reports refused and their work dropped", metadata: ["reason": "\(failure)"])
        badge.discard(token: session.token)
    }
}
