internal import Ambient
internal import Logging
internal import PostgreSQL
internal import Recovery
internal import Store

/// What time brings: leases that end, timers that fire, launches whose turn has come, inventories grown old.
///
/// No input, no memory, harmless when several replicas do it at once: each statement takes only what is still there. So
/// none needs to be the leader, and what a dead replica left is done by the next one that looks.
extension Conductor {
    /// How often it looks: each second, so that a lost spoke's work moves well within the 5 s that are promised.
    private static let interval: Duration = .seconds(1)
    /// How often it looks for inventories to sync and for finished questions to forget.
    private static let slowTurns = 5
    /// Timers fired in one go.
    private static let timerLimit = 100

    /// Looks each second until cancelled; an unreachable database is reported once and tried again.
    package func run() async {
        var (turn, isAway) = (0, false)
        while !Task.isCancelled {
            do {
                try await reconcile(isSlowTurn: turn % Self.slowTurns == 0)
                if isAway { logger.info("the database is back") }
                isAway = false
            } catch is CancellationError {
                return
            } catch {
                if !isAway { logger.error("reconciling failed; trying again", metadata: ["reason": "\(error)"]) }
                isAway = true
            }
            turn += 1
            do { try await ambient.time.sleep(for: Self.interval) } catch { return }
        }
    }

    private func reconcile(isSlowTurn: Bool) async throws {
        if let due = try await pool.first(ReconcilerStatements.due(at: ambient.now)) {
            if due.leases { try await expireLeases() }
            if due.timers { try await fireTimers() }
            if due.launches { try await admitWaiting() }
        }
        if isSlowTurn {
            try await synchroniseAged()
            let kept = Duration.seconds(3600 * Limits.answerHours)
            try await pool.execute(CommandStatements.forget(endedBefore: ambient.now - kept))
        }
    }

    private func expireLeases() async throws {
        let places = try await pool.run(CommandStatements.expireLeases(at: ambient.now))
        guard !places.isEmpty else { return }
        logger.warning("work taken back from lost spokes", metadata: ["commands": "\(places.count)"])
        for account in Set(places.map(\.accountId)) { hints.send(.work(account)) }
    }

    private func fireTimers() async throws {
        let due = try await pool.run(TimerStatements.due(at: ambient.now, limit: Self.timerLimit))
        for id in Set(due).sorted() { try await fireTimers(of: id) }
    }

    /// Has the inventory of every served account and Region looked at whose last look is older than it may be.
    package func synchroniseAged() async throws {
        let now = ambient.now
        let places = try await pool.run(ReconcilerStatements.placesToSync(at: now))
        guard !places.isEmpty else { return }
        try await pool.execute(lookAgain(in: Set(places), at: now))
        for account in Set(places.map(\.accountId)) { hints.send(.work(account)) }
    }
}
