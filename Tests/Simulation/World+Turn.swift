internal import Ambient
internal import Recovery

/// One change of one execution inside its transaction, as `Conductor.turn` makes it.
struct Turn {
    let index: Int
    let replica: Int
    var execution: Execution
    let before: Execution
    var outcome = Execution.Outcome()
    var owed: [Execution.Effect] = []
    var places: [Bool] = [false, false]
    var isAborted = false
    /// Whether a change of nothing but what people asked for is written.
    let writesControl: Bool
    /// Servers that people had launched once more.
    var retried: [SourceServerID] = []

    mutating func take(_ new: Execution.Outcome) {
        owed += new.effects
        outcome.merge(new)
    }

    var hasChanged: Bool {
        !outcome.journal.isEmpty || !outcome.servers.isEmpty || !outcome.waves.isEmpty || !outcome.jobs.isEmpty
            || (writesControl && execution.control != before.control)
    }
}

extension World {
    /// Runs one turn: the row is locked, the machine answers, what changed is written, or nothing is.
    ///
    /// - Returns: whether it was committed.
    @discardableResult
    mutating func turn(of index: Int, at replica: Int, _ body: (inout World, inout Turn) -> Bool) -> Bool {
        guard let row = tables.row(index) else { return false }
        let mark = CopyMark(version: row.version, serverStart: serverStart)
        var execution = row.execution
        let copy = hub[replica].cache.removeValue(forKey: index)
        if let copy, rules.isCopyGood(copy.mark, mark) {
            if copy.execution != row.execution {
                breach(.stored, "replica \(replica) works on a copy of execution \(index) that is not what is stored")
            }
            execution = copy.execution
        }
        let saved = tables
        var turn = Turn(
            index: index,
            replica: replica,
            execution: execution,
            before: row.execution,
            writesControl: rules.writesControl
        )
        guard body(&self, &turn), write(&turn, remembered: copy?.head) else {
            tables = saved
            return false
        }
        commit(turn)
        return true
    }

    /// Gives the machine one event; every law of single events is looked at.
    mutating func receive(_ event: Execution.Event, _ turn: inout Turn) {
        let before = turn.execution
        let outcome = rules.receive(&turn.execution, event, now)
        let step = Step(before: before, event: event, outcome: outcome, after: turn.execution, now: now, rules: rules)
        breach(step.breaches)
        if case .retryRequested = event { turn.retried += step.takenUpAgain }
        tell("execution \(turn.index): \(event) ─► \(turn.execution.status) \(outcome.journal.map(\.kind.rawValue))")
        turn.take(outcome)
    }

    /// Performs the effects, which may bring events of their own, then writes rows and journal; false: it must not be.
    mutating func write(_ turn: inout Turn, remembered: JournalHead?) -> Bool {
        while !turn.owed.isEmpty {
            perform(turn.owed.removeFirst(), &turn)
            if turn.isAborted { return false }
        }
        guard var row = tables.row(turn.index) else { return false }
        guard turn.hasChanged else { return true }
        chain(turn.outcome.journal, to: &row, remembered: remembered)
        row.execution = turn.execution
        row.version += 1
        tables.write(row, at: turn.index)
        return true
    }

