internal import Ambient
internal import Recovery

/// A replica of the hub: all that it has of its own may be lost at any moment.
struct Replica {
    struct Copy {
        let execution: Execution
        let mark: CopyMark
        let head: JournalHead
    }

    var isUp = true
    var isTicking = false
    var cache: [Int: Copy] = [:]
}

/// A stream of commands as the hub sees it.
struct Stream {
    let number: Int
    let session: Int
    let spoke: Int
    let replica: Int
}

/// A command as it goes to a spoke.
struct Given {
    let number: Int
    let term: Int
    let key: String
    let work: Command.Work
    let place: Int
    let execution: Int
    let servers: [SourceServerID]
    let deadline: Instant
    let settle: Duration
    let mayStart: Bool
}

/// What a spoke's heartbeat brings.
struct Batch {
    let number: Int
    let spoke: Int
    let epoch: Int
    let session: Int
    let reports: [Said]
    let holding: [World.Work]
    let sentAt: Duration
}

/// What the hub answers to it.
struct Acknowledgement {
    let batch: Int
    let session: Int
    let sentAt: Duration
    let holding: [World.Work]
    var isKnown = true
    var acknowledged: [(work: World.Work, sequence: Int)] = []
    var stale: [World.Work] = []
}

extension World {
    /// Whether anything is to be done that needs a heartbeat or a look of the reconciler.
    var hasWork: Bool {
        tables.commands.contains { $0.isAlive } || spokes.contains { !$0.isIdle }
    }

    /// Sets the loops going that stood still while there was nothing to do.
    ///
    /// Heartbeats of spokes without work change nothing, and are left out: this makes up for them.
    mutating func rouse() {
        planTimers()
        guard hasWork else { return }
        for replica in hub.indices where hub[replica].isUp && !hub[replica].isTicking {
            hub[replica].isTicking = true
            plan(.tick(replica: replica), in: .milliseconds(dice.number(10...1000)))
        }
        for spoke in spokes.indices where spokes[spoke].isUp && !spokes[spoke].isBeating {
            spokes[spoke].isBeating = true
            plan(.beat(spoke, epoch: spokes[spoke].epoch), in: .zero)
            guard let session = spokes[spoke].session, spokes[spoke].frozenUntil.map({ $0 <= now }) ?? true else {
                continue
            }
            spokes[spoke].clock.acknowledged(sentAt: elapsed)
            if let place = tables.sessions.firstIndex(where: { $0.number == session }) {
                tables.sessions[place].lastSeen = now
            }
        }
    }

    /// Has somebody look when the next timer is due, though nothing else is to be done until then.
    private mutating func planTimers() {
        guard let next = tables.nextTimer, timersPlanned.map({ next < $0 || $0 < now }) ?? true else { return }
        timersPlanned = max(next, now)
        agenda.add(.timers, at: max(next, now))
    }

    mutating func fireTimers() {
        timersPlanned = nil
        guard let replica = someReplica() else { return plan(.timers, in: .seconds(5)) }
        reconcile(at: replica)
        planTimers()
    }

    // MARK: - Reconciler and streams

    /// What a replica does every second: leases that ended, timers, launches that wait, and commands for its streams.
    mutating func tick(_ replica: Int) {
        guard hub[replica].isUp else { return }
        reconcile(at: replica)
        for stream in streams where stream.replica == replica { serve(stream) }
        if hasWork {
            plan(.tick(replica: replica), in: .milliseconds(dice.number(900...1500)))
        } else {
            hub[replica].isTicking = false
            planTimers()
        }
    }

    private mutating func reconcile(at replica: Int) {
        if tables.expireLeases(at: now, isAlive: { [rules, now] in rules.isAlive($0.lastSeen, $0.streamClosed, now) }) {
            sights.insert("lease lost")
            tell("leases taken back")
        }
        for index in Set(tables.timers.filter { $0.firesAt <= now }.map(\.execution)).sorted() {
            turn(of: index, at: replica) { world, turn in
                for alarm in world.tables.takeTimers(of: index, at: world.now) {
                    switch alarm {
                    case .jobTimedOut(let key): world.receive(.jobTimedOut(key), &turn)
                    case .pauseExpired(let wave): world.receive(.pauseExpired(wave: wave), &turn)
                    case .cleanUpDue: world.receive(.cleanUpDue, &turn)
                    }
                }
                return true
            }
        }
        for place in Self.places.indices { admit(at: place) }
    }

