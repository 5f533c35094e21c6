package import Ambient

/// Drills of many plans as one: one clock, so many at once, and a rule for when to stop.
///
/// A value: what has happened goes in by `observe`, and `step(at:)` answers what is to be done. It never waits and never
/// reads a clock; `Conductor` makes its decisions durable.
///
///     RUNNING ─► COMPLETED | PARTIAL
///        ├─► STOPPING ───► FAILED
///        └─► CANCELLING ─► CANCELLED
package struct Campaign: Sendable, Hashable {
    package typealias ID = Identifier<Campaign>

    package enum Status: String, Sendable, Codable, CaseIterable {
        case running = "RUNNING"
        /// Too much failed: nothing more begins, and what runs goes on to its end.
        case stopping = "STOPPING"
        /// A person ended it: the same.
        case cancelling = "CANCELLING"
        /// Every drill was completed.
        case completed = "COMPLETED"
        /// It went through all its plans, and some drills were not completed.
        case partial = "PARTIAL"
        /// It was stopped by its rule.
        case failed = "FAILED"
        case cancelled = "CANCELLED"

        package var isTerminal: Bool {
            switch self {
            case .running, .stopping, .cancelling: false
            case .completed, .partial, .failed, .cancelled: true
            }
        }
    }

    /// The rules by which it begins drills.
    package struct Rules: Sendable, Hashable {
        /// Drills at once.
        package var mostAtOnce: Int
        /// Drills at once that touch the same account; nil: no matter.
        package var mostPerAccount: Int?
        /// So many drills that were not completed stop it; nil: none does.
        package var stopAfterFailures: Int?
        /// How long a plan whose servers are in use is waited for, in minutes.
        package var patienceMinutes: Int

        package init(mostAtOnce: Int, mostPerAccount: Int?, stopAfterFailures: Int?, patienceMinutes: Int) {
            self.mostAtOnce = mostAtOnce
            self.mostPerAccount = mostPerAccount
            self.stopAfterFailures = stopAfterFailures
            self.patienceMinutes = patienceMinutes
        }
    }

    /// One plan of the campaign.
    package struct Item: Sendable, Hashable {
        package enum State: String, Sendable, Codable, CaseIterable {
            case waiting = "WAITING"
            case running = "RUNNING"
            /// Its drill was completed.
            case passed = "PASSED"
            /// Its drill ended otherwise, or could not begin.
            case failed = "FAILED"
            /// The campaign ended before its turn.
            case skipped = "SKIPPED"
        }

        /// From 0, in the order in which they begin.
        package let position: Int
        package let planId: RecoveryPlan.ID
        package let planName: String
        /// The plan's accounts when the campaign began.
        package let accounts: [AccountNumber]
        package internal(set) var state: State
        package internal(set) var executionId: Execution.ID?
        /// Its servers are in use: it is not tried before.
        package internal(set) var lookAt: Instant?
        package internal(set) var detail: String?
        package internal(set) var begunAt: Instant?
        package internal(set) var endedAt: Instant?

        package init(
            position: Int,
            planId: RecoveryPlan.ID,
            planName: String,
            accounts: [AccountNumber],
            state: State = .waiting,
            executionId: Execution.ID? = nil,
            lookAt: Instant? = nil,
            detail: String? = nil,
            begunAt: Instant? = nil,
            endedAt: Instant? = nil
        ) {
            self.position = position
            self.planId = planId
            self.planName = planName
            self.accounts = accounts
            self.state = state
            self.executionId = executionId
            self.lookAt = lookAt
            self.detail = detail
            self.begunAt = begunAt
            self.endedAt = endedAt
        }
    }

    package let campaignId: ID
    package let campaignName: String
    package let reason: String
    package let rules: Rules
    /// Hours after its start at which a drill's instances are terminated by themselves; nil: a person does it.
    package let cleanUpAfterHours: Int?
    package let startedBy: String
    /// The campaign's one clock begins here.
    package let startedAt: Instant
    package private(set) var status: Status
    package private(set) var endedAt: Instant?
    package private(set) var items: [Item]

    package init(
        campaignId: ID,
        campaignName: String,
        reason: String,
        rules: Rules,
        cleanUpAfterHours: Int?,
        startedBy: String,
        startedAt: Instant,
        status: Status = .running,
        endedAt: Instant? = nil,
        items: [Item]
    ) {
        self.campaignId = campaignId
        self.campaignName = campaignName
        self.reason = reason
        self.rules = rules
        self.cleanUpAfterHours = cleanUpAfterHours
        self.startedBy = startedBy
        self.startedAt = startedAt
        self.status = status
        self.endedAt = endedAt
        self.items = items
    }

    /// Between two tries while servers are busy.
    package static let retryInterval = Duration.seconds(30)
}

