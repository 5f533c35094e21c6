internal import Ambient
package import Conductor
internal import Contract
package import PostgreSQL
internal import Recovery
internal import Store

/// What the calls about schedules do.
package struct Schedules: Sendable {
    let pool: Pool
    let zones: Conductor.Zones

    package init(pool: Pool, zones: @escaping Conductor.Zones) {
        self.pool = pool
        self.zones = zones
    }

    package func bind(to calls: inout Bindings) {
        calls.answer(ListSchedules.self) { call, context in try await list(call, context) }
        calls.answer(CreateSchedule.self) { call, context in try await create(call.body, context) }
        calls.answer(GetSchedule.self, finding: find) { call, context in try await show(call.scheduleId, context) }
        calls.answer(UpdateSchedule.self, finding: findToChange) { call, context in
            try await replace(call.scheduleId, by: call.body, context)
        }
        calls.answer(DeleteSchedule.self, finding: findToChange) { call, context in
            try await remove(call.scheduleId, context)
        }
        calls.answer(ListScheduleRuns.self, finding: find) { call, context in try await runs(call, context) }
    }

    @Sendable private func find(_ path: Bindings.PathValues, _ context: CallContext) async throws {
        let standing = try await pool.first(Schedule.find(path.value("scheduleId")))
        guard let standing, context.access.view.shows(standing.accounts) else { throw Problem.notFound("schedule") }
    }

    @Sendable private func findToChange(_ path: Bindings.PathValues, _ context: CallContext) async throws {
        guard let standing = try await pool.first(Schedule.find(path.value("scheduleId"))) else {
            throw Problem.notFound("schedule")
        }
        try context.require(standing.accounts, of: "schedule")
    }

    private func show(_ id: Schedule.ID, _ context: CallContext) async throws -> ScheduleView {
        guard let standing = try await pool.first(Schedule.find(id)) else { throw Problem.notFound("schedule") }
        return view(standing, for: context)
    }

    private func list(_ call: ListSchedules, _ context: CallContext) async throws -> Page<ScheduleView> {
        let paging = try Paging(call.limit, call.nextToken, order: "schedules", keys: 2)
        let last = try paging.nameAndIdentifier { Schedule.ID($0) }
        let schedules = try await pool.run(
            Schedule.list(
                of: call.planId,
                text: call.q,
                within: context.scope,
                after: last.map { (name: $0.0, id: $0.1) },
                limit: paging.limit
            )
        )
        return paging.page(of: schedules) {
            view($0, for: context)
        } keys: {
            [$0.schedule.scheduleName, $0.schedule.scheduleId.description]
        }
    }

    private func create(_ body: ScheduleBody, _ context: CallContext) async throws -> ScheduleView {
        let now = context.ambient.now
        let schedule = try Schedule(body, id: context.identifier(), by: context.caller, at: now)
        let due = try firstTime(of: schedule, after: now)
        if !context.isMade {
            try await schedule.create(
                through: pool,
                seeing: context.access.view,
                reaching: context.reach,
                due: due,
                as: context.deed
            )
        }
        return try await show(schedule.scheduleId, context)
    }

    private func replace(
        _ id: Schedule.ID,
        by body: ScheduleBody,
        _ context: CallContext
    ) async throws -> ScheduleView {
        let now = context.ambient.now
        // Who saw another revision is told so before anything else; the transaction asks again.
        guard let standing = try await pool.first(Schedule.find(id)) else { throw Problem.notFound("schedule") }
        try context.precondition.check(standing.schedule.revision)
        let schedule = try Schedule(body, id: id, by: context.caller, at: now)
        let isThere = try await schedule.replace(
            through: pool,
            seeing: context.access.view,
            reaching: context.reach,
            due: try firstTime(of: schedule, after: now),
            as: context.deed,
            checking: context.precondition.check
        )
        guard isThere else { throw Problem.notFound("schedule") }
        return try await show(id, context)
    }

    private func remove(_ id: Schedule.ID, _ context: CallContext) async throws -> NoContent {
        let isGone = try await Schedule.remove(
            id,
            through: pool,
            as: context.deed,
            checking: context.precondition.check
        )
        guard isGone else { throw Problem.notFound("schedule") }
        return NoContent()
    }

    private func runs(_ call: ListScheduleRuns, _ context: CallContext) async throws -> Page<ScheduleRunView> {
        let paging = try Paging(call.limit, call.nextToken, order: "schedule runs", keys: 1)
        let last = try paging.time()
        let runs = try await pool.run(ScheduledRun.list(of: call.scheduleId, before: last, limit: paging.limit))
        let accounts = try await pool.first(Schedule.find(call.scheduleId))?.accounts ?? []
        return paging.page(of: runs.map { ScheduleRunView(shown($0, of: accounts, to: context)) }) {
            [$0.dueAt.description]
        }
    }

    /// The first time of a schedule that is switched on; refuses what never happens and zones that there are not.
    private func firstTime(of schedule: Schedule, after now: Instant) throws -> Instant? {
        guard let zone = zones(schedule.timeZone) else {
            throw Refusal(
                .ruleBroken,
                "There is no time zone \(schedule.timeZone).",
                .pointers([.init("/timeZone", "must be a name of the IANA database, such as Europe/Berlin")])
            )
        }
        let next = schedule.cron.next(after: now, in: zone)
        if let refusal = ScheduleRules(blackouts: schedule.blackouts, next: next).refusal { throw refusal }
        return schedule.isEnabled ? next : nil
    }

    /// Why nothing began may name servers of any of the plan's accounts: it is told to those who may see them all.
    private func shown(_ run: ScheduledRun, of accounts: [AccountNumber], to context: CallContext) -> ScheduledRun {
        var shown = run
        if !context.access.view.covers(all: accounts) { shown.detail = nil }
        return shown
    }

    private func view(_ standing: ScheduleStanding, for context: CallContext) -> ScheduleView {
        let schedule = standing.schedule
        var times: [Instant] = []
        if let due = standing.dueAt, let zone = zones(schedule.timeZone) {
            times = schedule.coming(Limits.shownRuns, from: due, in: zone)
        }
        let lastRun = standing.lastRun.map { shown($0, of: standing.accounts, to: context) }
        return ScheduleView(schedule, planName: standing.planName, nextRuns: times, lastRun: lastRun)
    }
}

extension Schedule {
    fileprivate init(_ body: ScheduleBody, id: ID, by caller: Caller, at now: Instant) throws {
        let cron: CronExpression
        do {
            cron = try CronExpression(body.cron)
        } catch {
            throw Refusal(.ruleBroken, "The cron expression is wrong.", .pointers([.init("/cron", error.description)]))
        }
        self.init(
            scheduleId: id,
            scheduleName: body.scheduleName,
            planId: body.planId,
            description: body.description ?? "",
            cron: cron,
            timeZone: body.timeZone ?? "UTC",
            isEnabled: body.isEnabled ?? true,
            blackouts: body.blackouts ?? [],
            whenBusy: body.whenBusy ?? .wait,
            whenMissed: body.whenMissed ?? .start,
            patienceMinutes: body.patienceMinutes ?? Limits.defaultPatienceMinutes,
            cleanUpAfterHours: body.cleanUpAfterHours,
            noticeMinutes: body.noticeMinutes ?? Limits.defaultNoticeMinutes,
            createdDate: now,
            lastModifiedDate: now,
            createdBy: caller.name,
            revision: 1
        )
    }
}
