internal import Ambient
internal import Logging

/// What a transaction may not see of others (PostgreSQL's documentation, section 13.2).
package enum Isolation: Sendable, Hashable {
    /// Each statement sees what was committed before it.
    case readCommitted
    /// All statements see the same moment; a row changed meanwhile is a conflict, and the transaction is repeated.
    case repeatableRead
    /// As if transactions ran one after the other; a conflict is repeated.
    case serializable
    /// All statements see the same moment and nothing is written: for reports over several queries.
    case snapshot

    fileprivate var begin: String {
        switch self {
        case .readCommitted: "BEGIN ISOLATION LEVEL READ COMMITTED"
        case .repeatableRead: "BEGIN ISOLATION LEVEL REPEATABLE READ"
        case .serializable: "BEGIN ISOLATION LEVEL SERIALIZABLE"
        case .snapshot: "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"
        }
    }
}

/// An open transaction.
///
/// It has no `commit`: leaving the closure commits, throwing rolls back.
package final class Transaction: Runner {
    private let connection: Connection
    private var isOpen = true

    fileprivate init(_ connection: Connection) {
        self.connection = connection
    }

    package func outcome<Row>(of query: Query<Row>) async throws -> Outcome<Row> {
        precondition(isOpen, "a transaction was kept after its closure had ended")
        return try await connection.outcome(of: query)
    }

    package func outcomes<Row>(of queries: [Query<Row>]) async throws -> [Outcome<Row>] {
        precondition(isOpen, "a transaction was kept after its closure had ended")
        return try await connection.outcomes(of: queries)
    }

    fileprivate func end() {
        isOpen = false
    }
}

/// How one attempt ended.
enum Attempt<Result> {
    case done(Result)
    /// It had no effect, and may succeed when repeated; the error is what to throw when there were too many.
    case conflict(any Error)
}

extension Pool {
    /// How often work is repeated after conflicts: with the pauses below, rarely reached unless many write one row.
    private static let attempts = 12
    private static let pauses = Backoff(base: .milliseconds(5), limit: .milliseconds(250))

    /// Runs the closure in a transaction, and the whole of it again after a serialization failure or a deadlock.
    ///
    /// So the closure may do nothing but SQL. An error it catches from a statement does not save the transaction: the
    /// commit fails then. When the connection is lost while committing, `unavailable` says that the result is unknown.
    /// All attempts may take `deadline` together; without one the limits of the statements hold. The place in the source
    /// names the commit for `Failpoints`.
    ///
    /// - Throws: What the closure throws; `PostgresFailure`; `CancellationError`.
    @discardableResult
    package func transaction<Result>(
        _ isolation: Isolation = .readCommitted,
        deadline: Duration? = nil,
        file: StaticString = #fileID,
        function: StaticString = #function,
        _ body: (Transaction) async throws -> Result
    ) async throws -> Result {
        let failpoints = isolation == .snapshot ? .none : ambient.failpoints
        return try await retrying(until: deadline.map { reactor.now() + $0 }) { connection in
            try await connection.attempt(isolation, body) { commit in
                try await failpoints.around(Failpoints.commit(file, function), commit)
            }
        }
    }

    /// Repeats what ends in a conflict, with growing pauses.
    func retrying<Result>(
        until deadline: Duration?,
        _ body: (Connection) async throws -> Attempt<Result>
    ) async throws -> Result {
        var failures = 0
        while true {
            switch try await withConnection(until: deadline, body) {
            case .done(let result): return result
            case .conflict(let error):
                failures += 1
                let pause = Self.pauses.delay(after: failures, by: ambient.chance)
                let isLate = deadline.map { reactor.now() + pause >= $0 } ?? false
                guard failures < Self.attempts, !isLate else { throw error }
                logger.debug("transaction repeated", metadata: ["attempt": "\(failures + 1)", "after": "\(error)"])
                try await ambient.time.sleep(for: pause)
            }
        }
    }
}

extension Connection {
    fileprivate func attempt<Result>(
        _ isolation: Isolation,
        _ body: (Transaction) async throws -> Result,
        committing: (() async throws -> Void) async throws -> Void
    ) async throws -> Attempt<Result> {
        do {
            try await script(isolation.begin)
        } catch let failure as PostgresFailure where failure.kind == .unavailable {
            // The connection broke while it rested; nothing was done yet.
            return .conflict(failure)
        }
        let transaction = Transaction(self)
        do {
            let result = try await body(transaction)
            transaction.end()
            try await committing { guard try await script("COMMIT") == "COMMIT" else { throw Self.rolledBack } }
            return .done(result)
        } catch {
            transaction.end()
            await rollBack()
            guard sawConflict, !Task.isCancelled else { throw error }
            return .conflict(error)
        }
    }

    private func rollBack() async {
        guard !isClosed, !isReusable else { return }
        // Whatever prevents it, closing rolls back too.
        do { try await script("ROLLBACK") } catch { close() }
    }

    private static let rolledBack = PostgresFailure(
        .statement(sqlstate: "25P02"),
        "a statement of the transaction failed, and its closure went on as if it had not"
    )
}
