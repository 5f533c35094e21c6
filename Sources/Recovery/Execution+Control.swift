internal import Ambient

/// What people decide while an execution runs.
extension Execution {
    /// Something a person may ask of an execution.
    package enum Request: Sendable, Hashable {
        case pause(PauseMode)
        case resume(wave: Int?)
        case approve(wave: Int, by: String)
        case decline(wave: Int)
        case cancel
        case retry(Selection)
        case skip(Selection)
        case replaceRecoveryPoint(SourceServerID)
        case terminate
    }

    /// What of an execution a retry or a skip is about.
    package enum Selection: Sendable, Hashable {
        /// The failed servers of a wave.
        case wave(Int)
        case server(SourceServerID)
    }

    /// Why a request cannot be honoured now; nil when it can, or when it already is so.
    package func refusal(of request: Request) -> Refusal? {
        switch request {
        case .pause: endedRefusal ?? cancellingRefusal
        case .cancel: endedRefusal
        case .resume(let wave): endedRefusal ?? cancellingRefusal ?? wave.flatMap(resumeRefusal)
        case .approve(let wave, let person): endedRefusal ?? approvalRefusal(wave, by: person)
        case .decline(let wave): endedRefusal ?? approvalRefusal(wave, by: nil)
        case .retry(let selection): reopeningRefusal ?? repeatRefusal(of: selection, whileWaiting: false)
        case .skip(let selection): reopeningRefusal ?? repeatRefusal(of: selection, whileWaiting: true)
        case .replaceRecoveryPoint(let server): recoveryPointRefusal(of: server)
        case .terminate: terminationRefusal
        }
    }

    private var endedRefusal: Refusal? {
        guard phase == .ended else { return nil }
        return Refusal(.executionEnded, "The execution has ended: it is \(status.rawValue).")
    }

    private var cancellingRefusal: Refusal? {
        guard phase == .cancelling else { return nil }
        return Refusal(.executionCancelling, "The execution is being cancelled: nothing of it waits for a person.")
    }

    private func resumeRefusal(_ wave: Int) -> Refusal? {
        guard waves.indices.contains(wave) else { return noSuchWave(wave) }
        guard waves[wave].status == .paused || waves[wave].status == .pending else { return nil }
        guard waves[wave].waitingFor != .pause, !control.isHolding else { return nil }
        return Refusal(
            .notPaused,
            waves[wave].waitingFor == .approval
                ? "Wave \(wave) waits for approval, not for a resume." : "Wave \(wave) has not paused."
        )
    }

    private func approvalRefusal(_ wave: Int, by person: String?) -> Refusal? {
        guard waves.indices.contains(wave) else { return noSuchWave(wave) }
        guard waves[wave].waitingFor == .approval, let rule = plan.waves[wave].approvals else {
            return Refusal(.notWaitingForApproval, "Wave \(wave) does not wait for approval.")
        }
        guard let person, rule.excludeStarter, person == startedBy else { return nil }
        return Refusal(.ruleBroken, "Whoever started the execution may not approve this wave.")
    }

    func noSuchWave(_ wave: Int) -> Refusal {
        Refusal(.ruleBroken, "The execution has waves 0 to \(waves.count - 1), no wave \(wave).")
    }

    mutating func pause(_ mode: PauseMode, by person: String, at now: Instant, _ outcome: inout Outcome) {
        let isNew = !control.isPauseRequested || (mode == .now && !control.isHolding)
        guard isNew else { return }
        control.isPauseRequested = true
        outcome.journal.append(JournalEntry(.pauseRequested, by: person, label: mode.rawValue))
        guard mode == .now else { return }
        control.isHolding = true
        control.holdsSince = now
        startPauseTimer("\(id)/hold/\(now.milliseconds)", wave: currentWave ?? 0, at: now, &outcome)
        let queued = openJobs(.queued)
        if !queued.isEmpty { outcome.effects.append(.hold(queued)) }
    }

    /// Notes what is kept back: until then a spoke may have it, and the execution is not PAUSED.
    mutating func keepBack(_ keys: [JobKey], _ outcome: inout Outcome) {
        guard control.isHolding else { return }
        let queued = keys.filter { jobs[$0]?.state == .queued }
        guard !Set(queued).isSubset(of: control.held ?? []) else { return }
        control.held = (control.held ?? []).union(queued)
        // So that it is written, though it says nothing in the journal.
        outcome.jobs.formUnion(queued)
    }

