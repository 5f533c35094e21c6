internal import Ambient
internal import PostgreSQL
internal import Recovery
internal import Store

/// One change of one execution, inside its transaction.
struct Turn {
    private(set) var execution: Execution
    private(set) var outcome = Execution.Outcome()
    let now: Instant
    /// What people asked for and what became of the clean-up, as it was before.
    private let controlBefore: Execution.Control
    /// Effects that are not written yet.
    private var owed: [Execution.Effect] = []
    /// Accounts and Regions where a launch may begin because of this turn.
    var places: Set<Place> = []

    init(_ execution: Execution, at now: Instant) {
        self.execution = execution
        self.now = now
        controlBefore = execution.control
    }

    /// The first turn of an execution.
    init(beginning execution: Execution, _ outcome: Execution.Outcome, at now: Instant) {
        self.init(execution, at: now)
        take(outcome)
    }

    mutating func receive(_ event: Execution.Event) {
        take(execution.receive(event, at: now))
    }

    private mutating func take(_ new: Execution.Outcome) {
        owed += new.effects
        outcome.merge(new)
    }

    mutating func nextEffect() -> Execution.Effect? {
        owed.isEmpty ? nil : owed.removeFirst()
    }

    /// Whether the execution's row is to be written; not every change has a line in the journal or a row of its own.
    var hasChanged: Bool {
        !outcome.journal.isEmpty || !outcome.servers.isEmpty || !outcome.waves.isEmpty || !outcome.jobs.isEmpty
            || execution.control != controlBefore
    }
}

extension Conductor {
    /// What a committed turn has to tell: whose streams to wake, and the copy to keep.
    struct Committed: Sendable {
        var execution: Execution
        /// What the copy is good for; nil: it is not kept.
        var mark: CopyMark?
        var ready: Set<AccountNumber>
        var hasChanged: Bool
        /// What came to its end, for metrics.
        var ended = TurnMeter.Ended()
    }

    /// Runs one turn of an execution: locks it, lets the closure give it events, writes what they changed.
    ///
    /// - Throws: `UnknownExecution`; what the closure throws, and then nothing has changed.
    @discardableResult
    func turn<Result: Sendable>(
        of id: Execution.ID,
        file: StaticString = #fileID,
        function: StaticString = #function,
        _ body: (inout Turn, Transaction) async throws -> Result
    ) async throws -> Result {
        let (result, committed) = try await pool.transaction(file: file, function: function) { transaction in
            guard let lock = try await transaction.first(ExecutionStatements.lock(id)) else {
                throw UnknownExecution(id: id)
            }
            let kept = cache.take(id, mark: lock.mark)
            guard let execution = try await kept.orElse({ try await Self.load(id, from: transaction) }) else {
                throw UnknownExecution(id: id)
            }
            var turn = Turn(execution, at: ambient.now)
            let result = try await body(&turn, transaction)
            let head = JournalHead(sequence: lock.journalSequence, hash: lock.journalHead)
            var ready = try await write(&turn, after: head, isNew: false, in: transaction)
            ready.formUnion(try await admit(turn, in: transaction))
            return (
                result,
                Committed(
                    execution: turn.execution,
                    mark: lock.mark.next(hasChanged: turn.hasChanged),
                    ready: ready,
                    hasChanged: turn.hasChanged,
                    ended: TurnMeter.Ended(of: turn)
                )
            )
        }
        settle(committed)
        return result
    }

    /// What follows a commit: the copy is kept and those who wait are woken.
    func settle(_ committed: Committed) {
        if let mark = committed.mark { cache.put(committed.execution, mark: mark) }
        if committed.hasChanged { hints.send(.execution(committed.execution.id)) }
        for account in committed.ready { hints.send(.work(account)) }
        meter.record(committed.ended)
    }

    /// Writes a turn: effects first, for they may bring events of their own; then rows, journal and head.
    ///
    /// Answers the accounts whose spokes have something new to do.
    func write(
        _ turn: inout Turn,
        after head: JournalHead,
        isNew: Bool,
        in transaction: Transaction
    ) async throws -> Set<AccountNumber> {
        var statements: [Statement] = []
        var ready: Set<AccountNumber> = []
        while let effect = turn.nextEffect() {
            try await perform(effect, of: &turn, later: &statements, ready: &ready, in: transaction)
        }
        guard turn.hasChanged || !statements.isEmpty || !turn.places.isEmpty else { return ready }
        let execution = turn.execution
        let journal = Journal.chain(turn.outcome.journal, of: execution.id, after: head, at: turn.now)
        if isNew {
            let trace = TraceContext.current ?? TraceContext(by: ambient.chance)
            statements.insert(ExecutionStatements.insert(execution, journal: journal.head, trace: trace), at: 0)
            statements.insert(ExecutionStatements.insertPlan(of: execution), at: 1)
            statements.insert(ExecutionStatements.insertPlaces(of: execution), at: 2)
        } else if turn.hasChanged {
            statements.append(ExecutionStatements.update(execution, journal: journal.head))
        }
        statements += rows(of: turn)
        if !journal.events.isEmpty { statements.append(JournalStatements.append(journal.events, to: execution.id)) }
        let notices = execution.notices(of: turn.outcome.journal, at: turn.now) { ambient.identifier() }
        statements += notices.map(\.tell)
        try await transaction.execute(statements)
        return ready
    }

    /// Lets launches go that the turn made possible, and answers the accounts where some did.
    ///
    /// It is the last thing in its transaction: the locks of accounts and Regions come after all others.
    func admit(_ turn: Turn, in transaction: Transaction) async throws -> Set<AccountNumber> {
        var ready: Set<AccountNumber> = []
        for place in turn.places.sorted() {
            let admission = try await admit(in: place, at: turn.now, transaction)
            if !admission.admitted.isEmpty { ready.insert(place.accountId) }
        }
        return ready
    }

    private func rows(of turn: Turn) -> [Statement] {
        let (execution, outcome) = (turn.execution, turn.outcome)
        var statements: [Statement] = []
        if !outcome.waves.isEmpty {
            statements.append(
                ExecutionStatements.save(outcome.waves.sorted().map { execution.waves[$0] }, of: execution.id)
            )
        }
        if !outcome.servers.isEmpty {
            statements.append(
                ExecutionStatements.save(outcome.servers.sorted().map { execution.servers[$0] }, of: execution.id)
            )
        }
        for key in outcome.jobs.sorted() {
            if let job = execution.jobs[key] { statements.append(ExecutionStatements.save(job, of: execution.id)) }
        }
        return statements
    }
}

extension Optional {
    /// The value, or what the closure brings in its stead.
    fileprivate func orElse(_ other: () async throws -> Wrapped?) async rethrows -> Wrapped? {
        if let self { return self }
        return try await other()
    }
}
