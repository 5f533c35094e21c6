package import Ambient

/// Drills of a plan that happen by themselves, at the times of a cron expression in a time zone.
package struct Schedule: Sendable, Hashable {
    package typealias ID = Identifier<Schedule>

    package var scheduleId: ID
    package var scheduleName: String
    package var planId: RecoveryPlan.ID
    /// Why the drills are done; each has it as its reason.
    package var description: String
    package var cron: CronExpression
    /// An IANA name, such as `Europe/Berlin`.
    package var timeZone: String
    package var isEnabled: Bool
    package var blackouts: [Blackout]
    package var whenBusy: WhenBusy
    package var whenMissed: WhenMissed
    /// How long after its time a drill may still begin, in minutes: waiting for busy servers, or after an outage.
    package var patienceMinutes: Int
    /// Hours after a drill's start at which its instances are terminated by themselves; nil: a person does it.
    package var cleanUpAfterHours: Int?
    /// Minutes before a drill at which people are told of it; 0: they are not.
    package var noticeMinutes: Int
    package var createdDate: Instant
    package var lastModifiedDate: Instant
    package var createdBy: String
    package var revision: Int

    /// A time in which nothing begins.
    package struct Blackout: Sendable, Hashable, Codable {
        package var from: Instant
        package var until: Instant
        package var reason: String

        package init(from: Instant, until: Instant, reason: String) {
            self.from = from
            self.until = until
            self.reason = reason
        }

        /// Whether a moment lies in it; its end does not.
        func includes(_ moment: Instant) -> Bool { from <= moment && moment < until }
    }

    /// What becomes of a drill whose servers something else uses.
    package enum WhenBusy: String, Sendable, Hashable, CaseIterable, Codable {
        case skip = "SKIP"
        case wait = "WAIT"
    }

    /// What becomes of a drill whose time passed while no hub was there.
    package enum WhenMissed: String, Sendable, Hashable, CaseIterable, Codable {
        case skip = "SKIP"
        /// Started late, if it still may be; of several only the last.
        case start = "START"
    }

    package init(
        scheduleId: ID,
        scheduleName: String,
        planId: RecoveryPlan.ID,
        description: String,
        cron: CronExpression,
        timeZone: String,
        isEnabled: Bool,
        blackouts: [Blackout],
        whenBusy: WhenBusy,
        whenMissed: WhenMissed,
        patienceMinutes: Int,
        cleanUpAfterHours: Int?,
        noticeMinutes: Int = Limits.defaultNoticeMinutes,
        createdDate: Instant,
        lastModifiedDate: Instant,
        createdBy: String,
        revision: Int
    ) {
        self.scheduleId = scheduleId
        self.scheduleName = scheduleName
        self.planId = planId
        self.description = description
        self.cron = cron
        self.timeZone = timeZone
        self.isEnabled = isEnabled
        self.blackouts = blackouts
        self.whenBusy = whenBusy
        self.whenMissed = whenMissed
        self.patienceMinutes = patienceMinutes
        self.cleanUpAfterHours = cleanUpAfterHours
        self.noticeMinutes = noticeMinutes
        self.createdDate = createdDate
        self.lastModifiedDate = lastModifiedDate
        self.createdBy = createdBy
        self.revision = revision
    }
}

extension Schedule {
    /// A drill that is this late was missed: replicas look every few seconds, so no hub was there.
    package static let missedAfter = Duration.seconds(300)
    /// Between two tries while servers are busy.
    package static let retryInterval = Duration.seconds(30)

    /// What is done about a time that has come.
    package enum Decision: Sendable, Hashable {
        case start
        /// Nothing begins; why, in a label and in words.
        case leave(ScheduledRun.Outcome, String)
    }

    /// Decides about one time of the schedule.
    ///
    /// - Parameters:
    ///   - due: The time that has come.
    ///   - now: The time it is.
    ///   - zone: The schedule's own time zone.
    ///   - wasTried: Whether it was tried already, and waits.
    /// - Returns: What is done.
    package func decision(at due: Instant, now: Instant, in zone: some TimeZoneRules, wasTried: Bool) -> Decision {
        // Where it waits, it may have come into a blackout meanwhile.
        if let blackout = blackouts.first(where: { $0.includes(due) || $0.includes(now) }) {
            return .leave(.skippedBlackout, "Nothing begins until \(blackout.until): \(blackout.reason)")
        }
        let late = now - due
        guard late > Self.missedAfter, !wasTried else { return .start }
        guard whenMissed == .start else {
            return .leave(.missed, "No hub was there at its time; it was \(late.inMinutes) minutes late.")
        }
        guard late <= patience else {
            return .leave(.missed, "It was \(late.inMinutes) minutes late, more than its \(patienceMinutes).")
        }
        if let next = cron.next(after: due, in: zone), next <= now {
            return .leave(.missed, "No hub was there at its time, and the next time had come too.")
        }
        return .start
    }

