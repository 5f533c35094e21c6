internal import Ambient
internal import Recovery

/// A spoke's process: all that it has is lost with it.
struct SpokeProcess {
    let places: [Int]
    /// Grows with each start, so that what was under way for an earlier process is lost.
    var epoch = 0
    var isUp = true
    var frozenUntil: Instant?
    /// When it was stopped, where it does not know yet that it was.
    var asleepSince: Instant?
    var cutUntil: Instant?
    var session: Int?
    var stream: Int?
    var clock = LeaseClock()
    var book = WorkBook<Int>()
    var unheard = UnheardReports<Int, Said>()
    var works: [Performance] = []
    var isBeating = false
    /// The batch that is under way.
    var batch: Int?

    var isIdle: Bool { works.isEmpty && unheard.entries.isEmpty }
}

/// A command that a spoke performs.
struct Performance {
    let work: World.Work
    let given: Given
    var course: LaunchCourse
    var job: Int?
    var told: [SourceServerID: ServerReport] = [:]
    var hasToldEnd = false
    /// How often AWS throttled it in a row.
    var throttles = 0
    var isStartUnclear = false
    /// Instances that were asked to go, and how often.
    var asked: [Int: Int] = [:]
    var isGone: Set<SourceServerID> = []
}

extension World {
    func isCut(_ spoke: Int) -> Bool { spokes[spoke].cutUntil.map { $0 > now } ?? false }

    // MARK: - Life and death

    mutating func crashSpoke(_ spoke: Int) {
        guard spokes[spoke].isUp else { return }
        tell("spoke \(spoke) killed")
        spokes[spoke] = SpokeProcess(places: spokes[spoke].places, epoch: spokes[spoke].epoch + 1, isUp: false)
        for stream in streams where stream.spoke == spoke {
            plan(.closedAtHub(stream: stream.number), in: dice.seconds(0...3))
        }
        plan(.startSpoke(spoke), in: isFaulty ? dice.seconds(1...60) : .seconds(1))
    }

    mutating func startSpoke(_ spoke: Int) {
        guard !spokes[spoke].isUp else { return }
        tell("spoke \(spoke) started")
        spokes[spoke].isUp = true
        plan(.enrol(spoke, epoch: spokes[spoke].epoch), in: .milliseconds(100))
    }

    mutating func freeze(_ spoke: Int) {
        guard spokes[spoke].isUp else { return }
        stop(spoke, for: dice.seconds(3...70))
        sights.insert("frozen")
        tell("spoke \(spoke) frozen until \(spokes[spoke].frozenUntil ?? now)")
    }

    /// Stops a process; what it does first when it goes on is a matter of chance.
    ///
    /// Its connection may not outlive that: who is at the other end gives up, or goes.
    mutating func stop(_ spoke: Int, for pause: Duration, mayLoseStream: Bool = true) {
        if spokes[spoke].asleepSince == nil {
            spokes[spoke].clock.pulsed(at: reading(at: now), after: reading(at: now))
            spokes[spoke].asleepSince = now
        }
        spokes[spoke].frozenUntil = now + pause
        if mayLoseStream, isFaulty, dice.happens(0.5) { breakStream(of: spoke) }
        plan(.pulse(spoke, epoch: spokes[spoke].epoch), in: pause + .milliseconds(dice.number(0...500)))
    }

    /// `Wakefulness`: the first pulse after it was stopped.
    mutating func pulse(_ spoke: Int) {
        guard let since = spokes[spoke].asleepSince else { return }
        spokes[spoke].asleepSince = nil
        guard spokes[spoke].clock.pulsed(at: reading(at: now), after: reading(at: since)),
            let stream = spokes[spoke].stream
        else { return }
        tell("spoke \(spoke) was asleep, and asks anew")
        sights.insert("woke")
        spokes[spoke].stream = nil
        plan(.closedAtHub(stream: stream), in: .milliseconds(dice.number(1...300)))
        plan(.open(spoke: spoke, epoch: spokes[spoke].epoch), in: .milliseconds(20))
    }

    private func reading(at moment: Instant) -> LeaseClock.Reading {
        LeaseClock.Reading(elapsed: moment - Self.beginning, wall: moment)
    }

    /// `LeaseCheck`: whether the work is still this spoke's.
    mutating func holds(_ work: Work, _ spoke: Int) -> Bool {
        guard let lease = spokes[spoke].book.lease(of: work) else { return false }
        // Pulses that change nothing are left out: this makes up for them.
        if spokes[spoke].asleepSince == nil {
            spokes[spoke].clock.pulsed(at: reading(at: now), after: reading(at: now))
        }
        return rules.holds(spokes[spoke].clock, lease, reading(at: now))
    }

