internal import Ambient
internal import Audit
internal import Logging
internal import PostgreSQL
package import Recovery
internal import Store

/// Drills that happen by themselves.
///
/// Every replica looks. What becomes of a time is decided in the transaction that goes on to the next one, and a drill
/// starts in that same transaction: so each time is decided once, whatever number of replicas look and die.
extension Conductor {
    /// Finds the rules of a time zone by its IANA name; nil when there is none of that name.
    package typealias Zones = @Sendable (String) -> (any TimeZoneRules)?

    /// Between two looks; schedules are told by the minute.
    private static let schedulePause = Duration.seconds(2)
    /// Times decided in one go before it looks whether it is to stop.
    private static let timesPerTurn = 20

    /// Starts what is due until cancelled; an unreachable database is reported once and tried again.
    package func runSchedules(_ zones: Zones) async {
        var isAway = false
        while !Task.isCancelled {
            do {
                try await tellComing()
                while try await startScheduled(zones) == Self.timesPerTurn { try Task.checkCancellation() }
                isAway = false
            } catch is CancellationError {
                return
            } catch {
                if !isAway { logger.error("schedules are not kept; trying again", metadata: ["reason": "\(error)"]) }
                isAway = true
            }
            do { try await ambient.time.sleep(for: Self.schedulePause) } catch { return }
        }
    }

    /// Tells people of drills that are about to begin, each time once.
    package func tellComing() async throws {
        let now = ambient.now
        let coming = try await pool.run(Schedule.coming(at: now, limit: Self.timesPerTurn))
        for (schedule, due) in coming {
            let minutes = (due - now).milliseconds / 60_000
            let isTold = !schedule.isBlackedOut(at: due)
            try await pool.transaction { transaction in
                let noted = try await transaction.first(Schedule.noteTold(schedule.scheduleId, of: due))
                guard noted != nil, isTold else { return }
                let notice = try await notice(
                    .scheduleComing,
                    of: schedule,
                    "Scheduled drill \(schedule.scheduleName) begins in \(minutes) minutes",
                    "At \(due).\(schedule.description.isEmpty ? "" : "\n\(schedule.description)")",
                    in: transaction
                )
                try await transaction.execute(notice.tell)
            }
        }
    }

    private func notice(
        _ kind: Notice.Kind,
        of schedule: Schedule,
        _ title: String,
        _ text: String,
        in transaction: Transaction
    ) async throws -> Notice {
        Notice(
            noticeId: ambient.identifier(),
            kind: kind,
            at: ambient.now,
            accounts: try await transaction.first(RecoveryPlan.accounts(of: schedule.planId)) ?? [],
            planId: schedule.planId,
            title: title,
            text: text
        )
    }

    /// Decides about every time that has come; answers how many it looked at.
    @discardableResult
    package func startScheduled(_ zones: Zones) async throws -> Int {
        let due = try await pool.run(Schedule.due(at: ambient.now, limit: Self.timesPerTurn))
        var failure: ScheduleFailure?
        for (schedule, dueAt) in due {
            do {
                try await look(at: schedule, dueAt, zones)
            } catch let error where !(error is CancellationError) {
                // One that cannot be decided about now holds up no other.
                failure = ScheduleFailure(schedule: schedule.scheduleName, reason: "\(error)")
            }
        }
        if let failure { throw failure }
        return due.count
    }

    /// What kept a schedule's time from being decided about; it is looked at again.
    private struct ScheduleFailure: Error, CustomStringConvertible {
        let schedule: String
        let reason: String

        var description: String { "schedule \(schedule): \(reason)" }
    }

    private func look(at schedule: Schedule, _ due: Instant, _ zones: Zones) async throws {
        guard let zone = zones(schedule.timeZone) else {
            // The database of zones that came with this hub is older than the one it was made with.
            let why = "There is no time zone \(schedule.timeZone) here."
            return try await leave(schedule, at: due, .refused, why, UTC())
        }
        try await decide(about: schedule, at: due, in: zone)
    }

    private func decide(about schedule: Schedule, at due: Instant, in zone: some TimeZoneRules) async throws {
        let wasTried = try await pool.first(ScheduledRun.waits(schedule.scheduleId, at: due)) ?? false
        switch schedule.decision(at: due, now: ambient.now, in: zone, wasTried: wasTried) {
        case .leave(let outcome, let why): try await leave(schedule, at: due, outcome, why, zone)
        case .start:
            do {
                try await start(schedule, at: due, in: zone)
            } catch let refusal as Refusal {
                let now = ambient.now
                guard case .leave(let outcome, let why) = schedule.decision(at: due, now: now, after: refusal) else {
                    return try await wait(schedule, at: due, because: refusal.detail)
                }
                try await leave(schedule, at: due, outcome, why, zone)
            }
        }
    }

