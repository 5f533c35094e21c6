internal import Ambient
internal import Recovery

/// One event and what the machine made of it.
struct Step {
    let before: Execution
    let event: Execution.Event
    let outcome: Execution.Outcome
    let after: Execution
    let now: Instant
    let rules: Rules

    /// Every law of single events that this one broke.
    var breaches: [Breach] {
        // Most of what is told again changes nothing, which no law forbids: a fifth of the time for the same worlds.
        if outcome == Execution.Outcome(), before == after { return [] }
        return settledBreaches + repairBreaches + launchBreaches + endBreaches + failureBreaches + rowBreaches
            + repetitionBreaches + instanceBreaches
    }

    private func breaches(_ law: Law, _ texts: [String]) -> [Breach] {
        texts.map { Breach(law: law, text: "\($0) after \(event)") }
    }

    /// Whether a person asked for what was settled to be taken up again.
    private var isRepair: Bool {
        switch event {
        case .retryRequested, .skipRequested: true
        case .jobAccepted, .launchDeferred, .launchWaits, .recoveryPointReplaced, .launchRefused, .serversReported,
            .jobEnded, .jobTimedOut, .pauseRequested, .resumed, .pauseExpired, .approved, .declined, .cancelRequested,
            .withdrawn, .held, .noted,
            .terminationRequested, .instancesReported, .terminationEnded, .cleanUpDue:
            false
        }
    }

    private var settledBreaches: [Breach] {
        let servers = zip(before.servers, after.servers).filter { $0.status.isSettled && $0.status != $1.status }
        let waves = zip(before.waves, after.waves).filter {
            $0.status.isSettled && ($0.status != $1.status || $0.endedAt != $1.endedAt)
        }
        var isTaken: Set<SourceServerID> = []
        // Beside one that waits there may be the job before, which a server that is tried once more has left.
        let twice = after.jobs.values.filter { $0.state == .queued }.flatMap(\.servers).filter {
            !isTaken.insert($0).inserted
        }
        // A launched server stays launched even then.
        let lost = servers.filter { $0.0.status == .launched }
        return breaches(
            .settledServer,
            (isRepair ? lost : servers).map { "\($0.sourceServerId): \($0.status) became \($1.status)" }
        )
            + breaches(
                .settledWave,
                isRepair ? [] : waves.map { "\($0.waveNumber): \($0.status) became \($1.status)" }
            )
            + breaches(.oneJob, twice.map { "\($0) is in two jobs" })
    }

    /// Servers that were settled and are not any more, or are otherwise.
    var takenUpAgain: [SourceServerID] {
        zip(before.servers, after.servers).filter { $0.status.isSettled && $1.status != $0.status }
            .map(\.0.sourceServerId)
    }

    /// A retry touches the failed servers that were chosen and no others, a skip too; beside them, what a failure had
    /// stopped may go on.
    private var repairBreaches: [Breach] {
        let (law, chosen): (Law, [SourceServerID]) =
            switch event {
            case .retryRequested(let servers, _): (.retry, servers)
            case .skipRequested(let servers, _, _): (.skip, servers)
            default: (.retry, [])
            }
        guard isRepair else { return [] }
        // What the stop cancelled is free again, though another failure may stop it at once.
        let isFreed = before.control.isStopped
        let wrong = zip(before.servers, after.servers).filter { old, new in
            guard old.status != new.status else { return false }
            switch old.status {
            case .failed: return !chosen.contains(old.sourceServerId)
            case .launched, .skipped: return true
            case .cancelled: return !isFreed
            case .pending, .queued, .inProgress: return old.status != .pending
            }
        }
        let skipped = zip(before.servers, after.servers).filter { old, new in
            law == .skip && chosen.contains(old.sourceServerId) && new.status == .queued
        }
        return breaches(law, (wrong + skipped).map { "\($0.sourceServerId): \($0.status) became \($1.status)" })
    }

    private var launches: [JobKey] {
        outcome.effects.compactMap { if case .launch(let key) = $0 { key } else { nil } }
    }

    private var launchBreaches: [Breach] {
        guard !launches.isEmpty else { return [] }
        let starts = launches.map(\.text)
        let held = outcome.effects.flatMap { effect -> [JobKey] in if case .hold(let keys) = effect { keys } else { [] }
        }
        let isHeld = !Set(launches).isSubset(of: held) && (after.control.isHolding || after.status == .paused)
        let isOver = after.control.cancellation != nil || (before.control.isStopped && !isRepair)
        let early = launches.compactMap { after.jobs[$0]?.waveNumber }.filter { !mayBegin($0) }
        return breaches(.held, isHeld ? starts : []) + breaches(.cancelled, isOver ? starts : [])
            + breaches(.gates, early.map { "wave \($0) began" })
    }

