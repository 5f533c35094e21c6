internal import Ambient
internal import Recovery
internal import TestKit

/// What makes decisions happen: the queue of commands, their leases, timers.
extension World {
    struct Command {
        enum State {
            case waiting(isHeld: Bool)
            case leased
            case closed
        }

        let execution: Int
        let job: Execution.JobRun
        var state = State.waiting(isHeld: false)
        var attempt = 0
        var notBefore = Instant.sample

        var isLeased: Bool { if case .leased = state { true } else { false } }

        var isWaiting: Bool { if case .waiting = state { true } else { false } }
    }

    /// The only way an execution changes; every law of single events is looked at.
    mutating func receive(_ event: Execution.Event, _ index: Int) {
        let before = executions[index]
        let outcome = executions[index].receive(event, at: now)
        let step = Step(before: before, event: event, outcome: outcome, after: executions[index], now: now)
        breaches += step.breaches
        if case .retryRequested = event {
            let again = zip(before.servers, executions[index].servers).filter {
                $0.status == .failed && $1.status == .queued
            }
            for server in again { retried[server.0.sourceServerId, default: 0] += 1 }
            if !again.isEmpty { sights.insert("retried") }
        }
        for key in outcome.jobs where executions[index].jobs[key]?.state.isOpen == false {
            commands[key]?.state = .closed
        }
        perform(outcome.effects, index)
        checkClaim(index)
        if random.happens(0.05) { restart(index) }
        if outcome.jobs.isEmpty == false { planAdmission() }
        sights.insert("\(executions[index].status)")
    }

    /// Another replica goes on with what is stored.
    private mutating func restart(_ index: Int) {
        let old = executions[index]
        let stored = Execution(
            restoring: .init(
                id: old.id,
                plan: old.plan,
                type: old.type,
                reason: old.reason,
                startedBy: old.startedBy,
                startedAt: old.startedAt,
                declaredAt: old.declaredAt,
                status: old.status,
                endedAt: old.endedAt,
                verdict: old.verdict,
                control: old.control
            ),
            waves: old.waves.map {
                .init(
                    waveNumber: $0.waveNumber,
                    status: $0.status,
                    waitingFor: $0.waitingFor,
                    gate: $0.gate,
                    startedAt: $0.startedAt,
                    endedAt: $0.endedAt
                )
            },
            servers: old.servers,
            jobs: Array(old.jobs.values)
        )
        if stored != old { breach(.stored, "\(old.status)") }
        executions[index] = stored
    }

    private mutating func checkClaim(_ index: Int) {
        let execution = executions[index]
        let isDue = execution.phase != .ended || execution.control.cleanUp?.state == .running
        if claims[index] != isDue {
            breach(.servers, "\(execution.status), \(String(describing: execution.control.cleanUp))")
        }
    }

    mutating func perform(_ effects: [Execution.Effect], _ index: Int) {
        for effect in effects {
            switch effect {
            case .launch(let key):
                if commands[key] != nil { breach(.oneJob, "\(key) is launched again") }
                commands[key] = executions[index].jobs[key].map { Command(execution: index, job: $0) }
                planAdmission()
            case .rewrite(let key):
                if commands[key]?.isWaiting != true { breach(.rows, "\(key) is rewritten under way") }
            case .withdraw(let keys):
                let back = keys.filter { commands[$0]?.isWaiting == true }
                for key in back { commands[key]?.state = .closed }
                if !back.isEmpty { send(.withdrawn(back), to: index, mayBeLost: false) }
            case .hold(let keys): setHeld(true, keys)
            case .release(let keys): setHeld(false, keys)
            case .terminate(let order): plan(.terminate(index, order), in: .seconds(1))
            case .startTimer(let timer):
                guard timers.insert("\(timer.key) \(timer.firesAt)").inserted else { continue }
                plan(.tell(index, timer.event), at: timer.firesAt)
                if isFaulty, random.happens(0.3) { plan(.tell(index, timer.event), at: timer.firesAt + .seconds(30)) }
            case .releaseServers: claims[index] = false
            case .claimServers, .reclaimServers: claims[index] = true
            }
        }
    }

    private mutating func setHeld(_ isHeld: Bool, _ keys: [JobKey]) {
        for key in keys where commands[key]?.isWaiting == true { commands[key]?.state = .waiting(isHeld: isHeld) }
        planAdmission()
    }

    mutating func planAdmission() {
        guard !isAdmissionDue else { return }
        isAdmissionDue = true
        plan(.admit, in: .seconds(3))
    }

    static let places = [Place.sample(0), .sample(1)]

    /// Gives commands to spokes, as many as each account and Region has room for.
    mutating func admit() {
        isAdmissionDue = false
        guard commands.values.contains(where: \.isWaiting) else { return }
        for place in Self.places {
            let leased = commands.values.filter { $0.isLeased && $0.job.place == place }
            let admission = Admission(
                quotas: quotas,
                jobsInUse: leased.count + foreignJobs[place, default: 0],
                serversInUse: leased.reduce(foreignJobs[place, default: 0]) { $0 + $1.job.servers.count },
                serversByExecution: Dictionary(
                    leased.map { (executions[$0.execution].id, $0.job.servers.count) },
                    uniquingKeysWith: +
                )
            )
            for candidate in admission.admitted(from: queue(of: place)) { lease(JobKey(candidate.key)) }
        }
        let isWaiting = commands.values.contains { if case .waiting(isHeld: false) = $0.state { true } else { false } }
        if isWaiting { planAdmission() }
    }

    private func queue(of place: Place) -> [Admission.Candidate] {
        commands.values
            .filter { command in
                guard case .waiting(isHeld: false) = command.state else { return false }
                return command.job.place == place && command.notBefore <= now
            }
            .sorted { $0.job.key < $1.job.key }
            .map {
                Admission.Candidate(
                    key: $0.job.key.text,
                    executionId: executions[$0.execution].id,
                    isRecovery: executions[$0.execution].type == .recovery,
                    serverCount: $0.job.servers.count
                )
            }
    }

    private mutating func lease(_ key: JobKey) {
        guard let command = commands[key] else { return }
        let control = executions[command.execution].control
        if control.isHolding { breach(.held, "\(key) was given out while held") }
        // What a person had launched once more goes on though another wave's failure stops the rest.
        let isRetry = command.job.servers.contains { retried[$0] != nil }
        if control.cancellation != nil || (control.isStopped && !isRetry) {
            breach(.cancelled, "\(key) was given out")
        }
        commands[key]?.state = .leased
        commands[key]?.attempt += 1
        plan(.start(key, attempt: command.attempt + 1), in: .seconds(isFaulty ? random.number(0...10) : 0))
    }
}

extension Execution.Timer {
    /// What the timer tells the execution.
    var event: Execution.Event {
        switch alarm {
        case .jobTimedOut(let key): .jobTimedOut(key)
        case .pauseExpired(let wave): .pauseExpired(wave: wave)
        }
    }
}
