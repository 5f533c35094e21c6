package import Ambient
package import Logging
internal import Synchronization

/// A fixed number of connections to one database, lent to one task at a time, first come, first served.
///
/// Connections are made when they are needed, by who needs them, so a pool has no loop to run and recovers by itself.
/// While the database cannot be reached, a caller tries for `patience` and is then told `unavailable`; once the outage
/// is older than that, callers are told after one attempt. A connection that broke is replaced, one that rested while
/// the server went away is noticed before it is lent.
package final class Pool: Sendable {
    typealias Machine = PoolMachine<Parcel<Connection>>

    private struct State {
        var machine: Machine
        var lastTicket: Machine.Ticket = 0
        var waiting: [Machine.Ticket: CheckedContinuation<Machine.Grant, any Error>] = [:]
        /// When connections began to fail, and how; nil while all is well.
        var outage: (since: Duration, failure: PostgresFailure)?
    }

    let settings: ConnectionSettings
    let ambient: Ambient
    let logger: Logger
    let reactor = Reactor.shared
    private let patience: Duration
    private let state: Mutex<State>

    /// The waits between attempts to connect: short at first, for most outages are a restart.
    private static let reconnection = Backoff(base: .milliseconds(50), limit: .seconds(1))

    /// Makes a pool; it connects when it is first used.
    ///
    /// `size` is how many connections it may have at once, `patience` how long a caller waits for one at most.
    ///
    /// - Throws: `PostgresFailure` of kind `configuration` when libpq cannot read the string.
    package init(
        connectionString: String,
        size: Int,
        applicationName: String = "muster",
        limits: ConnectionSettings.Limits = .init(),
        patience: Duration = .seconds(3),
        ambient: Ambient,
        logger: Logger
    ) throws(PostgresFailure) {
        settings = try ConnectionSettings(
            connectionString: connectionString,
            applicationName: applicationName,
            limits: limits
        )
        self.ambient = ambient
        self.logger = logger
        // Or else a caller would always give up before the second of two hosts is asked.
        self.patience = settings.isConnectLimitStated ? max(patience, settings.connectLimit) : patience
        state = Mutex(State(machine: PoolMachine(size: size)))
    }

    /// How many callers wait for a connection, and how many connections are lent; for metrics.
    package var load: (waiting: Int, lent: Int) {
        state.withLock { ($0.machine.waiting.count, $0.machine.busy) }
    }

    /// How many connections it may have at once.
    package var size: Int { state.withLock { $0.machine.size } }

    /// Closes the connections and refuses every later caller; those that are lent are closed when they come back.
    package func close() {
        let (continuations, resting) = state.withLock { state in
            let closed = state.machine.close()
            return (closed.waited.compactMap { state.waiting.removeValue(forKey: $0) }, closed.resting)
        }
        for continuation in continuations { continuation.resume(throwing: Self.closed) }
        for parcel in resting { parcel.content.close() }
    }

    /// Lends a connection for the time of the closure; it must not be kept.
    ///
    /// The loan and all its statements may take `deadline` together; without one their own limits hold.
    @discardableResult
    package func withConnection<Result>(
        deadline: Duration? = nil,
        _ body: (Connection) async throws -> Result
    ) async throws -> Result {
        try await withConnection(until: deadline.map { reactor.now() + $0 }, body)
    }

    func withConnection<Result>(
        until deadline: Duration?,
        _ body: (Connection) async throws -> Result
    ) async throws -> Result {
        let connection = try await borrow(until: deadline)
        connection.deadline = deadline
        do {
            let result = try await body(connection)
            giveBack(connection)
            return result
        } catch {
            giveBack(connection)
            throw error
        }
    }
}

extension Pool: Runner {
    package func outcome<Row>(of query: Query<Row>) async throws -> Outcome<Row> {
        try await committing([query]) {
            try await repeating { connection in try await connection.outcome(of: query) }
        }
    }

    package func outcomes<Row>(of queries: [Query<Row>]) async throws -> [Outcome<Row>] {
        try await committing(queries) {
            try await repeating { connection in try await connection.outcomes(of: queries) }
        }
    }

    /// Statements outside a transaction commit by themselves, under the name of the first that writes.
    private func committing<Row, Result>(
        _ queries: [Query<Row>],
        _ body: () async throws -> Result
    ) async throws -> Result {
        guard let site = queries.first(where: { !$0.isReading })?.site else { return try await body() }
        return try await ambient.failpoints.around(Failpoints.commit(site.file, site.function), body)
    }

    /// Statements outside a transaction of ours are one of their own: after a conflict they have had no effect.
    private func repeating<Result>(_ body: (Connection) async throws -> Result) async throws -> Result {
        try await retrying(until: nil) { connection in
            do {
                return .done(try await body(connection))
            } catch {
                guard connection.sawConflict else { throw error }
                return .conflict(error)
            }
        }
    }
}