    /// Gives a stream what is ready, and says that it is open.
    private mutating func serve(_ stream: Stream) {
        guard let place = tables.sessions.firstIndex(where: { $0.number == stream.session }) else {
            return closeAtHub(stream)
        }
        tables.sessions[place].streamClosed = nil
        let session = tables.sessions[place]
        // Whoever is silent counts as lost, though its stream stands: it is frozen, or has another session by now.
        guard rules.isAlive(session.lastSeen, session.streamClosed, now) else {
            let epoch = spokes[stream.spoke].epoch
            plan(.closedAtSpoke(stream.spoke, epoch: epoch, stream: stream.number), in: .milliseconds(10))
            return closeAtHub(stream)
        }
        let commands = tables.lease(for: session, at: now)
        for command in commands { checkLease(command) }
        if !commands.isEmpty { send(commands, over: stream) }
    }

    private mutating func checkLease(_ command: Command) {
        tell("\(short(command.key)) leased to spoke \(command.spoke ?? -1), term \(command.term)")
        guard command.work.isLaunch, let execution = tables.row(command.execution)?.execution else { return }
        // What DRS may have is followed all the same, and looked for.
        let isNew = execution.jobs[JobKey(command.key)]?.state == .queued && !command.isBarred
        if execution.control.isHolding, isNew { breach(.held, "\(short(command.key)) was given out while held") }
        if execution.control.cancellation != nil, isNew { breach(.cancelled, "\(short(command.key)) was given out") }
    }

    mutating func send(_ commands: [Command], over stream: Stream) {
        let given = commands.map { command in
            Given(
                number: command.number,
                term: command.term,
                key: command.key,
                work: command.work,
                place: command.place,
                execution: command.execution,
                servers: servers(of: command),
                deadline: command.leaseUntil ?? now,
                settle: .seconds(rules.settleSeconds(command.isUnclear)),
                mayStart: !command.isBarred
            )
        }
        let epoch = spokes[stream.spoke].epoch
        let action = Action.given(stream.spoke, epoch: epoch, stream: stream.number, given)
        guard isFaulty else { return plan(action, in: .milliseconds(5)) }
        // What is lost on a stream is lost with the stream.
        if dice.happens(0.05) { return breakStream(of: stream.spoke) }
        plan(action, in: transit())
        if dice.happens(0.1) { plan(action, in: dice.seconds(0...20)) }
    }

    /// How long a line is on its way: mostly not at all, sometimes about as long as what it grants.
    private mutating func transit() -> Duration {
        if dice.happens(0.04) { return dice.seconds(3...50) }
        if dice.happens(0.03) { return dice.seconds(26...34) }
        return .milliseconds(dice.number(1...800))
    }

    private func servers(of command: Command) -> [SourceServerID] {
        guard case .launch(let job) = command.work, let execution = tables.row(command.execution)?.execution else {
            return []
        }
        return rules.serversOfLaunch(job, execution)
    }

    // MARK: - Crashes

    mutating func crashHub(_ replica: Int) {
        guard hub[replica].isUp else { return }
        tell("hub \(replica) killed")
        hub[replica] = Replica(isUp: false)
        let lost = streams.filter { $0.replica == replica }
        streams.removeAll { $0.replica == replica }
        for stream in lost {
            let spoke = spokes[stream.spoke]
            plan(.closedAtSpoke(stream.spoke, epoch: spoke.epoch, stream: stream.number), in: dice.seconds(0...2))
        }
        plan(.startHub(replica), in: isFaulty ? dice.seconds(1...40) : .seconds(1))
    }

    mutating func startHub(_ replica: Int) {
        guard !hub[replica].isUp else { return }
        tell("hub \(replica) started")
        hub[replica].isUp = true
        hub[replica].isTicking = true
        plan(.tick(replica: replica), in: .milliseconds(100))
    }

    mutating func backUp() {
        backup = tables
        evidence.commandsBeforeRestore = written(tables)
        tell("backup made")
    }

    private func written(_ tables: Tables) -> Int { tables.commands.map(\.number).max() ?? 0 }

    /// The database goes back: every connection breaks, and what was written since is forgotten.
    mutating func restore() {
        guard let backup else { return }
        tell("database restored")
        sights.insert("restored")
        tables = backup
        serverStart = now
        evidence.isRestored = true
        for stream in streams {
            plan(.closedAtSpoke(stream.spoke, epoch: spokes[stream.spoke].epoch, stream: stream.number), in: .zero)
        }
        streams = []
        rouse()
    }

    /// A replica that is up.
    mutating func someReplica() -> Int? {
        dice.one(of: hub.indices.filter { hub[$0].isUp })
    }

    func short(_ key: String) -> String { String(key.dropFirst(36)) }
}
