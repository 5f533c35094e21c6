internal import Ambient
internal import Recovery

/// The DRS behind all spokes: what it took stays, whoever dies.
struct DRS {
    struct Job {
        let jobId: String
        /// The command's key, by which it is tagged; nil: nobody here started it.
        let key: String?
        let execution: Int?
        let place: Int
        let fates: [Fate]
        let endsAt: Instant
        /// From when on DescribeJobs shows it.
        let showsAt: Instant
    }

    /// What becomes of one server.
    struct Fate {
        let server: SourceServerID
        let at: Instant
        let isFailed: Bool
        /// Whether an instance is to be seen; without one only the log tells.
        let isSeen: Bool
        /// A failed launch may leave an instance all the same.
        let hasInstance: Bool
    }

    struct Instance {
        let number: Int
        let server: SourceServerID
        let job: Int
        let place: Int
        var isGoing = false
    }

    var jobs: [Job] = []
    var instances: [Instance] = []
    /// By place: until when nothing of AWS can be reached.
    var awayUntil: [Instant?] = [nil, nil]

    func isAway(_ place: Int, at now: Instant) -> Bool {
        awayUntil[place].map { $0 > now } ?? false
    }

    func job(taggedWith key: String, at now: Instant) -> Int? {
        jobs.firstIndex { $0.key == key && $0.showsAt <= now }
    }

    func active(at place: Int, _ now: Instant) -> [Job] {
        jobs.filter { $0.place == place && $0.endsAt > now }
    }
}

extension World {
    /// How old a signature may be; AWS: 5 minutes.
    ///
    /// Here, as there, it is shorter than the shortest job, so that a call which was stopped on its way meets the job of
    /// whoever took over.
    private static let signature: Duration = .seconds(15)

    /// StartRecovery reaches DRS.
    mutating func arrive(_ request: Request) {
        let place = request.given.place
        guard !drs.isAway(place, at: now) else {
            return respond(Answer(failure: dice.happens(0.5) ? .unclear : .passing), to: request, in: .seconds(6))
        }
        guard now - request.signedAt <= Self.signature else { return respond(Answer(isExpired: true), to: request) }
        if isFaulty {
            if dice.happens(0.12) {
                sights.insert("throttled")
                return respond(Answer(failure: .passing, isThrottled: true), to: request)
            }
            if dice.happens(0.03) { return respond(Answer(), to: request) }
            // It was lost before DRS had it, and nobody can tell.
            if dice.happens(0.03) { return respond(Answer(failure: .unclear), to: request, in: .seconds(8)) }
        }
        let active = drs.active(at: place, now)
        let busy = active.flatMap { $0.fates.map(\.server) }
        guard !request.given.servers.contains(where: busy.contains) else {
            sights.insert("conflict")
            return respond(Answer(failure: .conflict), to: request)
        }
        guard active.count < quotas.concurrentJobs,
            busy.count + request.given.servers.count <= quotas.serversInAllJobs
        else {
            sights.insert("quota full")
            return respond(Answer(failure: .passing), to: request)
        }
        let job = accept(request)
        // The answer may be dropped after DRS took it.
        if isFaulty, dice.happens(0.12) {
            sights.insert("answer dropped")
            return respond(Answer(failure: .unclear), to: request, in: .seconds(10))
        }
        respond(Answer(job: job), to: request)
    }

    private mutating func respond(_ answer: Answer, to request: Request, in delay: Duration? = nil) {
        let delay = delay ?? .milliseconds(dice.number(5...600))
        plan(.answered(request.spoke, epoch: request.epoch, request.work, answer), in: delay)
    }

    private mutating func accept(_ request: Request) -> Int {
        let given = request.given
        let job = drs.jobs.count
        let fates = given.servers.map { server in
            let isFailed = isFaulty && dice.happens(0.2)
            return DRS.Fate(
                server: server,
                at: now + dice.seconds(18...80),
                isFailed: isFailed,
                isSeen: !dice.happens(0.1),
                hasInstance: !isFailed || dice.happens(0.3)
            )
        }
        let last = fates.map(\.at).max() ?? now + .seconds(20)
        drs.jobs.append(
            DRS.Job(
                jobId: "drsjob-\(job)",
                key: given.key,
                execution: given.execution,
                place: given.place,
                fates: fates,
                endsAt: last + dice.seconds(0...10),
                showsAt: now + .milliseconds(isFaulty ? dice.number(0...3000) : 0)
            )
        )
        for (index, fate) in fates.enumerated() where fate.hasInstance {
            agenda.add(.launched(job: job, server: index), at: fate.at)
        }
        tell("DRS takes \(short(given.key)) as job \(job)")
        checkAccepted(given)
        return job
    }

    private mutating func checkAccepted(_ given: Given) {
        let times = (evidence.accepted[given.key] ?? 0) + 1
        evidence.accepted[given.key] = times
        if times > 1 { breach(.once, "\(short(given.key)) is started \(times) times") }
        let row = tables.row(given.execution)
        for server in given.servers {
            let place = Evidence.ServerOfExecution(execution: given.execution, server: server)
            let launches = (evidence.launches[place] ?? 0) + 1
            evidence.launches[place] = launches
            if launches > 1 + (evidence.retries[place] ?? 0) {
                breach(.oneJob, "\(server) is launched \(launches) times")
            }
            let status = row?.execution.server(server)?.status
            if !evidence.isRestored, status == .skipped || status == .launched {
                breach(.chosen, "\(server) is launched though it is \(status?.rawValue ?? "unknown")")
            }
        }
    }

    /// An instance comes up; DRS removes the one of an earlier launch.
    mutating func launched(_ job: Int, _ index: Int) {
        let fate = drs.jobs[job].fates[index]
        drs.instances.removeAll { $0.server == fate.server }
        drs.instances.append(
            DRS.Instance(number: number(), server: fate.server, job: job, place: drs.jobs[job].place)
        )
    }

    mutating func gone(_ instance: Int) {
        drs.instances.removeAll { $0.number == instance }
    }

    /// Somebody else starts a job, of servers of ours or of others.
    mutating func startForeignJob(at place: Int) {
        guard isFaulty else { return }
        let pool = Self.pool(of: place)
        let servers = dice.happens(0.3) ? [pool[dice.number(0...pool.count - 1)]] : [Self.server(900 + place)]
        let active = drs.active(at: place, now)
        guard active.count < quotas.concurrentJobs,
            !active.contains(where: { $0.fates.contains { servers.contains($0.server) } })
        else { return }
        sights.insert("foreign job")
        let end = now + dice.seconds(10...60)
        let fates = servers.map {
            DRS.Fate(server: $0, at: end, isFailed: false, isSeen: true, hasInstance: false)
        }
        drs.jobs.append(
            DRS.Job(
                jobId: "drsjob-\(drs.jobs.count)",
                key: nil,
                execution: nil,
                place: place,
                fates: fates,
                endsAt: end,
                showsAt: now
            )
        )
    }

    /// The inventory of a place: jobs in progress, ours too.
    mutating func lookAtInventory(of place: Int) {
        if !drs.isAway(place, at: now) {
            tables.observed[place] = drs.active(at: place, now).filter { $0.showsAt <= now }.map {
                Tables.Observed(key: $0.key, servers: $0.fates.map(\.server))
            }
        }
        let isBusy = isFaulty || hasWork || !tables.observed[place].isEmpty
        if isBusy { plan(.look(place: place), in: dice.seconds(8...25)) }
    }
}
