internal import Ambient

/// What follows from the present state: waves settle, waves begin, the execution ends.
extension Execution {
    /// Does everything that can be done now; done again, it does nothing.
    mutating func moveOn(at now: Instant, _ outcome: inout Outcome) {
        guard phase != .ended else { return }
        var hasMoved = true
        while hasMoved {
            hasMoved = false
            for index in waves.indices where !waves[index].status.isSettled {
                if settleIfDone(index, at: now, &outcome) || beginIfDue(index, at: now, &outcome) { hasMoved = true }
            }
        }
        endIfDone(at: now, &outcome)
        showStatus(&outcome)
    }

    /// Settles a wave once all its servers are: a CRITICAL failure fails it when its siblings have finished.
    private mutating func settleIfDone(_ index: Int, at now: Instant, _ outcome: inout Outcome) -> Bool {
        let wave = waves[index]
        let isUnderWay = wave.status != .pending && wave.status != .paused
        if !isUnderWay, control.cancellation != nil || control.isStopped {
            cancelServers(of: wave, at: now, &outcome)
            settle(index, as: .cancelled, at: now, &outcome)
            return true
        }
        guard isUnderWay, servers[wave.range].allSatisfy(\.status.isSettled) else { return false }
        let status = settledStatus(of: index)
        settle(index, as: status, at: now, &outcome)
        if status == .failed, plan.waves[index].onFailure == .stop, !control.isStopped {
            control.isStopped = true
            let queued = openJobs(.queued)
            if !queued.isEmpty { outcome.effects.append(.withdraw(queued)) }
        }
        return true
    }

    private func settledStatus(of index: Int) -> WaveStatus {
        let runs = zip(servers[waves[index].range], plan.waves[index].servers)
        if runs.contains(where: { $0.status == .failed && $1.impact == .critical }) { return .failed }
        if runs.contains(where: { run, _ in run.status == .cancelled }) { return .cancelled }
        if runs.allSatisfy({ run, _ in run.status == .launched }) { return .completed }
        return runs.allSatisfy { run, _ in run.status == .skipped } ? .skipped : .partial
    }

    private mutating func cancelServers(of wave: WaveRun, at now: Instant, _ outcome: inout Outcome) {
        for position in wave.range where !servers[position].status.isSettled {
            servers[position].status = .cancelled
            servers[position].endedAt = now
            outcome.servers.insert(position)
        }
    }

    private mutating func settle(_ index: Int, as status: WaveStatus, at now: Instant, _ outcome: inout Outcome) {
        waves[index].status = status
        waves[index].waitingFor = nil
        waves[index].endedAt = now
        outcome.waves.insert(index)
        outcome.journal.append(JournalEntry(.waveSettled, waveNumber: index, label: status.rawValue))
    }

    /// Begins a wave whose predecessors are settled, or makes it wait for a person.
    private mutating func beginIfDue(_ index: Int, at now: Instant, _ outcome: inout Outcome) -> Bool {
        guard waves[index].status == .pending, !control.isStopped, control.cancellation == nil,
            plan.waves[index].dependsOnWaves.allSatisfy({ allowsDependants($0) })
        else { return false }
        if let rule = plan.waves[index].approvals, waves[index].gate.approvedBy.count < rule.count {
            wait(index, for: .approval, at: now, &outcome)
        } else if (plan.waves[index].pauseBeforeWave || control.isPauseRequested) && !waves[index].gate.isOpen {
            wait(index, for: .pause, at: now, &outcome)
        } else {
            begin(index, at: now, &outcome)
        }
        return true
    }

    private func allowsDependants(_ index: Int) -> Bool {
        switch waves[index].status {
        case .completed, .partial, .skipped: true
        case .failed: plan.waves[index].onFailure == .continue
        case .pending, .paused, .started, .launching, .polling, .cancelled: false
        }
    }

    private mutating func wait(_ index: Int, for reason: WaveRun.Waiting, at now: Instant, _ outcome: inout Outcome) {
        waves[index].status = .paused
        waves[index].waitingFor = reason
        waves[index].gate.waitsSince = now
        outcome.waves.insert(index)
        outcome.journal.append(JournalEntry(.waveWaiting, waveNumber: index, label: reason.rawValue))
        startPauseTimer("\(id)/\(index)/\(reason.rawValue.lowercased())", wave: index, at: now, &outcome)
    }

