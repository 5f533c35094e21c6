internal import Ambient

/// One connection to PostgreSQL, for one task at a time.
///
/// It is not `Sendable`: its methods run where the caller is, and using it from two tasks does not compile. A statement
/// is prepared when its text is first seen and only executed from then on.
///
/// **What is unknown is closed.** When a statement is interrupted (the task is cancelled, a deadline passes, the socket
/// breaks), the connection is closed, never used again in a state nobody knows; the server notices and ends the
/// statement. An error that the server reports leaves the connection usable.
package final class Connection {
    private var session: Session?
    private var prepared: [String: String] = [:]
    private var lastName = 0
    private let answerLimit: Duration?
    private let reactor = Reactor.shared

    /// The moment, on the reactor's clock, after which no answer is waited for; a pool sets it for each loan.
    var deadline: Duration?

    /// The server said nothing within the time in which it must answer: it is gone without a word.
    private(set) var wasSilent = false

    /// A statement failed so that the same work may succeed when repeated.
    ///
    /// The transaction clears and asks this.
    var sawConflict = false

    /// More texts than this are executed without being prepared: texts are constants of the source, so only a mistake
    /// makes so many, and each costs the server memory.
    static let preparedLimit = 1024

    init(_ session: consuming sending Session, answerLimit: Duration?) {
        self.session = session
        self.answerLimit = answerLimit
    }

    /// Makes a connection.
    ///
    /// - Throws: `PostgresFailure` of kind `unavailable`; `CancellationError`.
    package static func open(
        _ settings: ConnectionSettings,
        within limit: Duration? = nil
    ) async throws -> sending Connection {
        let limit = min(limit ?? settings.connectLimit, settings.connectLimit)
        let session = try await Opening.session(settings, until: Reactor.shared.now() + limit)
        return Connection(session, answerLimit: settings.answerLimit)
    }

    /// Whether the connection is closed, by `close` or by what interrupted a statement.
    package var isClosed: Bool { session == nil }

    /// Whether another task may have it: open, and in no transaction.
    var isReusable: Bool { session.map { $0.isIdle && !$0.hasFailed } ?? false }

    /// Whether the server has closed its end while nobody used it.
    var isHungUp: Bool { session.map(\.isHungUp) ?? true }

    /// The server's process for this connection, as `pg_stat_activity` and `pg_terminate_backend` name it.
    package var backend: Int? { session.map { Int($0.backend) } }

    /// Closes the connection; an open transaction is rolled back by the server.
    package func close() {
        session = nil
        prepared = [:]
    }
}

// MARK: - Statements in turn

extension Connection: Runner {
    package func outcome<Row>(of query: Query<Row>) async throws -> Outcome<Row> {
        let (text, parameters) = (query.sql.text, query.sql.parameters)
        let (session, limit) = try begin([query])
        let sent =
            if let name = try await name(of: query.sql, on: session, until: limit) {
                session.sendExecute(name, parameters)
            } else {
                session.sendOnce(text, parameters)
            }
        guard sent else { throw lost(text) }
        var outcome = Outcome<Row>(rows: [], affected: 0)
        try await collect(session, text, until: limit) { answer in
            outcome = Outcome(rows: try answer.rows(of: query), affected: answer.affected)
        }
        return outcome
    }

    /// Runs a text that binds nothing and may hold several statements; they are one transaction unless it says otherwise.
    ///
    /// - Returns: The last command's name, as the server tells it.
    @discardableResult
    package func script(_ text: String) async throws -> String {
        guard !text.utf8.contains(0) else { throw Self.refusedNUL(in: text) }
        let (session, limit) = try begin([] as [Statement])
        guard session.sendScript(text) else { throw lost(text) }
        var command = ""
        try await collect(session, text, until: limit) { answer in command = answer.command }
        return command
    }

    /// The name under which the server knows the text, which is prepared if it is new; nil when there are too many.
    private func name(of sql: SQL, on session: Session, until limit: Duration?) async throws -> String? {
        if let name = prepared[sql.text] { return name }
        guard let name = nextName(pending: 0) else { return nil }
        guard session.sendPrepare(name, sql.text, types: sql.parameters.types) else { throw lost(sql.text) }
        try await collect(session, sql.text, until: limit) { _ in }
        prepared[sql.text] = name
        return name
    }

    /// Takes all answers to one statement; the first failure is thrown after the last of them.
    private func collect(
        _ session: Session,
        _ text: String,
        until limit: Duration?,
        _ take: (borrowing Answer) throws -> Void
    ) async throws {
        while try await flush(session, text, until: limit) { _ = session.notification() }
        var failure: (any Error)?
        while let answer = try await answer(session, text, until: limit) {
            do {
                try check(answer, text)
                try take(answer)
            } catch {
                failure = failure ?? error
                guard !isClosed else { throw error }
            }
        }
        if session.hasFailed { close() }
        if let failure { throw failure }
    }
}