    mutating func resume(_ wave: Int?, by person: String, comment: String?, _ outcome: inout Outcome) {
        let waiting = waves.indices.filter { waves[$0].waitingFor == .pause && (wave == nil || wave == $0) }
        guard !waiting.isEmpty || control.isPauseRequested || control.isHolding else { return }
        for index in waiting { openGate(index, &outcome) }
        if wave == nil || waves.allSatisfy({ $0.waitingFor != .pause }) { control.isPauseRequested = false }
        if control.isHolding {
            control.isHolding = false
            control.holdsSince = nil
            control.held = nil
            let queued = openJobs(.queued)
            if !queued.isEmpty { outcome.effects.append(.release(queued)) }
        }
        outcome.journal.append(JournalEntry(.resumed, by: person, waveNumber: wave, text: comment))
    }

    /// Each wait has its own alarm; that of a wait which is over finds a younger one, or none, and changes nothing.
    mutating func expirePause(of wave: Int, at now: Instant, _ outcome: inout Outcome) {
        guard waves.indices.contains(wave) else { return }
        let waits = waves[wave].status == .paused ? waves[wave].gate.waitsSince : nil
        let since = [waits, control.holdsSince].compactMap { $0 }.min()
        guard let since, now >= since + .seconds(Limits.pauseSeconds) else { return }
        outcome.journal.append(JournalEntry(.pauseExpired, waveNumber: wave))
        stop(
            by: "muster",
            reason: .init(.pauseExpired, "Wave \(wave) waited for a person longer than a year."),
            &outcome
        )
    }

    func startPauseTimer(_ key: String, wave: Int, at now: Instant, _ outcome: inout Outcome) {
        let timer = Timer(
            key: key,
            firesAt: now + .seconds(Limits.pauseSeconds),
            alarm: .pauseExpired(wave: wave)
        )
        outcome.effects.append(.startTimer(timer))
    }

    mutating func approve(_ wave: Int, by person: String, comment: String?, _ outcome: inout Outcome) {
        guard waves.indices.contains(wave), waves[wave].waitingFor == .approval, let rule = plan.waves[wave].approvals,
            !waves[wave].gate.approvedBy.contains(person)
        else { return }
        waves[wave].gate.approvedBy.append(person)
        outcome.waves.insert(wave)
        outcome.journal.append(JournalEntry(.waveApproved, by: person, waveNumber: wave, text: comment))
        if waves[wave].gate.approvedBy.count >= rule.count {
            waves[wave].status = .pending
            waves[wave].waitingFor = nil
        }
    }

    mutating func decline(_ wave: Int, by person: String, comment: String?, _ outcome: inout Outcome) {
        guard waves.indices.contains(wave), waves[wave].waitingFor == .approval else { return }
        outcome.journal.append(JournalEntry(.waveDeclined, by: person, waveNumber: wave, text: comment))
        stop(by: person, reason: .init(.approvalDeclined, "\(person) declined wave \(wave)."), &outcome)
    }

    mutating func cancel(by person: String, comment: String?, _ outcome: inout Outcome) {
        outcome.journal.append(JournalEntry(.cancelRequested, by: person, text: comment))
        stop(by: person, reason: .init(.cancelledByPerson, "\(person) cancelled it."), &outcome)
    }

    private mutating func stop(by person: String, reason: Verdict.Reason, _ outcome: inout Outcome) {
        control.cancellation = Cancellation(by: person, code: reason)
        let queued = openJobs(.queued)
        if !queued.isEmpty { outcome.effects.append(.withdraw(queued)) }
    }

    private mutating func openGate(_ index: Int, _ outcome: inout Outcome) {
        waves[index].gate.isOpen = true
        waves[index].status = .pending
        waves[index].waitingFor = nil
        outcome.waves.insert(index)
    }

    func openJobs(_ state: JobRun.State) -> [JobKey] {
        jobs.values.filter { $0.state == state }.map(\.key).sorted()
    }
}
