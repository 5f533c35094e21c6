package import Ambient
package import Logging
package import Recovery

/// Notices that the process was stopped (`SIGSTOP`, a machine that slept, a machine starved), and then has the stream of
/// commands opened anew: only there the hub says what is still this spoke's.
package struct Wakefulness: Sendable {
    let leases: Watched<LeaseClock>
    /// Grows when the stream of commands should be opened anew.
    let reopening: Watched<Int>
    let time: any TimeSource
    let logger: Logger

    package init(leases: Watched<LeaseClock>, reopening: Watched<Int>, time: any TimeSource, logger: Logger) {
        self.leases = leases
        self.reopening = reopening
        self.time = time
        self.logger = logger
    }

    /// Runs until cancelled.
    package func run() async throws {
        var last = time.reading
        leases.change { $0.pulsed(at: last, after: last) }
        while true {
            try await time.sleep(for: LeaseClock.pulse)
            let (now, before) = (time.reading, last)
            last = now
            guard leases.change({ $0.pulsed(at: now, after: before) }) else { continue }
            logger.warning(
                "this spoke was asleep: it asks again what is its own",
                metadata: ["milliseconds": "\(now.since(before).milliseconds)"]
            )
            reopening.change { $0 += 1 }
        }
    }
}
