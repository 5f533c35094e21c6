internal import Ambient
internal import Recovery
internal import TestKit

/// The spokes and the DRS behind them.
extension World {
    struct Job {
        let key: JobKey
        let jobId: String
        let place: Place
        let endsAt: Instant
        let fates: [Fate]
        var pollsAfterEnd = 0
    }

    /// What DRS will make of one server.
    struct Fate {
        let server: SourceServerID
        let at: Instant
        let word: String
        /// Whether an instance is to be seen; without one only the log tells.
        let isSeen: Bool
        /// A failed launch may leave an instance all the same.
        var hasInstance: Bool
    }

    mutating func start(_ key: JobKey, attempt: Int) {
        guard let command = commands[key], command.isLeased, command.attempt == attempt else { return }
        if jobs[key] != nil { return plan(.poll(key), in: .seconds(1)) }
        if isFaulty, random.happens(0.1) { return plan(.postpone(key, attempt: attempt), in: .zero) }
        if isFaulty, random.happens(0.05) { return plan(.refuse(key), in: .zero) }
        let place = command.job.place
        let running = jobs.values.filter { $0.place == place && $0.endsAt > now }
        let foreign = foreignJobs[place, default: 0]
        let servers = running.reduce(foreign + command.job.servers.count) { $0 + $1.fates.count }
        guard running.count + foreign < quotas.concurrentJobs, servers <= quotas.serversInAllJobs else {
            if !hasForeignJobs { breach(.quota, "\(running.count) jobs and \(servers) servers at \(place)") }
            sights.insert("quota full")
            return plan(.postpone(key, attempt: attempt), in: .zero)
        }
        let busy = Set(running.flatMap { $0.fates.map(\.server) })
        guard busy.isDisjoint(with: command.job.servers) else {
            sights.insert("conflict")
            return plan(.postpone(key, attempt: attempt), in: .seconds(20))
        }
        let sent = jobs.values.flatMap { $0.fates.map(\.server) }
        for server in command.job.servers where sent.count(where: { $0 == server }) > retried[server, default: 0] {
            breach(.oneJob, "\(server) is sent again")
        }
        jobs[key] = job(for: command.job)
        let isAnswerLost = isFaulty && random.happens(0.15)
        plan(isAnswerLost ? .start(key, attempt: attempt) : .poll(key), in: .seconds(isAnswerLost ? 10 : 1))
    }

    private mutating func job(for run: Execution.JobRun) -> Job {
        let fates = run.servers.map { server in
            let isFailed = random.happens(isFaulty ? 0.15 : 0)
            return Fate(
                server: server,
                at: now + .seconds(random.number(20...300)),
                word: isFailed ? "FAILED" : "LAUNCHED",
                isSeen: !random.happens(0.1),
                hasInstance: !isFailed || random.happens(0.3)
            )
        }
        let last = fates.map(\.at).max() ?? now
        return Job(
            key: run.key,
            jobId: run.key.sampleJobId,
            place: run.place,
            endsAt: last + .seconds(random.number(0...30)),
            fates: fates
        )
    }

    /// Says that DRS did not take a command, until that is heard; only then can the command be given out again.
    mutating func postpone(_ key: JobKey, attempt: Int) {
        guard let command = commands[key], command.isLeased, command.attempt == attempt else { return }
        let event = Execution.Event.launchDeferred(key, code: "ConflictException", text: "busy")
        if isFaulty, random.happens(0.2) { return plan(.postpone(key, attempt: attempt), in: .seconds(10)) }
        commands[key]?.state = .waiting(isHeld: false)
        commands[key]?.notBefore = now + .seconds(random.number(0...10))
        receive(event, command.execution)
        if isFaulty { send(event, to: command.execution) }
        planAdmission()
    }

    mutating func refuse(_ key: JobKey) {
        guard let command = commands[key], command.isLeased else { return }
        send(.launchRefused(key, code: "ValidationException", text: "never"), to: command.execution)
        plan(.refuse(key), in: .seconds(10))
    }

    /// Tells all that DRS shows of a job, again and again until its end is known, and then a little longer.
    mutating func poll(_ key: JobKey) {
        guard let command = commands[key], let job = jobs[key] else { return }
        let isKnown = executions[command.execution].jobs[key]?.state.isOpen == false
        if isKnown { jobs[key]?.pollsAfterEnd += 1 }
        for fate in job.fates where fate.hasInstance && fate.at <= now && !isKnown { instances.insert(fate.server) }
        send(.jobAccepted(key, jobId: job.jobId), to: command.execution)
        send(.serversReported(key, job.fates.map { report($0) }), to: command.execution)
        if job.endsAt <= now { send(.jobEnded(key), to: command.execution) }
        if !isKnown || (isFaulty && job.pollsAfterEnd < 3) { plan(.poll(key), in: .seconds(random.number(10...30))) }
    }

    private func report(_ fate: Fate) -> ServerReport {
        guard fate.at <= now else {
            return ServerReport(sourceServerId: fate.server, launchStatus: "IN_PROGRESS")
        }
        let isLaunched = fate.word == "LAUNCHED"
        return ServerReport(
            sourceServerId: fate.server,
            launchStatus: fate.word,
            recoveryInstanceId: isLaunched && fate.isSeen ? fate.server.sampleInstance : nil,
            error: isLaunched ? nil : "no capacity",
            note: isLaunched && !fate.isSeen ? "INSTANCE_NOT_SEEN" : nil
        )
    }

    /// Terminates what DRS has of the order's servers; tells it until it is heard.
    mutating func terminate(_ index: Int, _ order: Execution.TerminationOrder) {
        guard executions[index].control.cleanUp?.open.contains(order.key) == true else { return }
        if isFaulty, random.happens(0.2) {
            send(.terminationEnded(key: order.key, problem: "AccessDenied"), to: index)
        } else {
            let reports = order.servers.compactMap { terminated($0) }
            send(.instancesReported(reports), to: index)
            let hasFailed = reports.contains { $0.state == .failed }
            if !reports.contains(where: { $0.state == .terminating }) {
                send(.terminationEnded(key: order.key, problem: hasFailed ? "some are left" : nil), to: index)
            }
        }
        plan(.terminate(index, order), in: .seconds(10))
    }

    /// What became of a server's instance; nil where there is none and none was known.
    private mutating func terminated(_ run: Execution.ServerRun) -> InstanceReport? {
        let server = run.sourceServerId
        guard instances.contains(server) else {
            return run.instanceState == nil ? nil : InstanceReport.sample(server, .terminated)
        }
        if isFaulty, random.happens(0.3) {
            return .sample(server, random.happens(0.5) ? .terminating : .failed)
        }
        instances.remove(server)
        return .sample(server, .terminated)
    }
}
