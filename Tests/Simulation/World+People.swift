internal import Ambient
internal import Recovery

/// The executions of a world, and the people who decide about them.
extension World {
    private static let people = ["ada", "bob", "eve"]
    private static let servers: [[SourceServerID]] = [(1...6).map(server), (11...16).map(server)]

    /// The source servers of a place.
    static func pool(of place: Int) -> [SourceServerID] { servers[place] }

    static func server(_ number: Int) -> SourceServerID {
        let digits = String(number)
        let text = "s-" + String(repeating: "0", count: 17 - digits.utf8.count) + digits
        guard let id = SourceServerID(rawValue: text) else { preconditionFailure("\(text) is not a source server") }
        return id
    }

    // MARK: - Starting

    /// `Conductor.start`: claims the servers of a frozen plan, and begins.
    mutating func startExecution(_ attempt: Int) {
        guard let replica = someReplica() else { return }
        let isRecovery = dice.happens(0.3)
        let plan = frozenPlan()
        let servers = plan.servers.map(\.sourceServerId)
        let saved = tables
        if isRecovery, dice.happens(0.5) { clearDrills(for: servers, at: replica) }
        guard rules.claimsOver || servers.allSatisfy({ tables.claims[$0] == nil }), !tables.hasForeignJob(with: servers)
        else {
            tables = saved
            // What is rolled back leaves no copies behind.
            hub[replica].cache = [:]
            sights.insert("start refused")
            return tell("start \(attempt) is refused")
        }
        let index = begun
        begun += 1
        _ = tables.claim(servers, for: index, evenTaken: rules.claimsOver)
        let (execution, outcome) = Execution.begin(
            plan,
            id: Execution.ID(at: now, by: SeededChance(seed: dice.next())),
            type: isRecovery ? .recovery : .drill,
            reason: nil,
            by: "ada",
            at: now
        )
        tell("execution \(index) begins: \(plan.waves.map { $0.servers.map(\.sourceServerId.rawValue) })")
        tables.write(Tables.Row(execution: execution), at: index)
        turn(of: index, at: replica) { _, turn in
            turn.take(outcome)
            return true
        }
        checkExecutions()
        for _ in 0..<dice.number(0...5) { self.plan(.person(index), in: dice.seconds(0...220)) }
    }

    /// `Conductor.clearDrills`: forgotten drills make way for a recovery.
    private mutating func clearDrills(for servers: [SourceServerID], at replica: Int) {
        for index in Set(servers.compactMap { tables.claims[$0] }).sorted() {
            guard let drill = tables.row(index)?.execution, drill.type == .drill else { continue }
            let isBusy =
                tables.commands.contains { $0.execution == index && $0.state == .leased }
                || drill.jobs.values.contains { $0.state == .accepted }
            guard !isBusy else { continue }
            sights.insert("drill cleared")
            turn(of: index, at: replica) { world, turn in
                world.receive(.cancelRequested(by: "ada", comment: "A recovery needs its servers."), &turn)
                return true
            }
        }
    }

    private mutating func frozenPlan() -> FrozenPlan {
        var pools = Self.servers
        let ordering: RecoveryPlan.Ordering = dice.happens(0.5) ? .sequential : .dependencies
        let waves = (0..<dice.number(1...3)).map { number in
            let servers = (0..<dice.number(0...3)).compactMap { _ -> FrozenServer? in
                let place = dice.number(0...1)
                guard !pools[place].isEmpty else { return nil }
                let server = pools[place].remove(at: dice.number(0...pools[place].count - 1))
                return FrozenServer(
                    sourceServerId: server,
                    hostname: "host",
                    place: Self.places[place],
                    impact: dice.happens(0.3) ? .optional : .critical
                )
            }
            let before = number == 0 ? [] : [number - 1]
            return FrozenWave(
                waveNumber: number,
                name: "Wave \(number)",
                dependsOnWaves: ordering == .sequential ? before : (0..<number).filter { _ in dice.happens(0.4) },
                pauseBeforeWave: dice.happens(0.2),
                timeoutMinutes: dice.number(1...2),
                onFailure: dice.happens(0.5) ? .continue : .stop,
                approvals: dice.happens(0.15)
                    ? .init(count: dice.number(1...2), groups: [], excludeStarter: false) : nil,
                servers: servers
            )
        }
        var plan = FrozenPlan(
            planId: RecoveryPlan.ID(at: Self.beginning, by: SeededChance(seed: 1)),
            planName: "Shop",
            planRevision: 1,
            ordering: ordering,
            waves: waves
        )
        for place in Self.places { plan.serversPerJob[place.description] = quotas.serversPerJob }
        return plan
    }