    /// What is done about a time whose drill the hub refuses now.
    ///
    /// - Returns: nil: it is tried again a little later.
    package func decision(at due: Instant, now: Instant, after refusal: Refusal) -> Decision? {
        guard refusal.code == .serverConflict else {
            return .leave(.refused, "\(refusal.code.rawValue): \(refusal.detail)")
        }
        guard whenBusy == .wait else { return .leave(.skippedBusy, refusal.detail) }
        guard now - due < patience else {
            return .leave(.skippedBusy, "After \(patienceMinutes) minutes still: \(refusal.detail)")
        }
        return nil
    }

    /// Whether nothing begins at a moment.
    package func isBlackedOut(at moment: Instant) -> Bool { blackouts.contains { $0.includes(moment) } }

    /// The next times at which something begins, from one that is due on: those in blackouts are left out.
    ///
    /// A blackout may hide any number of times; only as many as could be asked for are looked through for the others.
    package func coming(_ count: Int, from due: Instant, in zone: some TimeZoneRules) -> [Instant] {
        var times: [Instant] = []
        var next: Instant? = due
        var looks = 0
        while let time = next, times.count < count, looks < Self.mostLooks {
            looks += 1
            if let blackout = blackouts.first(where: { $0.includes(time) }) {
                next = cron.next(after: blackout.until - .milliseconds(1), in: zone)
            } else {
                times.append(time)
                next = cron.next(after: time, in: zone)
            }
        }
        return times
    }

    /// Every blackout may be met once between two times.
    private static let mostLooks = 10 * (Limits.blackoutsPerSchedule.upperBound + 1)

    private var patience: Duration { .seconds(patienceMinutes * 60) }
}

extension Duration {
    fileprivate var inMinutes: Int64 { milliseconds / 60_000 }
}

/// What became of one time of a schedule.
package struct ScheduledRun: Sendable, Hashable {
    package enum Outcome: String, Sendable, Hashable, CaseIterable, Codable {
        case started = "STARTED"
        /// Its servers are in use; it is tried again.
        case waiting = "WAITING"
        case skippedBlackout = "SKIPPED_BLACKOUT"
        case skippedBusy = "SKIPPED_BUSY"
        /// Its time passed while no hub was there.
        case missed = "MISSED"
        /// The plan cannot be drilled as it is.
        case refused = "REFUSED"
    }

    package var dueAt: Instant
    package var decidedAt: Instant
    package var outcome: Outcome
    package var executionId: Execution.ID?
    package var detail: String?

    package init(
        dueAt: Instant,
        decidedAt: Instant,
        outcome: Outcome,
        executionId: Execution.ID? = nil,
        detail: String? = nil
    ) {
        self.dueAt = dueAt
        self.decidedAt = decidedAt
        self.outcome = outcome
        self.executionId = executionId
        self.detail = detail
    }
}

/// What must hold of a schedule beyond the form of each field.
package struct ScheduleRules: Sendable {
    let blackouts: [Schedule.Blackout]
    let next: Instant?

    /// - Parameters:
    ///   - blackouts: As they were written.
    ///   - next: When it would happen next; nil: never.
    package init(blackouts: [Schedule.Blackout], next: Instant?) {
        self.blackouts = blackouts
        self.next = next
    }

    /// The answer to the caller; nil when every rule holds.
    package var refusal: Refusal? {
        var pointers: [Refusal.Pointer] = []
        if next == nil { pointers.append(.init("/cron", "this time never comes")) }
        for (index, blackout) in blackouts.enumerated() where blackout.until <= blackout.from {
            pointers.append(.init("/blackouts/\(index)/until", "must be after from"))
        }
        guard let first = pointers.first else { return nil }
        let detail = pointers.count == 1 ? first.message : "\(pointers.count) rules are broken"
        return Refusal(.ruleBroken, detail, .pointers(pointers))
    }
}
