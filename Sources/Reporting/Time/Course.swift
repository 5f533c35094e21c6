internal import Ambient
internal import Recovery

/// What a journal says of times: when waves began, waited and settled, what became of jobs and servers.
///
/// Moments never go back: replicas' clocks may, and an event that seems to be before the one before it happened with it.
struct Course {
    struct Job {
        let wave: Int
        let queuedAt: Instant
        var waitsFrom: Instant?
        var acceptedAt: Instant?
        var overAt: Instant?
    }

    /// What became of one attempt to launch a server.
    struct Attempt {
        let wave: Int
        let server: String
        let at: Instant
        let jobId: String?
        let isLaunch: Bool
    }

    struct Span {
        let from: Instant
        var to: Instant?

        func covers(_ at: Instant) -> Bool { from <= at && to.map { at < $0 } ?? true }
    }

    private(set) var start: Instant?
    private(set) var begun: [Int: [Instant]] = [:]
    private(set) var settled: [Int: [Instant]] = [:]
    /// Waits of a wave for a person.
    private(set) var waits: [Int: [Span]] = [:]
    /// While a person held back everything that was queued.
    private(set) var holds: [Span] = []
    /// While the execution had ended and nobody had taken it up again.
    private(set) var ends: [Span] = []
    private(set) var skips: [Int: [Instant]] = [:]
    private(set) var attempts: [String: [Attempt]] = [:]
    private(set) var outcomes: [Int: [Attempt]] = [:]
    private(set) var jobs: [String: Job] = [:]
    private var keys: [String: String] = [:]
    private var lastAt: Instant?

    init(_ facts: [JournalFact]) {
        for fact in facts { take(fact) }
    }

    /// The job that DRS knows by this name.
    func job(_ jobId: String?) -> Job? {
        jobId.flatMap { keys[$0] }.flatMap { jobs[$0] }
    }

    /// The job of a wave that DRS refused in this moment.
    func refused(_ wave: Int, at: Instant) -> Job? {
        jobs.values.filter { $0.wave == wave && $0.acceptedAt == nil && $0.overAt == at }.min {
            $0.queuedAt < $1.queuedAt
        }
    }

    /// The oldest job of a wave that is not over.
    func underWay(_ wave: Int) -> Job? {
        jobs.values.filter { $0.wave == wave && $0.overAt == nil }.min { $0.queuedAt < $1.queuedAt }
    }

    /// When a wave last began or began to wait.
    func lastMove(of wave: Int, before at: Instant) -> Instant? {
        [begun[wave]?.last { $0 <= at }, waits[wave]?.last { $0.from <= at }?.from].compactMap { $0 }.max()
    }

    /// Whether a wave waits for a person and has not begun since.
    func isWaiting(_ wave: Int, at: Instant) -> Bool {
        guard let wait = waits[wave]?.last(where: { $0.from <= at }) else { return false }
        return !(begun[wave]?.contains { $0 >= wait.from && $0 <= at } ?? false)
    }

    private mutating func take(_ fact: JournalFact) {
        let at = max(fact.at, lastAt ?? fact.at)
        lastAt = at
        guard let kind = fact.kind else { return }
        switch kind {
        case .executionStarted: start = at
        case .waveStarted, .waveWaiting, .waveSettled, .skipRequested: takeWave(fact, kind, at)
        case .jobQueued, .jobAccepted, .jobDeferred, .jobWaiting, .jobRefused, .jobWithdrawn, .jobEnded:
            takeJob(fact, kind, at)
        case .serverLaunched, .serverFailed: takeOutcome(fact, isLaunch: kind == .serverLaunched, at)
        case .pauseRequested:
            if fact.label == Execution.PauseMode.now.rawValue, holds.last.map({ $0.to != nil }) ?? true {
                holds.append(Span(from: at))
            }
        case .resumed, .cancelRequested:
            if let last = holds.indices.last, holds[last].to == nil { holds[last].to = at }
        case .executionEnded: ends.append(Span(from: at))
        case .executionReopened: if let last = ends.indices.last, ends[last].to == nil { ends[last].to = at }
        case .executionStatus, .waveStatus, .waveApproved, .waveDeclined, .jobWaitOver, .jobTimedOut,
            .serverLateResult, .pauseExpired, .retryRequested, .recoveryPointReplaced, .note,
            .terminationRequested, .instanceTerminated, .instanceTerminationFailed, .terminationEnded:
            break
        }
    }

    private mutating func takeWave(_ fact: JournalFact, _ kind: JournalEntry.Kind, _ at: Instant) {
        guard let wave = fact.waveNumber else { return }
        if kind != .skipRequested, let last = waits[wave]?.indices.last, waits[wave]?[last].to == nil {
            waits[wave]?[last].to = at
        }
        if kind == .waveStarted { begun[wave, default: []].append(at) }
        if kind == .waveSettled { settled[wave, default: []].append(at) }
        if kind == .waveWaiting { waits[wave, default: []].append(Span(from: at)) }
        if kind == .skipRequested { skips[wave, default: []].append(at) }
    }

    private mutating func takeJob(_ fact: JournalFact, _ kind: JournalEntry.Kind, _ at: Instant) {
        guard let key = fact.jobKey else { return }
        if kind == .jobQueued {
            jobs[key] = Job(wave: fact.waveNumber ?? 0, queuedAt: at)
            return
        }
        if kind == .jobWaiting || kind == .jobDeferred, jobs[key]?.waitsFrom == nil { jobs[key]?.waitsFrom = at }
        if kind == .jobAccepted {
            jobs[key]?.acceptedAt = at
            if let jobId = fact.jobId { keys[jobId] = key }
        }
        if kind == .jobRefused || kind == .jobWithdrawn || kind == .jobEnded { jobs[key]?.overAt = at }
    }

    private mutating func takeOutcome(_ fact: JournalFact, isLaunch: Bool, _ at: Instant) {
        guard let server = fact.sourceServerId, let wave = fact.waveNumber else { return }
        let attempt = Attempt(wave: wave, server: server, at: at, jobId: fact.jobId, isLaunch: isLaunch)
        attempts[server, default: []].append(attempt)
        outcomes[wave, default: []].append(attempt)
    }
}
