internal import Ambient
internal import Recovery

/// A row of `command`: work that is stored before any spoke sees it, and its lease.
struct Command {
    enum Work {
        case launch(Execution.JobRun)
        case terminate(Execution.TerminationOrder)

        var isLaunch: Bool { if case .launch = self { true } else { false } }
    }

    enum State {
        case queued, held, ready, leased, done, failed, withdrawn
    }

    let number: Int
    let key: String
    let work: Work
    let place: Int
    let execution: Int
    let isRecovery: Bool
    let serverCount: Int
    let createdAt: Instant
    var state: State
    var notBefore: Instant
    var attempt = 0
    var term = 0
    var sequence = 0
    var isUnclear = false
    var isBarred = false
    var session: Int?
    /// The spoke of the present term.
    var spoke: Int?
    var leaseUntil: Instant?

    /// Whether it moves by itself.
    var isAlive: Bool { state == .queued || state == .ready || state == .leased }
}

extension Tables {
    func command(_ number: Int) -> Command? {
        commands.first { $0.number == number }
    }

    /// `CommandStatements.insert`: the same key again writes nothing.
    mutating func insert(_ command: Command, evenAgain: Bool) {
        guard evenAgain || !knows(key: command.key) else { return }
        commands.append(command)
    }

    private func places(of keys: [String], _ states: (Command.State) -> Bool) -> [Int] {
        commands.indices.filter { states(commands[$0].state) && keys.contains(commands[$0].key) }
    }

    /// `CommandStatements.hold`.
    mutating func hold(_ keys: [String], _ states: (Command.State) -> Bool) -> [String] {
        for place in places(of: keys, { $0 == .leased }) { commands[place].isBarred = true }
        return places(of: keys, states).map { place in
            commands[place].state = .held
            return commands[place].key
        }
    }

    /// `CommandStatements.release`.
    mutating func release(_ keys: [String]) {
        for place in places(of: keys, { $0 == .queued || $0 == .held || $0 == .ready || $0 == .leased }) {
            commands[place].isBarred = false
            if commands[place].state == .held { commands[place].state = .queued }
        }
    }

    /// `CommandStatements.withdraw`.
    mutating func withdraw(_ keys: [String], _ states: (Command.State) -> Bool, evenUnclear: Bool) -> [String] {
        func isBarred(_ place: Int) -> Bool {
            commands[place].state == .leased
                || (commands[place].isUnclear && commands[place].work.isLaunch && !evenUnclear)
        }
        let chosen = places(of: keys, states).filter { !isBarred($0) || states(.leased) }
        for place in places(of: keys, { $0 == .queued || $0 == .held || $0 == .ready || $0 == .leased })
        where isBarred(place) && !chosen.contains(place) {
            commands[place].isBarred = true
            if commands[place].state == .held { commands[place].state = .queued }
        }
        return chosen.map { place in
            commands[place].state = .withdrawn
            return commands[place].key
        }
    }

    /// `CommandStatements.lease`: RECOVERY first, then oldest first; the order of the answer is that of the rows.
    mutating func lease(for session: Session, at now: Instant) -> [Command] {
        let ready = commands.indices.filter { place in
            let command = commands[place]
            return command.state == .ready && command.notBefore <= now && session.places.contains(command.place)
        }
        let chosen = ready.sorted { left, right in
            let (first, second) = (commands[left], commands[right])
            return first.isRecovery == second.isRecovery
                ? (first.createdAt, left) < (second.createdAt, right) : first.isRecovery
        }
        return chosen.prefix(WorkLease.limit).map { place in
            commands[place].state = .leased
            commands[place].attempt += 1
            commands[place].term += 1
            commands[place].sequence = 0
            commands[place].session = session.number
            commands[place].spoke = session.spoke
            commands[place].leaseUntil = now + WorkLease.time
            return commands[place]
        }
    }

    /// `CommandStatements.leased`.
    func leased(to session: Int) -> [Command] {
        commands.filter { $0.session == session && $0.state == .leased }
    }

    /// `CommandStatements.renew`.
    mutating func renew(_ session: Int, holding: [Work], until deadline: Instant) {
        for place in commands.indices
        where commands[place].state == .leased && commands[place].session == session {
            let work = Work(commandId: commands[place].number, term: commands[place].term)
            if holding.contains(work) { commands[place].leaseUntil = deadline }
        }
    }

    typealias Work = WorkUnderTerm<Int>

    /// `CommandStatements.expireLeases`; says whether any was taken back.
    mutating func expireLeases(at now: Instant, isAlive: (Session) -> Bool) -> Bool {
        var hasTaken = false
        for place in commands.indices where commands[place].state == .leased {
            let holder = sessions.first { $0.number == commands[place].session }
            let isOver = commands[place].leaseUntil.map { $0 < now } ?? false
            guard isOver || holder.map({ !isAlive($0) }) ?? true else { continue }
            commands[place].state = .ready
            commands[place].leaseUntil = nil
            commands[place].session = nil
            commands[place].isUnclear = true
            hasTaken = true
        }
        return hasTaken
    }

    /// `CommandStatements.deferLaunch`.
    mutating func postpone(_ number: Int, until notBefore: Instant, isUnclear: Bool, isSettled: Bool) {
        guard let place = commands.firstIndex(where: { $0.number == number }), commands[place].state == .leased
        else { return }
        commands[place].state = commands[place].work.isLaunch ? .queued : .ready
        commands[place].leaseUntil = nil
        commands[place].session = nil
        commands[place].notBefore = notBefore
        commands[place].isUnclear = (commands[place].isUnclear || isUnclear) && !isSettled
        commands[place].isBarred = commands[place].isBarred && !isSettled
    }

    /// `CommandStatements.end`.
    mutating func end(_ number: Int, as state: Command.State) {
        guard let place = commands.firstIndex(where: { $0.number == number }), commands[place].isAlive else { return }
        commands[place].state = state
        commands[place].leaseUntil = nil
        commands[place].session = nil
    }

    /// `CommandStatements.acknowledge`.
    mutating func acknowledge(_ number: Int, sequence: Int) {
        guard let place = commands.firstIndex(where: { $0.number == number }) else { return }
        commands[place].sequence = sequence
    }
}