extension Campaign {
    /// All its accounts.
    package var accounts: [AccountNumber] { Set(items.flatMap(\.accounts)).sorted() }

    private var failures: Int { items.count { $0.state == .failed } }
    private var running: [Item] { items.filter { $0.state == .running } }

    /// What has become of executions that have ended: each item is settled once.
    package mutating func observe(_ ended: [Execution.ID: ExecutionStatus], at now: Instant) {
        for index in items.indices where items[index].state == .running {
            guard let status = items[index].executionId.flatMap({ ended[$0] }), status.isTerminal else { continue }
            settle(index, as: status == .completed ? .passed : .failed, "Its drill ended \(status.rawValue).", at: now)
        }
        moveOn(at: now)
    }

    /// A person ends it: nothing more begins.
    package mutating func cancel(at now: Instant) {
        guard status == .running || status == .stopping else { return }
        status = .cancelling
        moveOn(at: now)
    }

    /// The drill of an item has begun.
    package mutating func begun(_ position: Int, as id: Execution.ID, at now: Instant) {
        guard let index = items.firstIndex(where: { $0.position == position }), items[index].state == .waiting else {
            return
        }
        items[index].state = .running
        items[index].executionId = id
        items[index].begunAt = now
        items[index].lookAt = nil
        items[index].detail = nil
    }

    /// The drill of an item was refused: it is tried again while its servers are in use and there is patience.
    package mutating func refused(_ position: Int, by refusal: Refusal, at now: Instant) {
        guard let index = items.firstIndex(where: { $0.position == position }), items[index].state == .waiting else {
            return
        }
        // The patience of each begins with the first try.
        let first = items[index].begunAt ?? now
        items[index].begunAt = first
        let isPatient = now - first < .seconds(60 * rules.patienceMinutes)
        if refusal.code == .serverConflict, isPatient, status == .running {
            items[index].lookAt = now + Self.retryInterval
            items[index].detail = refusal.detail
        } else {
            settle(index, as: .failed, "\(refusal.code.rawValue): \(refusal.detail)", at: now)
            moveOn(at: now)
        }
    }

    /// The positions whose drills may begin now, in their order: no more at once than the rules allow.
    package func due(at now: Instant) -> [Int] {
        guard status == .running else { return [] }
        var free = rules.mostAtOnce - running.count
        var perAccount: [AccountNumber: Int] = [:]
        for account in running.flatMap(\.accounts) { perAccount[account, default: 0] += 1 }
        var due: [Int] = []
        for item in items where item.state == .waiting && (item.lookAt ?? now) <= now {
            guard free > 0 else { break }
            if let most = rules.mostPerAccount,
                item.accounts.contains(where: { perAccount[$0, default: 0] >= most })
            {
                continue
            }
            for account in item.accounts { perAccount[account, default: 0] += 1 }
            free -= 1
            due.append(item.position)
        }
        return due
    }

    private mutating func settle(_ index: Int, as state: Item.State, _ detail: String?, at now: Instant) {
        items[index].state = state
        items[index].detail = detail
        items[index].lookAt = nil
        items[index].endedAt = now
    }

    /// Stops where the rule says so, skips what will not begin any more, and ends when nothing is left.
    private mutating func moveOn(at now: Instant) {
        guard !status.isTerminal else { return }
        if status == .running, let most = rules.stopAfterFailures, failures >= most { status = .stopping }
        if status != .running {
            for index in items.indices where items[index].state == .waiting {
                let why =
                    status == .stopping ? "The campaign was stopped: too much failed." : "The campaign was cancelled."
                settle(index, as: .skipped, why, at: now)
            }
        }
        guard items.allSatisfy({ $0.state != .waiting && $0.state != .running }) else { return }
        endedAt = now
        switch status {
        case .running: status = failures == 0 ? .completed : .partial
        case .stopping: status = .failed
        case .cancelling: status = .cancelled
        case .completed, .partial, .failed, .cancelled: break
        }
    }
}
