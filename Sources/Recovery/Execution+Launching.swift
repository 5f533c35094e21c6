internal import Ambient

/// What DRS and the spokes say of jobs and their servers.
extension Execution {
    mutating func accept(_ key: JobKey, as jobId: String, at now: Instant, _ outcome: inout Outcome) {
        guard var job = jobs[key], job.state == .queued || (job.state == .withdrawn && job.jobId == nil) else { return }
        if let wait = job.wait {
            let text = "It waited \(Int((now - wait.since).seconds)) s."
            outcome.journal.append(.about(job, .jobWaitOver, label: wait.kind.rawValue, text: text))
        }
        job.wait = nil
        job.state = phase == .ended ? .ended : .accepted
        job.jobId = jobId
        job.acceptedAt = now
        if phase == .ended { job.endedAt = now }
        jobs[key] = job
        outcome.jobs.insert(key)
        for position in job.servers.compactMap({ positions[$0] }) {
            servers[position].jobId = jobId
            servers[position].attempts += 1
            if servers[position].status == .queued {
                servers[position].status = .inProgress
                servers[position].startedAt = now
            }
            outcome.servers.insert(position)
        }
        outcome.journal.append(.about(job, .jobAccepted))
        guard phase != .ended else { return }
        let minutes = plan.waves[job.waveNumber].timeoutMinutes
        outcome.effects.append(
            .startTimer(
                Timer(key: "\(key)/timeout", firesAt: now + .seconds(minutes * 60), alarm: .jobTimedOut(key))
            )
        )
        advance(job.waveNumber, to: .launching, &outcome)
    }

    /// What a queued job waits for is said once, and again when it is something of another kind.
    mutating func beginWait(
        _ key: JobKey,
        _ wait: LaunchWait,
        _ entry: JournalEntry.Kind,
        at now: Instant,
        _ outcome: inout Outcome
    ) {
        guard var job = jobs[key], job.state == .queued, job.wait?.kind != wait.kind else { return }
        job.wait = JobRun.Wait(kind: wait.kind, since: job.wait?.since ?? now)
        jobs[key] = job
        outcome.jobs.insert(key)
        outcome.journal.append(.about(job, entry, label: wait.code, text: wait.text))
    }

    mutating func postpone(
        _ key: JobKey,
        code: String,
        text: String,
        at now: Instant,
        _ outcome: inout Outcome
    ) {
        guard jobs[key]?.state == .queued else { return }
        beginWait(key, LaunchWait(refusedWith: code, text), .jobDeferred, at: now, &outcome)
        if control.cancellation != nil || control.isStopped {
            outcome.effects.append(.withdraw([key]))
        } else if control.isHolding {
            outcome.effects.append(.hold([key]))
        }
    }

    mutating func refuse(_ key: JobKey, code: String, text: String, at now: Instant, _ outcome: inout Outcome) {
        guard var job = jobs[key], job.state.isOpen else { return }
        job.state = job.jobId == nil ? .refused : .ended
        job.endedAt = now
        job.wait = nil
        jobs[key] = job
        outcome.jobs.insert(key)
        outcome.journal.append(.about(job, .jobRefused, label: code, text: text))
        for server in job.servers where isStill(server, in: job) {
            fail(server, because: "\(code): \(text)", at: now, &outcome)
        }
    }

    /// Takes what DRS says of one server.
    ///
    /// A settled server keeps its status; a late instance is still noted, so that the clean-up finds it.
    mutating func record(_ report: ServerReport, of key: JobKey, at now: Instant, _ outcome: inout Outcome) {
        guard let position = positions[report.sourceServerId], let job = jobs[key], job.jobId != nil,
            servers[position].jobId == job.jobId, job.servers.contains(report.sourceServerId)
        else { return }
        let before = servers[position]
        if before.status == .inProgress {
            servers[position].launchStatus = report.launchStatus
            if let instance = report.recoveryInstanceId {
                servers[position].recoveryInstanceId = instance
                servers[position].instanceState = .running
            }
            settle(position, by: report, at: now, &outcome)
            if report.launchStatus != "PENDING" { advance(job.waveNumber, to: .polling, &outcome) }
        } else if before.recoveryInstanceId == nil, let instance = report.recoveryInstanceId {
            servers[position].recoveryInstanceId = instance
            servers[position].instanceState = before.instanceState ?? .running
            reopenCleanUp(at: now, &outcome)
            outcome.journal.append(
                JournalEntry(
                    .serverLateResult,
                    waveNumber: job.waveNumber,
                    place: job.place,
                    jobId: job.jobId,
                    sourceServerId: report.sourceServerId,
                    recoveryInstanceId: instance,
                    label: report.launchStatus
                )
            )
        }
        if servers[position] != before { outcome.servers.insert(position) }
    }

