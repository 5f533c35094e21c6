package import Ambient
package import Logging
package import PostgreSQL
package import Recovery

/// Makes decisions durable: the only thing that changes an execution.
///
/// Every change is a turn: one transaction locks the execution's row, lets the machine answer what happened, writes the
/// rows that changed, the journal, the commands and the timers, and commits. Nothing is done but from those tables, and
/// hints go out after the commit; so a replica may die at any line, and whoever comes next goes on from the rows.
///
///     people ─┐                        ┌─► execution, waves, servers, jobs
///     spokes ─┼─► turn ─► Execution ───┼─► journal (hash chain)
///     timers ─┘          .receive      └─► commands, timers ─► spokes
///
/// The rows are always locked in the order execution, commands, account and Region; so turns do not deadlock.
package final class Conductor: Sendable {
    let pool: Pool
    let ambient: Ambient
    let logger: Logger
    let hints: Hints
    let meter: TurnMeter
    let cache = ExecutionCache()

    package init(
        pool: Pool,
        hints: Hints,
        meter: TurnMeter = TurnMeter(),
        ambient: Ambient,
        logger: Logger
    ) {
        self.pool = pool
        self.hints = hints
        self.ambient = ambient
        self.logger = logger
        self.meter = meter
    }
}

/// There is no such execution.
package struct UnknownExecution: Error, Sendable {
    package let id: Execution.ID

    package init(id: Execution.ID) {
        self.id = id
    }
}

extension Conductor {
    /// Wake-ups when an execution may have changed: one at once, then with every hint, and every 15 s at the latest.
    package func changes(of id: Execution.ID) -> AsyncStream<Void> {
        hints.changes(of: id)
    }

    /// The same for all executions.
    package func changes() -> AsyncStream<Void> {
        hints.changesOfExecutions()
    }

    /// Wake-ups when commands of any of the accounts may be ready: at once, with every hint, every 15 s at the latest.
    package func work(for accounts: Set<AccountNumber>) -> AsyncStream<Void> {
        hints.work(for: accounts)
    }
}