    mutating func cut(_ spoke: Int) {
        spokes[spoke].cutUntil = now + dice.seconds(2...60)
        tell("spoke \(spoke) cut off until \(spokes[spoke].cutUntil ?? now)")
        breakStream(of: spoke)
    }

    // MARK: - Session and stream

    /// `Enrolment`: proves who it is, and takes a session.
    mutating func enrol(_ spoke: Int) {
        guard spokes[spoke].session == nil else { return }
        guard someReplica() != nil, !isCut(spoke) else {
            return plan(.enrol(spoke, epoch: spokes[spoke].epoch), in: dice.seconds(1...5))
        }
        let session = Tables.Session(
            number: number(),
            spoke: spoke,
            places: spokes[spoke].places,
            lastSeen: now,
            streamClosed: now
        )
        tables.sessions.append(session)
        spokes[spoke].session = session.number
        spokes[spoke].clock.acknowledged(sentAt: elapsed)
        plan(.open(spoke: spoke, epoch: spokes[spoke].epoch), in: .milliseconds(10))
        if !spokes[spoke].isBeating { rouse() }
    }

    /// `CommandStream`: opens the stream, at whichever replica answers.
    mutating func openStream(_ spoke: Int) {
        guard spokes[spoke].stream == nil, let session = spokes[spoke].session else { return }
        guard let replica = someReplica(), !isCut(spoke) else {
            return plan(.open(spoke: spoke, epoch: spokes[spoke].epoch), in: .milliseconds(dice.number(200...4000)))
        }
        guard let place = tables.sessions.firstIndex(where: { $0.number == session }) else { return discard(spoke) }
        tables.sessions[place].lastSeen = now
        tables.sessions[place].streamClosed = nil
        let stream = Stream(number: number(), session: session, spoke: spoke, replica: replica)
        streams.append(stream)
        spokes[spoke].stream = stream.number
        spokes[spoke].clock.openedStream(askedAt: elapsed)
        tell("spoke \(spoke) opens stream \(stream.number) at hub \(replica)")
        // What was leased and lost on the way comes again.
        let lost = tables.leased(to: session)
        if !lost.isEmpty { send(lost, over: stream) }
        rouse()
    }

    /// The hub does not know the session: prove it again.
    private mutating func discard(_ spoke: Int) {
        spokes[spoke].session = nil
        plan(.enrol(spoke, epoch: spokes[spoke].epoch), in: .milliseconds(20))
    }

    /// The connection breaks; each end hears of it in its own time.
    mutating func breakStream(of spoke: Int) {
        guard let stream = spokes[spoke].stream else { return }
        tell("stream \(stream) of spoke \(spoke) breaks")
        let isSlow = isFaulty && dice.happens(0.2)
        let atHub = isSlow ? dice.seconds(0...20) : dice.seconds(0...1)
        plan(.closedAtHub(stream: stream), in: atHub)
        // The spoke hears of it before, or at once after: what closes a connection closes both of its ends.
        let heard = isFaulty && dice.happens(0.2) ? dice.seconds(0...20) : dice.seconds(0...1)
        let atSpoke = min(heard, atHub + .milliseconds(500))
        plan(.closedAtSpoke(spoke, epoch: spokes[spoke].epoch, stream: stream), in: atSpoke)
    }

    mutating func closedAtHub(_ number: Int) {
        guard let stream = streams.first(where: { $0.number == number }) else { return }
        closeAtHub(stream)
    }

    mutating func closeAtHub(_ stream: Stream) {
        // A newer stream of the same session at the same replica makes the end of this one unimportant.
        let hasNewer = streams.contains {
            $0.session == stream.session && $0.replica == stream.replica && $0.number > stream.number
        }
        streams.removeAll { $0.number == stream.number }
        guard !hasNewer, let place = tables.sessions.firstIndex(where: { $0.number == stream.session }),
            tables.sessions[place].streamClosed == nil
        else { return }
        tables.sessions[place].streamClosed = now
        rouse()
    }

    mutating func closedAtSpoke(_ spoke: Int, _ stream: Int) {
        guard spokes[spoke].stream == stream else { return }
        spokes[spoke].stream = nil
        spokes[spoke].clock.closedStream()
        let isSlow = isFaulty && dice.happens(0.3)
        plan(.open(spoke: spoke, epoch: spokes[spoke].epoch), in: isSlow ? dice.seconds(1...8) : .milliseconds(20))
    }

    // MARK: - Heartbeat and reports