    private mutating func begin(_ index: Int, at now: Instant, _ outcome: inout Outcome) {
        waves[index].status = .started
        waves[index].startedAt = now
        outcome.waves.insert(index)
        outcome.journal.append(JournalEntry(.waveStarted, waveNumber: index))
        queue(plan.waves[index].servers.filter { server($0.sourceServerId)?.status == .pending }, of: index, &outcome)
    }

    /// Queues jobs for servers of a wave.
    ///
    /// Jobs of one wave, account and Region are numbered through all attempts, so that no two have the same key.
    mutating func queue(_ chosen: [FrozenServer], of index: Int, _ outcome: inout Outcome) {
        let wave = plan.waves[index]
        for batch in wave.batches(of: chosen, serversPerJob: plan.serversPerJob) {
            let former = jobs.values.count { $0.waveNumber == index && $0.place == batch.place }
            let attempt = (batch.servers.compactMap { server($0)?.attempts }.max() ?? 0) + 1
            let key = JobKey(execution: id, wave: index, place: batch.place, ordinal: former, attempt: attempt)
            let job = JobRun(key: key, waveNumber: index, place: batch.place, servers: batch.servers)
            jobs[key] = job
            outcome.jobs.insert(key)
            outcome.effects.append(.launch(key))
            outcome.journal.append(.about(job, .jobQueued))
            if control.isHolding { outcome.effects.append(.hold([key])) }
            for position in batch.servers.compactMap({ positions[$0] }) {
                servers[position].status = .queued
                outcome.servers.insert(position)
            }
        }
    }

    /// Moves a wave forward, never back.
    mutating func advance(_ index: Int, to status: WaveStatus, _ outcome: inout Outcome) {
        let isForward =
            switch (waves[index].status, status) {
            case (.started, .launching), (.started, .polling), (.launching, .polling): true
            case (.pending, _), (.paused, _), (.started, _), (.launching, _), (.polling, _), (.completed, _),
                (.partial, _), (.failed, _), (.cancelled, _), (.skipped, _):
                false
            }
        guard isForward else { return }
        waves[index].status = status
        outcome.waves.insert(index)
        outcome.journal.append(JournalEntry(.waveStatus, waveNumber: index, label: status.rawValue))
    }

    private mutating func endIfDone(at now: Instant, _ outcome: inout Outcome) {
        guard waves.allSatisfy(\.status.isSettled), jobs.values.allSatisfy({ !$0.state.isOpen }) else { return }
        status = endStatus
        endedAt = now
        verdict = Verdict(of: self)
        outcome.effects.append(.releaseServers)
        startCleanUpTimer(at: now, &outcome)
        outcome.journal.append(
            JournalEntry(.executionEnded, label: status.rawValue, text: verdict?.result.rawValue)
        )
    }

    private var endStatus: ExecutionStatus {
        if control.cancellation != nil { return .cancelled }
        if servers.allSatisfy({ $0.status == .launched }) { return .completed }
        let hasLaunched = servers.contains { $0.status == .launched }
        return control.isStopped || !hasLaunched ? .failed : .partial
    }

    private mutating func showStatus(_ outcome: inout Outcome) {
        guard phase != .ended else { return }
        let shown = liveStatus
        guard shown != status else { return }
        status = shown
        outcome.journal.append(JournalEntry(.executionStatus, label: shown.rawValue))
    }

    private var liveStatus: ExecutionStatus {
        if control.cancellation != nil { return .cancelling }
        let isWaiting = waves.contains { $0.status == .paused }
        let held = control.held ?? []
        let isInFlight = jobs.values.contains {
            $0.state == .accepted || ($0.state == .queued && !(control.isHolding && held.contains($0.key)))
        }
        if !isInFlight, isWaiting || control.isHolding { return .paused }
        return jobs.values.contains { $0.jobId != nil } ? .running : .initiated
    }
}