    private func mayBegin(_ wave: Int) -> Bool {
        // A wave that had begun needs no leave for what is tried once more.
        if isRepair, before.waves[wave].startedAt != nil { return true }
        let planned = after.plan.waves[wave]
        let gate = after.waves[wave].gate
        let hasApprovals = Set(gate.approvedBy).count >= planned.approvals?.count ?? 0
        let hasPaused = gate.isOpen || !(planned.pauseBeforeWave || after.control.isPauseRequested)
        return hasApprovals && hasPaused
            && planned.dependsOnWaves.allSatisfy { number in
                let status = after.waves[number].status
                let isPassed = status == .completed || status == .partial || status == .skipped
                return isPassed || (status == .failed && after.plan.waves[number].onFailure == .continue)
            }
    }

    private var endBreaches: [Breach] {
        let signs = [after.status.isTerminal, after.endedAt != nil, after.verdict != nil, after.phase == .ended]
        let isTorn = Set(signs).count > 1
        let isRevived =
            before.status.isTerminal && !isRepair && (before.status != after.status || before.endedAt != after.endedAt)
        let isOpen = after.status.isTerminal && after.jobs.values.contains { $0.state.isOpen }
        let isIdle = after.status == .paused && after.jobs.values.contains { $0.state == .accepted }
        return breaches(.ended, isTorn ? ["\(after.status), \(String(describing: after.endedAt))"] : [])
            + breaches(.ended, isRevived ? ["\(before.status) became \(after.status)"] : [])
            + breaches(.ended, isOpen ? ["a job is open"] : [])
            + breaches(.held, isIdle ? ["PAUSED with a job in DRS"] : [])
    }

    private var failureBreaches: [Breach] {
        let wrong = after.waves.filter { wave in
            let runs = zip(after.servers[wave.range], after.plan.waves[wave.waveNumber].servers)
            let hasFailed = runs.contains { $0.status == .failed && $1.impact == .critical }
            return wave.status.isSettled && hasFailed != (wave.status == .failed)
        }
        let hasCause = after.waves.contains {
            $0.status == .failed && after.plan.waves[$0.waveNumber].onFailure == .stop
        }
        return breaches(.failure, wrong.map { "wave \($0.waveNumber) is \($0.status)" })
            + breaches(.failure, after.control.isStopped != hasCause ? ["stopped: \(after.control.isStopped)"] : [])
    }

    private var rowBreaches: [Breach] {
        let waves = after.waves.indices.filter {
            before.waves[$0] != after.waves[$0] && !outcome.waves.contains($0)
        }
        let servers = after.servers.indices.filter {
            before.servers[$0] != after.servers[$0] && !outcome.servers.contains($0)
        }
        let jobs = after.jobs.keys.filter { before.jobs[$0] != after.jobs[$0] && !outcome.jobs.contains($0) }
        let isSilent = before.status != after.status && outcome.journal.isEmpty
        return breaches(.rows, waves.map { "wave \($0)" } + servers.map { "server \($0)" } + jobs.map { "job \($0)" })
            + breaches(.rows, isSilent ? ["nothing in the journal of \(after.status)"] : [])
    }

    private var repetitionBreaches: [Breach] {
        // A resume of whatever waits is another one when another wave waits by now.
        if case .resumed(wave: nil, _, _) = event { return [] }
        // So is a remark.
        if case .noted = event { return [] }
        var again = after
        let outcome = rules.receive(&again, event, now)
        let isNew = outcome.effects.contains {
            switch $0 {
            case .launch, .terminate, .startTimer, .claimServers, .reclaimServers, .releaseServers: true
            case .rewrite, .hold, .release, .withdraw: false
            }
        }
        return breaches(.again, again != after || isNew ? ["told again it is another"] : [])
    }

    private var instanceBreaches: [Breach] {
        let revived = zip(before.servers, after.servers).filter {
            $0.instanceState == .terminated && $1.instanceState != .terminated
        }
        let left = after.servers.filter { $0.instanceState != nil && $0.instanceState != .terminated }
        return breaches(.instances, revived.map { "\($0.0.sourceServerId) came back" })
            + breaches(.instances, after.areInstancesTerminated ? left.map { "\($0.sourceServerId) is left" } : [])
    }
}
