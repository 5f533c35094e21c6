internal import Ambient

/// Once more, or without: what a person decides about servers that failed.
extension Execution {
    /// The servers that a retry or a skip of the selection would touch.
    ///
    /// A retry takes failed servers; a skip of one server also takes one that waits for its wave.
    package func servers(of selection: Selection, whileWaiting: Bool) -> [SourceServerID] {
        switch selection {
        case .wave(let wave):
            guard waves.indices.contains(wave) else { return [] }
            return servers[waves[wave].range].filter { $0.status == .failed }.map(\.sourceServerId)
        case .server(let id):
            guard let run = server(id), run.status == .failed || (whileWaiting && run.status == .pending) else {
                return []
            }
            return [id]
        }
    }

    /// Why the execution can neither be retried nor skipped in any part.
    var reopeningRefusal: Refusal? {
        if control.cleanUp != nil {
            return Refusal(.cleanUpStarted, "The clean-up of its instances has begun: start a new execution.")
        }
        switch status {
        case .completed, .cancelled, .cancelling:
            return Refusal(.executionEnded, "The execution is \(status.rawValue): there is nothing to try once more.")
        case .pending, .initiated, .running, .paused, .partial, .failed: return nil
        }
    }

    func repeatRefusal(of selection: Selection, whileWaiting: Bool) -> Refusal? {
        switch selection {
        case .wave(let wave):
            guard waves.indices.contains(wave) else { return noSuchWave(wave) }
            guard servers(of: selection, whileWaiting: whileWaiting).isEmpty else { return nil }
            return Refusal(.notFailed, "No server of wave \(wave) has failed.")
        case .server(let id):
            guard let run = server(id) else { return Refusal(.notFailed, "\(id) is no server of this execution.") }
            guard servers(of: selection, whileWaiting: whileWaiting).isEmpty else { return nil }
            return Refusal(.notFailed, "\(id) has not failed: it is \(run.status.rawValue).")
        }
    }

    mutating func retry(_ chosen: [SourceServerID], by person: String, at now: Instant, _ outcome: inout Outcome) {
        guard reopeningRefusal == nil else { return }
        let failed = chosen.filter { server($0)?.status == .failed }
        guard !failed.isEmpty else { return }
        for id in failed {
            let wave = server(id)?.waveNumber
            outcome.journal.append(JournalEntry(.retryRequested, by: person, waveNumber: wave, sourceServerId: id))
        }
        reopen(at: now, &outcome)
        for (wave, ids) in Dictionary(grouping: failed, by: { server($0)?.waveNumber ?? 0 }).sorted(by: {
            $0.key < $1.key
        }) {
            reset(ids, &outcome)
            if waves[wave].status.isSettled { underway(wave, &outcome) }
            let again = Set(ids)
            queue(plan.waves[wave].servers.filter { again.contains($0.sourceServerId) }, of: wave, &outcome)
        }
        restartWhatStopped(&outcome)
    }

    mutating func skip(
        _ chosen: [SourceServerID],
        by person: String,
        reason: String,
        at now: Instant,
        _ outcome: inout Outcome
    ) {
        guard reopeningRefusal == nil else { return }
        let left = chosen.compactMap { positions[$0] }.filter {
            servers[$0].status == .failed || servers[$0].status == .pending
        }
        guard !left.isEmpty else { return }
        reopen(at: now, &outcome)
        for position in left {
            servers[position].status = .skipped
            servers[position].endedAt = now
            outcome.servers.insert(position)
            let wave = servers[position].waveNumber
            outcome.journal.append(
                JournalEntry(
                    .skipRequested,
                    by: person,
                    waveNumber: wave,
                    sourceServerId: servers[position].sourceServerId,
                    text: reason
                )
            )
            // What it settled as depends on its servers; it settles again, as what it now is.
            if waves[wave].status.isSettled { underway(wave, &outcome) }
        }
        restartWhatStopped(&outcome)
    }

    /// Lets an ended execution go on; where it was paused, it is again, with an alarm of its own.
    private mutating func reopen(at now: Instant, _ outcome: inout Outcome) {
        guard endedAt != nil else { return }
        endedAt = nil
        verdict = nil
        status = .running
        outcome.effects.append(.reclaimServers)
        outcome.journal.append(JournalEntry(.executionReopened))
        guard control.isHolding else { return }
        control.holdsSince = now
        startPauseTimer("\(id)/hold/\(now.milliseconds)", wave: currentWave ?? 0, at: now, &outcome)
    }

    private mutating func underway(_ wave: Int, _ outcome: inout Outcome) {
        waves[wave].status = .started
        waves[wave].endedAt = nil
        outcome.waves.insert(wave)
    }

    /// Makes servers as they were before their first launch, but for the number of their attempts.
    private mutating func reset(_ ids: [SourceServerID], _ outcome: inout Outcome) {
        for position in ids.compactMap({ positions[$0] }) {
            let run = servers[position]
            servers[position] = ServerRun(
                sourceServerId: run.sourceServerId,
                waveNumber: run.waveNumber,
                attempts: run.attempts,
                recoveryPoint: run.recoveryPoint
            )
            outcome.servers.insert(position)
        }
    }

    /// Takes back what a failed wave stopped, unless another failed wave still stops it.
    private mutating func restartWhatStopped(_ outcome: inout Outcome) {
        let stops = waves.indices.contains {
            waves[$0].status == .failed && plan.waves[$0].onFailure == .stop
        }
        guard control.isStopped, !stops else { return }
        control.isStopped = false
        for index in waves.indices {
            let cancelled = servers[waves[index].range].filter { $0.status == .cancelled }.map(\.sourceServerId)
            guard waves[index].status == .cancelled || !cancelled.isEmpty else { continue }
            reset(cancelled, &outcome)
            guard waves[index].startedAt != nil else {
                waves[index].status = .pending
                waves[index].endedAt = nil
                outcome.waves.insert(index)
                continue
            }
            // It had begun, and what of it no spoke had was taken back.
            if waves[index].status.isSettled { underway(index, &outcome) }
            let again = Set(cancelled)
            queue(plan.waves[index].servers.filter { again.contains($0.sourceServerId) }, of: index, &outcome)
        }
    }
}
