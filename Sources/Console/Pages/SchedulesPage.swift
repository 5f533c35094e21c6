internal import Ambient
package import Contract
package import Hypertext
internal import Recovery

/// The drills that happen by themselves: when next, and what became of the last.
package struct SchedulesPage: ConsolePage {
    package let schedules: [ScheduleView]
    /// What a new schedule may be for.
    package let plans: PlanChoices
    package let query: ListQuery

    package init(
        schedules: [ScheduleView],
        plans: PlanChoices,
        query: ListQuery = ListQuery("/schedules", sort: "scheduleName")
    ) {
        self.schedules = schedules
        self.plans = plans
        self.query = query
    }

    package var title: String { "Schedules" }
    package var section: Section? { .schedules }

    private func reason(_ viewer: Viewer) -> String? {
        guard viewer.may(CreateSchedule.permission) else { return "This needs the permission ExecuteRecovery." }
        return plans.plans.isEmpty ? "There is no recovery plan yet." : nil
    }

    package func heading(for viewer: Viewer) -> HTML {
        Heading(
            title,
            count: query.count(schedules.count),
            note: "Drills that happen by themselves.",
            actions: Button("New schedule", .primary, opens: "new", icon: "plus", disabledBecause: reason(viewer)).html
        ).html
    }

    package func content(for viewer: Viewer) -> HTML {
        let list: HTML =
            schedules.isEmpty
            ? (query.isNarrowed
                ? Empty.noMatch("/schedules").html
                : Empty("No schedules", "A schedule starts drills of a plan, every quarter or every week.").html)
            : Table(
                title,
                columns: [
                    .init("Schedule"), .init("Last time"), .init("Plan"), .init("When"), .init("Next time"),
                ],
                rows: schedules.map(row)
            ).html
        return """
            <section class="card" aria-label="List">\(Filter("/schedules", search: ("Find schedules", query.text)).html)\
            \(list)\(query.pagination(schedules.count))</section>\(if: reason(viewer) == nil, new)
            """
    }

    private func row(_ schedule: ScheduleView) -> Table.Row {
        Table.Row([
            "<a href=\"\(Link.schedule(schedule.scheduleId))\" data-row-link>\(schedule.scheduleName)</a>",
            schedule.lastRun.map { Status($0.outcome).html } ?? "-",
            "<a href=\"\(Link.plan(schedule.planId))\">\(schedule.planName)</a>",
            "<span class=\"code\">\(schedule.cron)</span><span class=\"quiet detail\">\(schedule.timeZone)</span>",
            schedule.isEnabled ? Times.moment(schedule.nextRuns.first) : Status(.stopped, "Switched off").html,
        ])
    }

    private var new: HTML {
        Dialog(
            "new",
            "New schedule",
            CallForm(
                Action(CreateSchedule.self),
                submit: "Create",
                then: "/schedules/{scheduleId}",
                done: "The schedule is made.",
                fields: ScheduleFields(schedule: nil, plans: plans).html
            ).html
        ).html
    }
}

/// The fields of a schedule.
struct ScheduleFields: Sendable {
    let schedule: ScheduleView?
    let plans: PlanChoices

    /// A day: long enough to look at what was launched, and no weekend of instances that nobody needs.
    private static let usualCleanUpHours = 24

    var html: HTML {
        """
        <div class="fields">\(Field.text("scheduleName", "Name", value: schedule?.scheduleName, isRequired: true))\
        \(plans.field(.one, "Recovery plan", chosen: schedule.map { PlanChoices.Plan($0.planId, $0.planName) }))\
        \(Field.text("cron", "When", value: schedule?.cron ?? "30 22 * * SAT#1", hint: "Minute, hour, day of the month, month, day of the week. SAT#1: the first Saturday; L: a month's last day.", isRequired: true, maximum: Limits.cronLength.upperBound))\
        \(Field.text("timeZone", "Time zone", value: schedule?.timeZone ?? "UTC", hint: "An IANA name, such as Europe/Berlin.", isRequired: true, maximum: Limits.timeZoneLength.upperBound))\
        \(Field.select("whenBusy", "When its servers are in use", value: (schedule?.whenBusy ?? .wait).rawValue, options: [("WAIT", "Wait for them"), ("SKIP", "Leave the drill out")]))\
        \(Field.select("whenMissed", "When no hub was there", value: (schedule?.whenMissed ?? .start).rawValue, options: [("START", "Begin late"), ("SKIP", "Leave the drill out")]))\
        \(Field.number("patienceMinutes", "How late it may begin", value: schedule?.patienceMinutes ?? Limits.defaultPatienceMinutes, range: Limits.patienceMinutes, unit: "minutes"))\
        \(Field.number("cleanUpAfterHours", "Terminate its instances after", value: schedule == nil ? Self.usualCleanUpHours : schedule?.cleanUpAfterHours, range: Limits.cleanUpHours, unit: "hours", hint: "Empty: a person does it."))\
        \(Field.number("noticeMinutes", "Tell people before", value: schedule?.noticeMinutes ?? Limits.defaultNoticeMinutes, range: Limits.noticeMinutes, unit: "minutes", hint: "By the notification targets; 0: not."))\
        \(Field.area("description", "Why", value: schedule?.description))\
        \(Field.check("isEnabled", "Switched on", isOn: schedule?.isEnabled ?? true))\(blackouts)</div>
        """
    }

    /// Sent back as they are: a form replaces the whole schedule.
    private var blackouts: HTML {
        (schedule?.blackouts ?? []).enumerated().html { index, blackout in
            """
            \(Field.hidden("blackouts.\(index).from", blackout.from.description))\
            \(Field.hidden("blackouts.\(index).until", blackout.until.description))\
            \(Field.hidden("blackouts.\(index).reason", blackout.reason))
            """
        }
    }
}

extension Status {
    init(_ outcome: ScheduledRun.Outcome) {
        switch outcome {
        case .started: self.init(.success, "Started")
        case .waiting: self.init(.pending, "Waiting")
        case .skippedBlackout: self.init(.stopped, "Blackout")
        case .skippedBusy: self.init(.warning, "Servers busy")
        case .missed: self.init(.warning, "Missed")
        case .refused: self.init(.error, "Refused")
        }
    }
}