    private mutating func settle(_ position: Int, by report: ServerReport, at now: Instant, _ outcome: inout Outcome) {
        if report.launchStatus == "FAILED" {
            fail(report.sourceServerId, because: report.error ?? "DRS could not launch it.", at: now, &outcome)
            return
        }
        guard report.launchStatus == "LAUNCHED", report.recoveryInstanceId != nil || report.note != nil else { return }
        servers[position].status = .launched
        servers[position].endedAt = now
        servers[position].note = report.note
        outcome.journal.append(
            JournalEntry(
                .serverLaunched,
                waveNumber: servers[position].waveNumber,
                jobId: servers[position].jobId,
                sourceServerId: report.sourceServerId,
                recoveryInstanceId: report.recoveryInstanceId,
                label: report.note
            )
        )
    }

    mutating func end(_ key: JobKey, at now: Instant, _ outcome: inout Outcome) {
        guard var job = jobs[key], job.state == .accepted else { return }
        job.state = .ended
        job.endedAt = now
        jobs[key] = job
        outcome.jobs.insert(key)
        outcome.journal.append(.about(job, .jobEnded))
        for server in job.servers where isStill(server, in: job) {
            fail(server, because: "DRS ended the job without launching it.", at: now, &outcome)
        }
    }

    mutating func timeOut(_ key: JobKey, at now: Instant, _ outcome: inout Outcome) {
        guard let job = jobs[key], job.state == .accepted else { return }
        let waiting = job.servers.filter { isStill($0, in: job) && server($0)?.status.isSettled == false }
        guard !waiting.isEmpty else { return }
        outcome.journal.append(.about(job, .jobTimedOut))
        let minutes = plan.waves[job.waveNumber].timeoutMinutes
        for server in waiting {
            fail(server, because: "TIMED_OUT: not launched within \(minutes) minutes.", at: now, &outcome)
        }
    }

    /// Whether what becomes of a job becomes of the server: not once the server is tried in a job after it.
    private func isStill(_ id: SourceServerID, in job: JobRun) -> Bool {
        server(id)?.jobId == job.jobId
    }

    /// Settles a server as FAILED unless it is settled already.
    mutating func fail(_ id: SourceServerID, because error: String, at now: Instant, _ outcome: inout Outcome) {
        guard let position = positions[id], !servers[position].status.isSettled else { return }
        servers[position].status = .failed
        servers[position].endedAt = now
        servers[position].error = error
        outcome.servers.insert(position)
        outcome.journal.append(
            JournalEntry(
                .serverFailed,
                waveNumber: servers[position].waveNumber,
                jobId: servers[position].jobId,
                sourceServerId: id,
                text: error
            )
        )
    }

    mutating func withdraw(_ key: JobKey, at now: Instant, _ outcome: inout Outcome) {
        guard var job = jobs[key], job.state == .queued, control.cancellation != nil || control.isStopped else {
            return
        }
        job.state = .withdrawn
        job.endedAt = now
        job.wait = nil
        jobs[key] = job
        outcome.jobs.insert(key)
        outcome.journal.append(.about(job, .jobWithdrawn))
        for position in job.servers.compactMap({ positions[$0] }) where !servers[position].status.isSettled {
            servers[position].status = .cancelled
            servers[position].endedAt = now
            outcome.servers.insert(position)
        }
    }
}
