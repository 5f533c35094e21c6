package import Ambient
internal import Recovery

/// The way that decided how long a recovery took, found backwards: from the last launch to the moment when its job was
/// queued, to the beginning of its wave, to the wave that this one had to wait for, and so on to the declaration.
///
/// It moves one cursor from the end to the beginning and gives each step away whole, so that nothing is counted twice or
/// left out.
struct CriticalPath {
    private typealias Segment = RecoveryTimeAnatomy.Segment

    private let course: Course
    private let dependencies: [[Int]]
    private let floor: Instant
    private let end: Instant
    private var cursor: Instant
    private var reversed: [Segment] = []

    init(_ course: Course, dependencies: [[Int]], from floor: Instant, to end: Instant) {
        self.course = course
        self.dependencies = dependencies
        self.floor = floor
        self.end = max(floor, end)
        cursor = max(floor, end)
    }

    /// The way of the whole execution.
    ///
    /// - Parameter server: Whose launch is the end of it; nil: it goes on, or nothing was launched.
    /// - Returns: Its segments, from the beginning on.
    mutating func follow(endingWith server: String?) -> RecoveryTimeAnatomy {
        var wave = server.flatMap { course.attempts[$0]?.last?.wave } ?? latest
        var endingWith = server
        while let current = wave, cursor > floor {
            followWave(current, endingWith: endingWith)
            wave = predecessor(of: current)
            endingWith = nil
        }
        if let start = course.start { take(backTo: start, .hub, "from the start to the first wave") }
        take(backTo: floor, .human, "declared, not started yet")
        return RecoveryTimeAnatomy(from: floor, to: end, segments: reversed.reversed())
    }

    /// The way of one wave, from when it could begin.
    mutating func follow(only wave: Int) -> RecoveryTimeAnatomy {
        followWave(wave, endingWith: nil)
        take(backTo: floor, .hub, "before the wave", wave)
        return RecoveryTimeAnatomy(from: floor, to: end, segments: reversed.reversed())
    }

    /// When a wave could begin that began, or was waited for, before a moment.
    static func ready(_ wave: Int, in course: Course, _ dependencies: [[Int]], before at: Instant) -> Instant? {
        let settled = dependencies[wave].compactMap { number in course.settled[number]?.last { $0 <= at } }
        return settled.max() ?? course.start
    }

    /// Gives what lies between the cursor and an earlier moment away.
    ///
    /// What would be the hub's own is people's while the execution had ended: it waited to be taken up again.
    private mutating func take(
        backTo at: Instant,
        _ kind: RecoveryTimeAnatomy.Kind,
        _ what: String,
        _ wave: Int? = nil,
        _ server: String? = nil
    ) {
        guard kind == .hub, !course.ends.isEmpty else { return give(backTo: at, kind, what, wave, server) }
        let cuts = course.ends.flatMap { [$0.from, $0.to ?? cursor] }
        for begin in Set(cuts.filter { at < $0 && $0 < cursor }).sorted(by: >) + [at] {
            let hadEnded = course.ends.contains { $0.covers(max(begin, floor)) }
            give(
                backTo: begin,
                hadEnded ? .human : .hub,
                hadEnded ? "ended, not taken up again yet" : what,
                wave,
                server
            )
        }
    }

    private mutating func give(
        backTo at: Instant,
        _ kind: RecoveryTimeAnatomy.Kind,
        _ what: String,
        _ wave: Int?,
        _ server: String?
    ) {
        let begin = max(floor, min(at, cursor))
        guard begin < cursor else { return }
        reversed.append(
            Segment(kind: kind, from: begin, to: cursor, what: what, waveNumber: wave, sourceServerId: server)
        )
        cursor = begin
    }

    /// The wave that is under way, waits, or settled last.
    private var latest: Int? {
        let waves = dependencies.indices
        let open = waves.filter { wave in
            if course.underWay(wave) != nil, cursor == end { return true }
            guard let last = course.lastMove(of: wave, before: cursor) else { return false }
            return course.settled[wave]?.last.map { $0 < last } ?? true
        }
        return open.first
            ?? waves.filter { course.settled[$0] != nil }.max { left, right in
                (course.settled[left]?.last ?? floor) < (course.settled[right]?.last ?? floor)
            }
    }