// MARK: - Parts that the pipeline uses too

extension Connection {
    /// Starts an exchange: what would fail for certain is refused before anything is sent.
    func begin<Row>(_ queries: [Query<Row>]) throws -> (Session, limit: Duration?) {
        try Task.checkCancellation()
        if let refused = queries.first(where: \.sql.parameters.holdsNUL) { throw Self.refusedNUL(in: refused.sql.text) }
        guard let session else { throw PostgresFailure(.unavailable, "the connection to PostgreSQL is closed") }
        guard let answerLimit else { return (session, deadline) }
        let limit = reactor.now() + answerLimit
        return (session, min(limit, deadline ?? limit))
    }

    /// Sends; true when only a part could be sent, and what has arrived meanwhile was taken in.
    ///
    /// While it waits to send it also receives: the server stops reading when nobody takes its answers.
    func flush(_ session: Session, _ text: String?, until limit: Duration?) async throws -> Bool {
        guard let isSent = session.flush() else { throw lost(text) }
        guard !isSent else { return false }
        let ready = try await wait(session, for: [.reading, .writing], text, until: limit)
        if ready.contains(.reading), !session.consume() { throw lost(text) }
        return true
    }

    /// The next answer, waited for; nil at the end of one statement's.
    func answer(_ session: Session, _ text: String?, until limit: Duration?) async throws -> Answer? {
        while session.isBusy {
            _ = try await wait(session, for: .reading, text, until: limit)
            guard session.consume() else { throw lost(text) }
        }
        return session.answer()
    }

    /// Throws what an answer reports.
    func check(_ answer: borrowing Answer, _ text: String?) throws {
        switch answer.status {
        case .rows, .done, .sync: return
        case .aborted:
            throw PostgresFailure(.statement(sqlstate: "25P02"), "an earlier statement failed", statement: text)
        case .foreign:
            close()
            throw PostgresFailure(.statement(sqlstate: "0A000"), "COPY is not spoken here", statement: text)
        case .failed:
            guard let report = answer.report else { throw lost(text) }
            let failure = PostgresFailure(report, statement: text)
            if failure.kind == .serialization { sawConflict = true }
            // The plan of a prepared statement grew old: the repetition prepares the text anew.
            if report.sqlstate == "0A000", let text { prepared[text] = nil }
            throw failure
        }
    }

    /// Waits for the socket; any interruption closes the connection.
    func wait(
        _ session: Session,
        for interest: Reactor.Readiness,
        _ text: String?,
        until limit: Duration?
    ) async throws -> Reactor.Readiness {
        do {
            return try await reactor.wait(for: interest, on: session.socket, until: limit)
        } catch is Reactor.Expired {
            // A caller who was in a hurry has learned nothing about the server.
            wasSilent = deadline == nil
            close()
            throw PostgresFailure(.timedOut, "PostgreSQL did not answer in time", statement: text)
        } catch {
            close()
            throw error
        }
    }

    /// Closes the connection that is lost anyway.
    func lost(_ text: String?) -> PostgresFailure {
        close()
        return PostgresFailure(.unavailable, "the connection to PostgreSQL was lost", statement: text)
    }

    /// A name for one more prepared statement, `pending` being under way; nil when there are too many.
    func nextName(pending: Int) -> String? {
        guard prepared.count + pending < Self.preparedLimit else { return nil }
        lastName += 1
        return "s\(lastName)"
    }

    func preparedName(of text: String) -> String? { prepared[text] }

    func notePrepared(_ text: String, as name: String) {
        prepared[text] = name
    }

    private static func refusedNUL(in text: String) -> PostgresFailure {
        PostgresFailure(
            .statement(sqlstate: "22021"),
            "a text holds a NUL, which PostgreSQL cannot keep",
            statement: text
        )
    }
}

// MARK: - Notifications

extension Connection {
    /// Waits until something is notified on the channels that this connection listens to.
    func notifications() async throws -> [(channel: String, payload: String)] {
        guard let session else { throw lost(nil) }
        while true {
            var arrived: [(channel: String, payload: String)] = []
            while let notification = session.notification() { arrived.append(notification) }
            guard arrived.isEmpty else { return arrived }
            _ = try await wait(session, for: .reading, nil, until: nil)
            guard session.consume(), !session.hasFailed else { throw lost(nil) }
        }
    }
}