// MARK: - Lending

extension Pool {
    private static let closed = PostgresFailure(.unavailable, "the pool of connections is closed")

    private func borrow(until deadline: Duration?) async throws -> Connection {
        try Task.checkCancellation()
        let limit = reactor.now() + patience
        let end = min(limit, deadline ?? limit)
        if case .take(let parcel) = try await grant(until: end) {
            let connection = parcel.content
            guard connection.isHungUp else { return connection }
            connection.close()
        }
        return try await make(until: end)
    }

    private func giveBack(_ connection: Connection) {
        connection.deadline = nil
        connection.sawConflict = false
        if !connection.isReusable { connection.close() }
        if connection.wasSilent { closeResting() }
        end(connection.isClosed ? nil : Parcel(connection))
    }

    /// Closes what rests: it was opened to a server that is gone without a word, and each would cost a caller the time
    /// in which an answer must come.
    private func closeResting() {
        for parcel in state.withLock({ $0.machine.clear() }) { parcel.content.close() }
    }

    /// Frees a place, and passes it on.
    private func end(_ parcel: Parcel<Connection>?) {
        let (continuation, grant, isClosed) = state.withLock { state in
            let next = state.machine.end(parcel)
            return (next.flatMap { state.waiting.removeValue(forKey: $0.ticket) }, next?.grant, state.machine.isClosed)
        }
        if isClosed { parcel?.content.close() }
        if let continuation, let grant { continuation.resume(returning: grant) }
    }

    /// Waits for a place.
    private func grant(until deadline: Duration) async throws -> Machine.Grant {
        let ticket = state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
        var alarm: UInt64?
        defer { if let alarm { reactor.dismiss(alarm) } }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard ask(ticket, continuation) else { return }
                alarm = reactor.alarm(at: deadline) { [self] in dismiss(ticket, nil) }
                // Cancelled before there was anything to dismiss.
                if Task.isCancelled { dismiss(ticket, CancellationError()) }
            }
        } onCancel: {
            dismiss(ticket, CancellationError())
        }
    }

    /// Asks the machine; true when the continuation has to wait.
    private func ask(_ ticket: Machine.Ticket, _ continuation: CheckedContinuation<Machine.Grant, any Error>) -> Bool {
        let reply = state.withLock { state in
            let reply = state.machine.ask(ticket)
            if case .waits = reply { state.waiting[ticket] = continuation }
            return reply
        }
        switch reply {
        case .granted(let grant): continuation.resume(returning: grant)
        case .refused: continuation.resume(throwing: Self.closed)
        case .waits: return true
        }
        return false
    }

    /// Ends a wait without a connection, for a reason or because its time is up.
    private func dismiss(_ ticket: Machine.Ticket, _ reason: (any Error)?) {
        let (continuation, outage) = state.withLock { state in
            let waited = state.machine.withdraw(ticket)
            return (waited ? state.waiting.removeValue(forKey: ticket) : nil, state.outage)
        }
        let timeout = PostgresFailure(.timedOut, "no connection to PostgreSQL became free in time")
        continuation?.resume(throwing: reason ?? outage?.failure ?? timeout)
    }
}

// MARK: - Connecting

extension Pool {
    /// Makes a connection for a place that was granted, or frees the place.
    private func make(until deadline: Duration) async throws -> Connection {
        var failures = 0
        do {
            while true {
                let started = reactor.now()
                do {
                    let connection = try await Connection.open(settings, within: max(deadline - started, .zero))
                    noteRecovery()
                    return connection
                } catch let failure as PostgresFailure {
                    failures += 1
                    let age = started - noteOutage(failure, at: started)
                    let pause = Self.reconnection.delay(after: failures, by: ambient.chance)
                    guard age < patience, reactor.now() + pause < deadline else { throw failure }
                    try await ambient.time.sleep(for: pause)
                }
            }
        } catch {
            end(nil)
            throw error
        }
    }

    /// Remembers that the database cannot be reached, and says since when.
    private func noteOutage(_ failure: PostgresFailure, at now: Duration) -> Duration {
        let (since, isNew) = state.withLock { state in
            let (since, isNew) = (state.outage?.since ?? now, state.outage == nil)
            state.outage = (since, failure)
            return (since, isNew)
        }
        if isNew { logger.warning("database unavailable", metadata: ["reason": "\(failure)"]) }
        return since
    }

    private func noteRecovery() {
        let outage = state.withLock { state in
            defer { state.outage = nil }
            return state.outage
        }
        guard let outage else { return }
        logger.info("database available again", metadata: ["after": "\(reactor.now() - outage.since)"])
    }
}
