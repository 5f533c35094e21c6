internal import Ambient
internal import Recovery

/// The database of a world.
///
/// In the product these are tables of PostgreSQL and the rules below are statements: each function does what the
/// statement that it names does, with its conditions, and all at once, as a statement does.
struct Tables {
    /// A row of `execution` with those of its waves, servers, jobs, and journal.
    struct Row {
        var execution: Execution
        var version = 1
        var head = JournalHead.empty
        var journal: [Fact] = []
    }

    /// A row of `journal_event`.
    struct Fact {
        let sequence: Int
        let previous: String
        let hash: String
        let entry: JournalEntry
        let at: Instant
    }

    /// A row of `agent_session`.
    struct Session {
        let number: Int
        let spoke: Int
        let places: [Int]
        var lastSeen: Instant
        var streamClosed: Instant?
    }

    /// A row of `timer`.
    struct Alarm {
        let key: String
        let execution: Int
        var firesAt: Instant
        var alarm: Execution.Timer.Alarm
    }

    /// A row of `observed_job`: a job in progress as an inventory showed it.
    struct Observed {
        let key: String?
        let servers: [SourceServerID]
    }

    /// By the number that the world gives an execution; nil where it is not in this database.
    private(set) var rows: [Row?] = []
    var commands: [Command] = []
    var sessions: [Session] = []
    var timers: [Alarm] = []
    var claims: [SourceServerID: Int] = [:]
    /// By place.
    var observed: [[Observed]] = [[], []]

    func row(_ index: Int) -> Row? {
        rows.indices.contains(index) ? rows[index] : nil
    }

    mutating func write(_ row: Row, at index: Int) {
        while rows.count <= index { rows.append(nil) }
        rows[index] = row
    }

    var nextTimer: Instant? { timers.map(\.firesAt).min() }

    // MARK: - TimerStatements

    /// `TimerStatements.insert`: the same key again is the later word.
    mutating func set(_ timer: Execution.Timer, of execution: Int) {
        if let place = timers.firstIndex(where: { $0.key == timer.key }) {
            timers[place].firesAt = timer.firesAt
            timers[place].alarm = timer.alarm
        } else {
            timers.append(
                Alarm(key: timer.key, execution: execution, firesAt: timer.firesAt, alarm: timer.alarm)
            )
        }
    }

    /// `TimerStatements.take`.
    mutating func takeTimers(of execution: Int, at now: Instant) -> [Execution.Timer.Alarm] {
        let due = timers.filter { $0.execution == execution && $0.firesAt <= now }
        timers.removeAll { $0.execution == execution && $0.firesAt <= now }
        return due.map(\.alarm)
    }

    // MARK: - ClaimStatements

    /// `ClaimStatements.claim`: those that another holds are left out of the answer.
    mutating func claim(_ servers: [SourceServerID], for execution: Int, evenTaken: Bool) -> Int {
        var claimed = 0
        for server in servers where evenTaken || claims[server] == nil {
            claims[server] = execution
            claimed += 1
        }
        return claimed
    }

    /// `ClaimStatements.release`.
    mutating func release(_ servers: [SourceServerID], of execution: Int) {
        for server in servers where claims[server] == execution { claims[server] = nil }
    }

    /// `ClaimStatements.handOver`.
    mutating func handOver(_ servers: [SourceServerID], from execution: Int) {
        for index in rows.indices where index != execution {
            guard let other = rows[index]?.execution, other.control.cleanUp?.state == .running else { continue }
            for server in servers where claims[server] == nil && other.server(server) != nil {
                claims[server] = index
            }
        }
    }

    /// `ClaimStatements.foreignJobs`: jobs in progress that are not ours and have any of the servers.
    func hasForeignJob(with servers: [SourceServerID]) -> Bool {
        observed.joined().contains { job in
            job.servers.contains(where: servers.contains) && !(job.key.map(knows) ?? false)
        }
    }

    /// Whether the key is of one of our jobs.
    func knows(key: String) -> Bool {
        commands.contains { $0.key == key }
    }
}
