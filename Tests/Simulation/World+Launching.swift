internal import Ambient
internal import Recovery

/// A call of StartRecovery on its way.
struct Request {
    let spoke: Int
    let epoch: Int
    let work: World.Work
    let given: Given
    let signedAt: Instant
}

/// What comes back of it; nil failure: DRS has the job.
struct Answer {
    var job: Int?
    var failure: LaunchCourse.Failure = []
    /// The signature was too old: it is signed anew, and sent again.
    var isExpired = false
    var isThrottled = false
}

/// `LaunchPerformance`: the way of a launch to its job, and what is told of the job.
extension World {
    mutating func proceed(_ spoke: Int, _ work: Work, _ step: LaunchCourse.Step) {
        guard let place = performance(work, spoke) else { return }
        let epoch = spokes[spoke].epoch
        switch step {
        case .look: plan(.looked(spoke, epoch: epoch, work), in: .milliseconds(dice.number(5...300)))
        case .pause(let pause): plan(.proceed(spoke, epoch: epoch, work, .look), in: pause)
        case .send:
            // It may be stopped before it asks the lease: then it asks when it goes on, before it knows of anything.
            if isFaulty, dice.happens(0.05) {
                stop(spoke, for: dice.seconds(3...25))
                sights.insert("frozen before the question")
                return plan(.ask(spoke, epoch: epoch, work), in: .milliseconds(1))
            }
            send(spokes[spoke].works[place], spoke)
        case .follow:
            guard let job = spokes[spoke].works[place].job else { return }
            report(.jobAccepted(jobId: drs.jobs[job].jobId), work, spoke)
            plan(.poll(spoke, epoch: epoch, work), in: dice.seconds(1...4))
        case .giveBack(let reason):
            let isUnclear =
                switch reason {
                case .stillUnclear: true
                case .start, .startAndLook: spokes[spoke].works[place].isStartUnclear
                case .leaseLost, .notStarted: false
                }
            let code = reason == .notStarted ? WorkReport.Problem.notStarted : "\(reason)"
            report(.deferred(.init(code: code, text: "not now", isUnclear: isUnclear)), work, spoke)
            finish(work, spoke)
        case .refuse:
            report(.failed(.init(code: "ValidationException", text: "never")), work, spoke)
            finish(work, spoke)
        case .fail:
            report(.deferred(.init(code: "AWS_UNREACHABLE", text: "not now")), work, spoke)
            finish(work, spoke)
        }
    }

    /// What DescribeJobs shows of the command's tag.
    mutating func looked(_ spoke: Int, _ work: Work) {
        guard let place = performance(work, spoke) else { return }
        let given = spokes[spoke].works[place].given
        let step: LaunchCourse.Step
        if drs.isAway(given.place, at: now) || (isFaulty && dice.happens(0.03)) {
            step = spokes[spoke].works[place].course.lookFailed(isTransient: true)
        } else {
            let job = drs.job(taggedWith: given.key, at: now)
            let isFound = rules.finds(job != nil)
            if isFound { spokes[spoke].works[place].job = job }
            step = spokes[spoke].works[place].course.looked(isFound: isFound && job != nil, at: elapsed)
        }
        proceed(spoke, work, step)
    }

    /// Goes on after it was stopped before the question.
    mutating func ask(_ spoke: Int, _ work: Work) {
        if let place = performance(work, spoke) { send(spokes[spoke].works[place], spoke) }
    }

    /// Asks the lease, and sends.
    private mutating func send(_ performance: Performance, _ spoke: Int) {
        let work = performance.work
        guard holds(work, spoke) else {
            sights.insert("lease asked in vain")
            return proceed(spoke, work, .giveBack(.leaseLost))
        }
        checkSend(performance, spoke)
        tell("spoke \(spoke) sends \(short(performance.given.key)) under term \(work.term)")
        let request = Request(
            spoke: spoke,
            epoch: spokes[spoke].epoch,
            work: work,
            given: performance.given,
            signedAt: now
        )
        guard isFaulty else { return plan(.arrive(request), in: .milliseconds(50)) }
        if dice.happens(0.04) {
            // It is stopped between the question and the send; the machine's clock goes on.
            let pause = dice.seconds(1...60)
            stop(spoke, for: pause, mayLoseStream: false)
            sights.insert("frozen before the send")
            return plan(.arrive(request), in: pause + .milliseconds(10))
        }
        plan(.arrive(request), in: dice.happens(0.1) ? dice.seconds(1...5) : .milliseconds(dice.number(10...900)))
    }