    // MARK: - Deciding

    /// Someone asks for something, sensible or not; their client may ask again.
    mutating func decide(_ index: Int) {
        guard let replica = someReplica(), let execution = tables.row(index)?.execution else { return }
        let wave = dice.number(0...execution.waves.count)
        let person = Self.people[dice.number(0...2)]
        let failed = execution.servers.filter { $0.status == .failed || $0.status == .pending }
        let one = dice.one(of: failed).map { Execution.Selection.server($0.sourceServerId) }
        let selection = dice.happens(0.5) ? one ?? .wave(wave) : .wave(wave)
        switch dice.number(0...30) {
        case 0...2: steer(index, at: replica, .pause(.nextWave), .pauseRequested(.nextWave, by: person))
        case 3...6: steer(index, at: replica, .pause(.now), .pauseRequested(.now, by: person))
        case 7...10: steer(index, at: replica, .resume(wave: nil), .resumed(wave: nil, by: person, comment: nil))
        case 11...12: steer(index, at: replica, .resume(wave: wave), .resumed(wave: wave, by: person, comment: nil))
        case 13...16: approve(wave, of: index, at: replica, by: person)
        case 17: steer(index, at: replica, .decline(wave: wave), .declined(wave: wave, by: person, comment: nil))
        case 18...19: steer(index, at: replica, .cancel, .cancelRequested(by: person, comment: nil))
        case 20...25: retry(selection, of: index, at: replica, by: person)
        case 26...27: skip(selection, of: index, at: replica, by: person)
        case 28: note(index, at: replica, by: person)
        default: steer(index, at: replica, .terminate, .terminationRequested(by: person))
        }
        if isFaulty, dice.happens(0.3) { plan(.person(index), in: dice.seconds(0...60)) }
    }

    private mutating func approve(_ wave: Int, of index: Int, at replica: Int, by person: String) {
        steer(
            index,
            at: replica,
            .approve(wave: wave, by: person),
            .approved(wave: wave, by: person, comment: nil)
        )
    }

    private mutating func note(_ index: Int, at replica: Int, by person: String) {
        turn(of: index, at: replica) { world, turn in
            world.receive(.noted(by: person, text: "the network team is called"), &turn)
            return true
        }
    }

    /// `Conductor.steer`.
    mutating func steer(_ index: Int, at replica: Int, _ request: Execution.Request, _ event: Execution.Event) {
        turn(of: index, at: replica) { world, turn in
            guard world.rules.refusal(turn.execution, request) == nil else { return false }
            world.receive(event, &turn)
            return true
        }
    }

    /// `Conductor.retry`.
    private mutating func retry(_ selection: Execution.Selection, of index: Int, at replica: Int, by person: String) {
        turn(of: index, at: replica) { world, turn in
            guard world.rules.refusal(turn.execution, .retry(selection)) == nil else { return false }
            let servers = turn.execution.servers(of: selection, whileWaiting: false)
            world.receive(.retryRequested(servers, by: person), &turn)
            return true
        }
    }

    /// `Conductor.skip`.
    private mutating func skip(_ selection: Execution.Selection, of index: Int, at replica: Int, by person: String) {
        turn(of: index, at: replica) { world, turn in
            guard world.rules.refusal(turn.execution, .skip(selection)) == nil else { return false }
            world.sights.insert("skipped")
            let servers = turn.execution.servers(of: selection, whileWaiting: true)
            world.receive(.skipRequested(servers, by: person, reason: "it is not needed"), &turn)
            return true
        }
    }

    /// Everyone approves and resumes what waits.
    mutating func decideAll() {
        for index in tables.rows.indices {
            guard let execution = tables.row(index)?.execution, execution.phase == .active,
                let replica = someReplica()
            else { continue }
            for wave in execution.waves where wave.waitingFor == .approval {
                for person in Self.people { approve(wave.waveNumber, of: index, at: replica, by: person) }
            }
            steer(index, at: replica, .resume(wave: nil), .resumed(wave: nil, by: "ada", comment: nil))
        }
    }
}