    private mutating func followWave(_ wave: Int, endingWith server: String?) {
        if server == nil, let settled = course.settled[wave]?.last(where: { $0 <= cursor }),
            settled >= course.lastMove(of: wave, before: cursor) ?? settled, course.underWay(wave) == nil
        {
            take(backTo: settled, .machine, "DRS completes its jobs", wave)
        }
        if !course.isWaiting(wave, at: cursor) { followServers(of: wave, endingWith: server) }
        let begin = course.begun[wave]?.last { $0 <= cursor }
        if let begin { take(backTo: begin, .hub, "the wave's jobs are written", wave) }
        let ready = CriticalPath.ready(wave, in: course, dependencies, before: cursor) ?? floor
        let waits = course.waits[wave] ?? []
        split(backTo: ready, at: waits.flatMap { [$0.from, $0.to ?? cursor] }) { from in
            waits.contains { $0.covers(from) }
                ? (.human, "the wave waits for a person") : (.hub, "between two waves")
        } about: {
            (wave, nil)
        }
    }

    private mutating func followServers(of wave: Int, endingWith server: String?) {
        let now = cursor
        if server == nil, cursor == end, let job = course.underWay(wave), job.queuedAt <= now {
            take(backTo: job.acceptedAt ?? now, .machine, "DRS launches", wave)
            followQueue(of: job, wave)
            let failed = course.outcomes[wave]?.last { !$0.isLaunch && $0.at <= cursor }
            if let failed { followAttempts(of: failed.server, hasLater: true) }
            return
        }
        let outcomes = course.outcomes[wave] ?? []
        let last = outcomes.last { $0.at <= now && (server == nil || $0.server == server) }
        guard let last else { return }
        let isSkip = course.skips[wave]?.contains { last.at < $0 && $0 <= now } ?? false
        take(
            backTo: last.at,
            isSkip ? .human : .hub,
            isSkip ? "waiting for a decision to skip" : "the wave settles",
            wave,
            last.server
        )
        followAttempts(of: last.server, hasLater: false)
    }

    /// The attempts of a server before the cursor, the newest first.
    private mutating func followAttempts(of server: String, hasLater: Bool) {
        var isLast = !hasLater
        for attempt in (course.attempts[server] ?? []).filter({ $0.at <= cursor }).reversed() {
            let wave = attempt.wave
            let job = course.job(attempt.jobId) ?? course.refused(wave, at: attempt.at)
            if isLast {
                take(backTo: job?.acceptedAt ?? attempt.at, .machine, "DRS launches", wave, server)
                if let job { followQueue(of: job, wave, server) }
            } else {
                take(backTo: attempt.at, .human, "waiting for a decision to try again", wave, server)
                take(backTo: job?.queuedAt ?? attempt.at, .retry, "an attempt that failed", wave, server)
            }
            isLast = false
        }
    }

    private mutating func followQueue(of job: Course.Job, _ wave: Int, _ server: String? = nil) {
        let holds = course.holds
        let cuts = holds.flatMap { [$0.from, $0.to ?? cursor] } + [job.waitsFrom].compactMap { $0 }
        split(backTo: job.queuedAt, at: cuts) { from in
            if holds.contains(where: { $0.covers(from) }) { return (.human, "held back by a person") }
            if let waits = job.waitsFrom, from >= waits { return (.queue, "waiting for room") }
            return (.hub, "on its way to DRS")
        } about: {
            (wave, server)
        }
    }

    /// Gives away what lies before the cursor in pieces, each by what holds at its beginning.
    private mutating func split(
        backTo at: Instant,
        at cuts: [Instant],
        as kind: (Instant) -> (RecoveryTimeAnatomy.Kind, String),
        about subject: () -> (Int?, String?)
    ) {
        let (wave, server) = subject()
        let inside = Set(cuts.filter { at < $0 && $0 < cursor }).sorted(by: >)
        for begin in inside + [at] {
            let (kind, what) = kind(max(begin, floor))
            take(backTo: begin, kind, what, wave, server)
        }
    }

    /// The wave whose end was the last that this one waited for.
    private func predecessor(of wave: Int) -> Int? {
        let ends = dependencies[wave].compactMap { number in
            course.settled[number]?.last { $0 <= cursor }.map { (number, $0) }
        }
        return ends.max { $0.1 < $1.1 }?.0
    }
}

extension RecoveryTimeAnatomy {
    /// The anatomy of an execution as its journal tells it.
    ///
    /// - Parameters:
    ///   - facts: The journal.
    ///   - plan: Which wave waits for which.
    ///   - from: The declaration, or the start.
    ///   - to: The last launch; while it runs, now.
    ///   - server: Whose launch was the last; nil while it runs, and where nothing was launched.
    package init(_ facts: [JournalFact], plan: [[Int]], from: Instant, to: Instant, endingWith server: String?) {
        var path = CriticalPath(Course(facts), dependencies: plan, from: from, to: to)
        self = path.follow(endingWith: server)
    }
}