    /// Whoever sends is the only one who may: nobody has sent under a later term.
    private mutating func checkSend(_ performance: Performance, _ spoke: Int) {
        let (number, term) = (performance.given.number, performance.work.term)
        let newest = evidence.sentUnder[number] ?? 0
        if newest > term, !evidence.isRestored {
            breach(
                .fenced,
                "spoke \(spoke) sends \(short(performance.given.key)) under term \(term) after another did under "
                    + "term \(newest)"
            )
        }
        evidence.sentUnder[number] = max(newest, term)
        if let execution = tables.row(performance.given.execution)?.execution, execution.status == .paused,
            !evidence.isRestored
        {
            breach(.paused, "\(short(performance.given.key)) is sent while the execution is PAUSED")
        }
        let state = tables.command(number)?.state
        if state == .withdrawn, !evidence.isRestored {
            breach(.withdrawn, "\(short(performance.given.key)) is sent after it was taken back")
        }
    }

    /// StartRecovery came back.
    mutating func answered(_ spoke: Int, _ work: Work, _ answer: Answer) {
        guard let place = performance(work, spoke) else { return }
        let epoch = spokes[spoke].epoch
        if let job = answer.job {
            spokes[spoke].works[place].job = job
            return proceed(spoke, work, .follow)
        }
        if answer.isExpired { return plan(.proceed(spoke, epoch: epoch, work, .send), in: .milliseconds(100)) }
        if answer.isThrottled, spokes[spoke].works[place].throttles < 3 {
            spokes[spoke].works[place].throttles += 1
            return plan(.proceed(spoke, epoch: epoch, work, .send), in: dice.seconds(1...12))
        }
        spokes[spoke].works[place].isStartUnclear = answer.failure.contains(.unclear)
        proceed(spoke, work, spokes[spoke].works[place].course.startFailed(answer.failure, at: elapsed))
    }

    /// `LaunchProgress`: tells what is new of the job, until its end is told.
    mutating func poll(_ spoke: Int, _ work: Work) {
        guard let place = performance(work, spoke), let number = spokes[spoke].works[place].job else { return }
        let job = drs.jobs[number]
        let again = Action.poll(spoke, epoch: spokes[spoke].epoch, work)
        guard !drs.isAway(job.place, at: now), !(isFaulty && dice.happens(0.05)) else {
            return plan(again, in: dice.seconds(2...6))
        }
        var reports: [ServerReport] = []
        for fate in job.fates {
            let report = report(of: fate)
            guard spokes[spoke].works[place].told[fate.server] != report else { continue }
            spokes[spoke].works[place].told[fate.server] = report
            reports.append(report)
        }
        if !reports.isEmpty { self.report(.servers(reports), work, spoke) }
        guard job.endsAt <= now else { return plan(again, in: dice.seconds(3...9)) }
        report(.jobEnded, work, spoke)
        report(.done, work, spoke)
        finish(work, spoke)
    }

    private func report(of fate: DRS.Fate) -> ServerReport {
        guard fate.at <= now else { return ServerReport(sourceServerId: fate.server, launchStatus: "IN_PROGRESS") }
        guard !fate.isFailed else {
            return ServerReport(sourceServerId: fate.server, launchStatus: "FAILED", error: "no capacity")
        }
        return ServerReport(
            sourceServerId: fate.server,
            launchStatus: "LAUNCHED",
            recoveryInstanceId: fate.isSeen ? "i-\(fate.server)" : nil,
            note: fate.isSeen ? nil : "INSTANCE_NOT_SEEN"
        )
    }
}
