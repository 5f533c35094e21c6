internal import DequeModule

/// What a pipeline still waits for, in the order in which it was sent.
private struct Pipeline<Row> {
    enum Awaited {
        case prepared(text: String, name: String)
        case executed(index: Int)
        case synchronised
    }

    let queries: [Query<Row>]
    var awaited: Deque<Awaited> = []
    /// Names that the server was asked to prepare and has not confirmed yet.
    var names: [String: String] = [:]
    var outcomes: [Outcome<Row>]
    /// The first; what follows it was not executed.
    var failure: (any Error)?

    init(_ queries: [Query<Row>]) {
        self.queries = queries
        outcomes = []
        outcomes.reserveCapacity(queries.count)
    }

    /// The text that the next answer belongs to.
    var text: String? {
        switch awaited.first {
        case .prepared(let text, _): text
        case .executed(let index): queries[index].sql.text
        case .synchronised, nil: nil
        }
    }
}

extension Connection {
    /// How many statements are handed to libpq between two looks at the socket: enough to fill packets, few enough to
    /// keep its buffers small.
    private static let stride = 64

    /// libpq's pipeline mode: everything is sent without waiting, and answers are taken while sending, so that neither
    /// side's buffers can fill up and stop both.
    ///
    /// One synchronisation at the end makes it one transaction.
    package func outcomes<Row>(of queries: [Query<Row>]) async throws -> [Outcome<Row>] {
        guard !queries.isEmpty else { return [] }
        let (session, limit) = try begin(queries)
        guard session.enterPipeline() else { throw lost(nil) }
        var pipeline = Pipeline(queries)
        for index in queries.indices {
            try send(&pipeline, index, on: session)
            guard index % Self.stride == Self.stride - 1 else { continue }
            try await advance(&pipeline, on: session, until: limit)
            // The rest would be refused one by one.
            if pipeline.failure != nil { break }
        }
        guard session.sendSync() else { throw lost(nil) }
        pipeline.awaited.append(.synchronised)
        try await advance(&pipeline, on: session, until: limit)
        while !pipeline.awaited.isEmpty {
            let answer = try await answer(session, pipeline.text, until: limit)
            try take(answer, into: &pipeline)
        }
        guard session.exitPipeline() else { throw lost(nil) }
        if session.hasFailed { close() }
        if let failure = pipeline.failure { throw failure }
        return pipeline.outcomes
    }

    private func send<Row>(_ pipeline: inout Pipeline<Row>, _ index: Int, on session: Session) throws {
        let sql = pipeline.queries[index].sql
        var name = preparedName(of: sql.text) ?? pipeline.names[sql.text]
        if name == nil, let fresh = nextName(pending: pipeline.names.count) {
            guard session.sendPrepare(fresh, sql.text, types: sql.parameters.types) else { throw lost(sql.text) }
            pipeline.names[sql.text] = fresh
            pipeline.awaited.append(.prepared(text: sql.text, name: fresh))
            name = fresh
        }
        let sent = name.map { session.sendExecute($0, sql.parameters) } ?? session.sendOnce(sql.text, sql.parameters)
        guard sent else { throw lost(sql.text) }
        pipeline.awaited.append(.executed(index: index))
    }

    /// Sends what is waiting to be sent, and takes the answers that are there.
    private func advance<Row>(_ pipeline: inout Pipeline<Row>, on session: Session, until limit: Duration?) async throws
    {
        while try await flush(session, pipeline.text, until: limit) {
            try takeArrived(into: &pipeline, on: session)
        }
        guard session.consume() else { throw lost(pipeline.text) }
        try takeArrived(into: &pipeline, on: session)
    }

    private func takeArrived<Row>(into pipeline: inout Pipeline<Row>, on session: Session) throws {
        while !pipeline.awaited.isEmpty, !session.isBusy {
            try take(session.answer(), into: &pipeline)
        }
    }

    /// Takes one answer for the first of what is awaited; nil ends it.
    private func take<Row>(_ answer: consuming Answer?, into pipeline: inout Pipeline<Row>) throws {
        guard let answer else {
            // A lost connection ends everything with nothing.
            if case .synchronised = pipeline.awaited.first { throw lost(nil) }
            pipeline.awaited.removeFirst()
            return
        }
        let text = pipeline.text
        do {
            try check(answer, text)
            switch pipeline.awaited.first {
            case .prepared(let text, let name): notePrepared(text, as: name)
            case .executed(let index):
                let rows = try answer.rows(of: pipeline.queries[index])
                pipeline.outcomes.append(Outcome(rows: rows, affected: answer.affected))
            case .synchronised, nil: pipeline.awaited = []
            }
        } catch {
            pipeline.failure = pipeline.failure ?? error
            guard !isClosed else { throw error }
        }
    }
}