    /// Another replica has decided, or a person has changed the schedule.
    private struct Overtaken: Error {}

    private func start(_ schedule: Schedule, at due: Instant, in zone: some TimeZoneRules) async throws {
        let id = ambient.identifier(for: Execution.self)
        let next = schedule.cron.next(after: due, in: zone)
        let person = "schedule \(schedule.scheduleName)"
        let event = event("START_SCHEDULED", as: person)
        do {
            _ = try await start(as: id) { transaction in
                // The lock of the schedule comes first: who was overtaken must not wait for servers as well.
                let locked = try await transaction.first(Schedule.lock(schedule.scheduleId))
                guard let locked, locked.dueAt == due, locked.schedule.revision == schedule.revision else {
                    throw Overtaken()
                }
                guard
                    let plan = try await RecoveryPlan.gather(
                        schedule.planId,
                        within: nil,
                        in: transaction,
                        locking: true
                    )
                else { throw Overtaken() }
                let run = ScheduledRun(dueAt: due, decidedAt: ambient.now, outcome: .started, executionId: id)
                try await transaction.execute(run.keep(of: schedule.scheduleId))
                _ = try await transaction.first(Schedule.moveOn(schedule.scheduleId, from: due, to: next))
                return StartOrder(
                    plan: try plan.frozen(),
                    type: .drill,
                    reason: schedule.description.isEmpty ? nil : schedule.description,
                    declaredAt: nil,
                    cancelsDrills: false,
                    person: person,
                    cleanUpAfter: schedule.cleanUpAfterHours.map { .seconds($0 * 3600) },
                    as: Deed(event)
                )
            }
        } catch is Overtaken {
            return
        }
        logger.info(
            "scheduled drill started",
            metadata: ["schedule": "\(schedule.scheduleName)", "execution": "\(id)", "due": "\(due)"]
        )
    }

    /// Notes that nothing begins at this time, and goes on to the next.
    private func leave(
        _ schedule: Schedule,
        at due: Instant,
        _ outcome: ScheduledRun.Outcome,
        _ why: String,
        _ zone: some TimeZoneRules
    ) async throws {
        let run = ScheduledRun(dueAt: due, decidedAt: ambient.now, outcome: outcome, detail: why)
        let next = schedule.cron.next(after: due, in: zone)
        let event = event("LEAVE_SCHEDULED", as: "schedule \(schedule.scheduleName)")
        let isOurs = try await pool.transaction { transaction in
            let moved = try await transaction.first(Schedule.moveOn(schedule.scheduleId, from: due, to: next))
            guard moved != nil else { return false }
            let notice = try await notice(
                .scheduleLeftOut,
                of: schedule,
                "Scheduled drill \(schedule.scheduleName) did not begin: \(outcome.rawValue)",
                "It was due at \(due). \(why)",
                in: transaction
            )
            try await transaction.execute([
                run.keep(of: schedule.scheduleId),
                Deed(event).done(
                    to: "Schedule",
                    schedule.scheduleId,
                    accounts: notice.accounts,
                    detail: "\(outcome.rawValue) \(due): \(why)"
                ).insert,
                notice.tell,
            ])
            return true
        }
        guard isOurs else { return }
        logger.warning(
            "scheduled drill left out",
            metadata: ["schedule": "\(schedule.scheduleName)", "outcome": "\(outcome.rawValue)", "due": "\(due)"]
        )
    }

    private func wait(_ schedule: Schedule, at due: Instant, because why: String) async throws {
        let now = ambient.now
        let run = ScheduledRun(dueAt: due, decidedAt: now, outcome: .waiting, detail: why)
        try await pool.transaction { transaction in
            let locked = try await transaction.first(Schedule.lock(schedule.scheduleId))
            guard locked?.dueAt == due else { return }
            try await transaction.execute([
                run.keep(of: schedule.scheduleId),
                Schedule.lookLater(schedule.scheduleId, at: due, until: now + Schedule.retryInterval),
            ])
        }
    }

    private func event(_ action: String, as person: String) -> AuditEvent {
        AuditEvent(eventId: ambient.identifier(), at: ambient.now, principal: person, action: action)
    }
}