    /// `ProgressLoop`: sends what is unheard, which is also the heartbeat.
    mutating func beat(_ spoke: Int) {
        guard hasWork else {
            spokes[spoke].isBeating = false
            return
        }
        guard let session = spokes[spoke].session else { return pulse(spoke, in: dice.seconds(1...2)) }
        let batch = Batch(
            number: number(),
            spoke: spoke,
            epoch: spokes[spoke].epoch,
            session: session,
            reports: spokes[spoke].unheard.entries.prefix(50).map(\.report),
            holding: Array(spokes[spoke].unheard.works.union(spokes[spoke].book.held)),
            sentAt: elapsed
        )
        spokes[spoke].batch = batch.number
        plan(.gaveUp(spoke, epoch: batch.epoch, batch: batch.number), in: .seconds(10))
        let action = Action.batch(batch)
        guard isFaulty else { return plan(action, in: .milliseconds(5)) }
        if dice.happens(0.03) { plan(action, in: dice.seconds(1...60)) }
        guard !isCut(spoke), !dice.happens(0.06) else { return }
        plan(action, in: dice.happens(0.08) ? dice.seconds(1...30) : .milliseconds(dice.number(1...300)))
    }

    private mutating func pulse(_ spoke: Int, in delay: Duration) {
        plan(.beat(spoke, epoch: spokes[spoke].epoch), in: delay)
    }

    mutating func gaveUp(_ spoke: Int, batch: Int) {
        guard spokes[spoke].batch == batch else { return }
        spokes[spoke].batch = nil
        pulse(spoke, in: .milliseconds(dice.number(100...3000)))
    }

    mutating func heard(_ spoke: Int, _ answer: Acknowledgement) {
        // An answer to a batch that was given up on comes to nobody.
        guard spokes[spoke].batch == answer.batch else { return }
        spokes[spoke].batch = nil
        guard answer.isKnown else {
            if spokes[spoke].session == answer.session { discard(spoke) }
            return pulse(spoke, in: .seconds(1))
        }
        spokes[spoke].clock.acknowledged(sentAt: answer.sentAt)
        spokes[spoke].book.renew(answer.holding, sentAt: answer.sentAt, answeredAt: elapsed)
        spokes[spoke].unheard.acknowledge(answer.acknowledged)
        for work in answer.stale { drop(work, spoke) }
        let hasMore = !spokes[spoke].unheard.entries.isEmpty
        pulse(spoke, in: hasMore ? .milliseconds(500) : .milliseconds(dice.number(6000...8000)))
    }

    /// `Workbench.drop`: its term no longer holds.
    private mutating func drop(_ work: Work, _ spoke: Int) {
        tell("spoke \(spoke) drops command \(work.commandId) under term \(work.term)")
        sights.insert("stale")
        spokes[spoke].book.drop(work)
        spokes[spoke].unheard.drop(work)
        spokes[spoke].works.removeAll { $0.work == work }
    }

    /// Puts a report into the outbox; it goes soon.
    mutating func report(_ report: WorkReport, _ work: Work, _ spoke: Int) {
        spokes[spoke].unheard.append(of: work) { Said(work: work, sequence: $0, report: report, spoke: spoke) }
        if spokes[spoke].batch == nil, spokes[spoke].isBeating, dice.happens(0.5) {
            pulse(spoke, in: .milliseconds(50))
        }
    }

    // MARK: - Commands

    /// `CommandStream.receive` and `Workbench.run`.
    mutating func take(_ commands: [Given], from stream: Int, _ spoke: Int) {
        guard spokes[spoke].stream == stream else { return }
        for given in commands where now <= given.deadline {
            let work = Work(commandId: given.number, term: given.term)
            let lease = GrantedLease(given: elapsed, left: given.deadline - now)
            guard rules.admits(&spokes[spoke].book, work, lease) else { continue }
            tell("spoke \(spoke) begins \(short(given.key)) under term \(given.term)")
            spokes[spoke].works.removeAll { $0.work.commandId == given.number }
            let course = LaunchCourse(settle: given.settle, mayStart: given.mayStart, at: elapsed)
            let performance = Performance(work: work, given: given, course: course)
            spokes[spoke].works.append(performance)
            let epoch = spokes[spoke].epoch
            if given.work.isLaunch {
                plan(.proceed(spoke, epoch: epoch, work, course.first), in: .milliseconds(dice.number(1...500)))
            } else {
                plan(.clean(spoke, epoch: epoch, work), in: .milliseconds(dice.number(1...500)))
            }
        }
    }

    /// A work is over, and said to be.
    mutating func finish(_ work: Work, _ spoke: Int) {
        spokes[spoke].book.end(work)
        spokes[spoke].unheard.finish(work)
        spokes[spoke].works.removeAll { $0.work == work }
    }

    func performance(_ work: Work, _ spoke: Int) -> Int? {
        spokes[spoke].works.firstIndex { $0.work == work }
    }
}