    /// What `Conductor.perform` writes for an effect.
    private mutating func perform(_ effect: Execution.Effect, _ turn: inout Turn) {
        let (index, execution) = (turn.index, turn.execution)
        let servers = execution.servers.map(\.sourceServerId)
        switch effect {
        case .launch(let key):
            guard let job = execution.jobs[key] else { return }
            let place = Self.number(of: job.place)
            insert(key.text, .launch(job), at: place, state: .queued, servers: job.servers.count, turn)
            turn.places[place] = true
        case .rewrite(let key):
            let states = tables.commands.filter { $0.key == key.text }.map(\.state)
            if states != [.queued], states != [.held], states != [.ready] {
                breach(.rows, "\(short(key.text)) is rewritten under way")
            }
        case .hold(let keys):
            let held = tables.hold(keys.map(\.text)) { [rules] in $0 == .queued || ($0 == .ready && rules.holdsReady) }
            if !held.isEmpty { receive(.held(held.map(JobKey.init)), &turn) }
        case .release(let keys):
            if rules.givesBack { tables.release(keys.map(\.text)) }
            for key in keys { if let job = execution.jobs[key] { turn.places[Self.number(of: job.place)] = true } }
        case .withdraw(let keys):
            let taken = tables.withdraw(
                keys.map(\.text),
                { [rules] in
                    $0 == .queued || $0 == .held || $0 == .ready || ($0 == .leased && rules.withdrawsLeased)
                },
                evenUnclear: rules.withdrawsUnclear
            )
            if !taken.isEmpty { receive(.withdrawn(taken.map(JobKey.init)), &turn) }
        case .terminate(let order):
            let place = Self.number(of: order.place)
            insert(order.key, .terminate(order), at: place, state: .ready, servers: order.servers.count, turn)
        case .startTimer(let timer): if rules.keepsTimers { tables.set(timer, of: index) }
        case .releaseServers:
            guard rules.releases else { return }
            tables.release(servers, of: index)
            tables.handOver(servers, from: index)
            tables.timers.removeAll { $0.execution == index }
        case .reclaimServers:
            let claimed = tables.claim(servers, for: index, evenTaken: rules.claimsOver)
            turn.isAborted = claimed < servers.count || tables.hasForeignJob(with: servers)
            sights.insert(turn.isAborted ? "not reopened" : "reopened")
        case .claimServers: _ = tables.claim(servers, for: index, evenTaken: rules.claimsOver)
        }
    }

    private mutating func insert(
        _ key: String,
        _ work: Command.Work,
        at place: Int,
        state: Command.State,
        servers: Int,
        _ turn: Turn
    ) {
        let command = Command(
            number: number(),
            key: key,
            work: work,
            place: place,
            execution: turn.index,
            isRecovery: turn.execution.type == .recovery,
            serverCount: servers,
            createdAt: now,
            state: state,
            notBefore: now
        )
        tables.insert(command, evenAgain: rules.insertsAgain)
    }

    private mutating func chain(_ entries: [JournalEntry], to row: inout Tables.Row, remembered: JournalHead?) {
        let head = rules.head(row.head, remembered)
        let chained = head.chaining(entries) { [now] entry, sequence, previous in
            let hash = Self.hash(of: entry, sequence: sequence, previous: previous, at: now)
            return (
                Tables.Fact(sequence: sequence, previous: previous, hash: hash, entry: entry, at: now), hash
            )
        }
        for fact in chained.events {
            if fact.sequence != row.journal.count + 1 || fact.previous != (row.journal.last?.hash ?? Self.root) {
                breach(.journal, "event \(fact.sequence) does not follow event \(row.journal.count)")
            }
            row.journal.append(fact)
        }
        row.head = chained.head
    }

    static let root = JournalHead.empty.hash

    /// Any digest will do here: what is looked at is what follows what.
    static func hash(of entry: JournalEntry, sequence: Int, previous: String, at now: Instant) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func mix(_ text: some StringProtocol) {
            for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
        mix(previous)
        mix(entry.kind.rawValue)
        mix(entry.label ?? "")
        mix(entry.sourceServerId?.rawValue ?? "")
        hash = (hash ^ UInt64(sequence) ^ UInt64(bitPattern: now.milliseconds)) &* 0x100_0000_01B3
        return String(hash, radix: 16)
    }

    private mutating func commit(_ turn: Turn) {
        guard let row = tables.row(turn.index) else { return }
        for place in turn.places.indices where turn.places[place] { admit(at: place) }
        hub[turn.replica].cache[turn.index] = Replica.Copy(
            execution: turn.execution,
            mark: CopyMark(version: row.version, serverStart: serverStart),
            head: row.head
        )
        sights.insert(row.execution.status.rawValue)
        for server in turn.retried {
            evidence.retries[.init(execution: turn.index, server: server), default: 0] += 1
            sights.insert("retried")
        }
        check(turn, row)
        rouse()
    }
}
