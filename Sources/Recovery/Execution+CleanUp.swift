internal import Ambient

/// The termination of what an execution launched.
extension Execution {
    /// Whether every instance that it launched is known to be gone (or there was none and it was asked for).
    package var areInstancesTerminated: Bool {
        control.cleanUp?.state == .completed
    }

    var terminationRefusal: Refusal? {
        guard phase == .ended else {
            return Refusal(.executionActive, "The execution is \(status.rawValue): it must end or be cancelled first.")
        }
        return switch control.cleanUp?.state {
        case .running: Refusal(.terminationInProgress, "Its instances are being terminated already.")
        case .completed: Refusal(.alreadyTerminated, "All its instances are gone.")
        case .partial, nil: nil
        }
    }

    mutating func beginCleanUp(by person: String, saying text: String?, _ outcome: inout Outcome) {
        guard terminationRefusal == nil else { return }
        let attempt = (control.cleanUp?.attempt ?? 0) + 1
        let orders = terminationOrders(attempt: attempt)
        control.cleanUp = CleanUp(
            state: orders.isEmpty ? .completed : .running,
            attempt: attempt,
            open: Set(orders.map(\.key))
        )
        outcome.journal.append(JournalEntry(.terminationRequested, by: person, text: text))
        guard !orders.isEmpty else {
            verdict = Verdict(of: self)
            outcome.journal.append(JournalEntry(.terminationEnded, label: CleanUp.State.completed.rawValue))
            return
        }
        outcome.effects.append(.claimServers)
        outcome.effects += orders.map(Effect.terminate)
    }

    /// By the jobs that DRS took, not by the instances we know: a failed or late launch may have left one too.
    private func terminationOrders(attempt: Int) -> [TerminationOrder] {
        let taken = jobs.values.filter { $0.jobId != nil }
        let byPlace = Dictionary(grouping: taken, by: \.place)
        return byPlace.keys.sorted().compactMap { place in
            let jobs = byPlace[place, default: []].sorted { $0.key < $1.key }
            // A server that was tried again is in two jobs.
            let members = Set(jobs.flatMap(\.servers)).sorted()
            let runs = members.compactMap { server($0) }.filter { $0.instanceState != .terminated }
            guard !runs.isEmpty else { return nil }
            return TerminationOrder(
                key: "\(id)/terminate/\(place.accountId).\(place.region)/\(attempt)",
                place: place,
                jobIds: jobs.compactMap(\.jobId),
                servers: runs
            )
        }
    }

    mutating func record(_ report: InstanceReport, at now: Instant, _ outcome: inout Outcome) {
        guard let position = positions[report.sourceServerId] else { return }
        let before = servers[position]
        guard before.instanceState != .terminated else { return }
        if let instance = report.recoveryInstanceId { servers[position].recoveryInstanceId = instance }
        switch report.state {
        case .terminating: servers[position].instanceState = .terminating
        case .terminated: servers[position].instanceState = .terminated
        case .failed: servers[position].instanceState = .terminationFailed
        }
        guard servers[position] != before else { return }
        outcome.servers.insert(position)
        reopenCleanUp(at: now, &outcome)
        guard report.state != .terminating else { return }
        outcome.journal.append(
            JournalEntry(
                report.state == .terminated ? .instanceTerminated : .instanceTerminationFailed,
                waveNumber: before.waveNumber,
                sourceServerId: report.sourceServerId,
                recoveryInstanceId: servers[position].recoveryInstanceId,
                text: report.error
            )
        )
    }

    mutating func endCleanUp(_ key: String, problem: String?, at now: Instant, _ outcome: inout Outcome) {
        guard var cleanUp = control.cleanUp, cleanUp.state == .running, cleanUp.open.remove(key) != nil else { return }
        if let problem {
            cleanUp.hasProblem = true
            outcome.journal.append(JournalEntry(.instanceTerminationFailed, label: key, text: problem))
        }
        if cleanUp.open.isEmpty {
            let isDone = cleanUp.hasProblem ? terminationOrders(attempt: 0).isEmpty : !hasInstances
            cleanUp.state = isDone ? .completed : .partial
            outcome.effects.append(.releaseServers)
            outcome.journal.append(JournalEntry(.terminationEnded, label: cleanUp.state.rawValue))
        }
        control.cleanUp = cleanUp
        if cleanUp.state == .partial { startCleanUpTimer(at: now, &outcome) }
        if cleanUp.state != .running { verdict = Verdict(of: self) }
    }

    /// Whether an instance is known that is not known to be gone.
    private var hasInstances: Bool {
        servers.contains { $0.instanceState != nil && $0.instanceState != .terminated }
    }

    /// An instance that shows up after a complete clean-up makes it an incomplete one, to be asked for again.
    mutating func reopenCleanUp(at now: Instant, _ outcome: inout Outcome) {
        guard control.cleanUp?.state == .completed, hasInstances else { return }
        control.cleanUp?.state = .partial
        verdict = Verdict(of: self)
        startCleanUpTimer(at: now, &outcome)
    }
}

extension Execution {
    /// Whether nothing more happens by itself: it has ended, and no clean-up runs.
    package var isOver: Bool {
        endedAt != nil && control.cleanUp?.state != .running
    }
}

/// The clean-up that nobody has to remember.
extension Execution {
    /// Between two tries of a clean-up that left something: what DRS refuses now, it often takes a little later.
    package static let cleanUpRetry = Duration.seconds(600)
    /// How often it is tried by itself; two hours of failures are a person's business.
    package static let cleanUpTries = 12

    /// Has what is left terminated when its time has come, at once if that has passed.
    mutating func startCleanUpTimer(at now: Instant, _ outcome: inout Outcome) {
        guard let due = control.cleanUpAt, (control.cleanUp?.attempt ?? 0) < Self.cleanUpTries else { return }
        let firesAt = control.cleanUp == nil ? max(due, now) : max(due, now + Self.cleanUpRetry)
        outcome.effects.append(.startTimer(Timer(key: "\(id)/clean-up", firesAt: firesAt, alarm: .cleanUpDue)))
    }

    mutating func cleanUpWhatIsDue(_ outcome: inout Outcome) {
        guard let due = control.cleanUpAt else { return }
        beginCleanUp(by: Self.itself, saying: "The drill's instances were to be kept until \(due).", &outcome)
    }

    /// How the journal names what nobody asked for.
    package static let itself = "Muster"
}
