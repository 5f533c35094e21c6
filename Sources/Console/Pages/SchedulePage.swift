internal import Ambient
package import Contract
package import Hypertext
internal import Recovery

/// One schedule: its next times, and what became of those that came.
package struct SchedulePage: ConsolePage {
    package let schedule: ScheduleView
    /// The newest first.
    package let runs: [ScheduleRunView]
    /// What it may be for.
    package let plans: PlanChoices

    package init(schedule: ScheduleView, runs: [ScheduleRunView], plans: PlanChoices) {
        self.schedule = schedule
        self.runs = runs
        self.plans = plans
    }

    package var title: String { schedule.scheduleName }
    package var section: Section? { .schedules }
    package var trail: [Crumb] { [Crumb("Schedules", "/schedules")] }

    package func heading(for viewer: Viewer) -> HTML {
        let why = viewer.may(UpdateSchedule.permission) ? nil : "This needs the permission ExecuteRecovery."
        return Heading(
            title,
            badges: (schedule.isEnabled ? Status(.success, "Switched on") : Status(.stopped, "Switched off")).html,
            note: "\(schedule.description)",
            actions: """
                \(Button("Edit", opens: "edit", disabledBecause: why).html)\
                \(Button("Delete", .danger, opens: "remove", disabledBecause: why).html)
                """
        ).html
    }

    package func content(for viewer: Viewer) -> HTML {
        """
        \(summary)\(coming)\(history)\(if: viewer.may(UpdateSchedule.permission), dialogs)
        """
    }

    private var summary: HTML {
        Card(
            "Summary",
            KeyValues([
                ("Recovery plan", "<a href=\"\(Link.plan(schedule.planId))\">\(schedule.planName)</a>"),
                ("When", "<span class=\"code\">\(schedule.cron)</span>"), ("Time zone", "\(schedule.timeZone)"),
                ("Servers in use", schedule.whenBusy == .wait ? "Wait for them" : "Leave the drill out"),
                ("No hub was there", schedule.whenMissed == .start ? "Begin late" : "Leave the drill out"),
                ("How late it may begin", "\(Times.duration(schedule.patienceMinutes * 60))"),
                (
                    "Instances are terminated",
                    schedule.cleanUpAfterHours.map { "\($0) hours after the start" as HTML } ?? "by a person"
                ),
                (
                    "People are told",
                    schedule.noticeMinutes == 0 ? "not" : "\(Times.duration(schedule.noticeMinutes * 60)) before"
                ), ("Made by", "\(schedule.createdBy)"),
            ]).html
        ).html
    }

    private var coming: HTML {
        let blackouts = schedule.blackouts.html { blackout in
            "<li>\(Times.moment(blackout.from)) to \(Times.moment(blackout.until)): \(blackout.reason)</li>"
        }
        let times: HTML =
            schedule.nextRuns.isEmpty
            ? Empty("None", schedule.isEnabled ? "All its times lie in blackouts." : "It is switched off.").html
            : "<ol>\(schedule.nextRuns.html { "<li>\(Times.moment($0))</li>" })</ol>"
        return Card(
            "Next times",
            """
            \(times)\(if: !schedule.blackouts.isEmpty, "<h3>Blackouts, in which nothing begins</h3><ul>\(blackouts)</ul>")
            """
        ).html
    }

    private var history: HTML {
        Card(
            "What became of its times",
            runs.isEmpty
                ? Empty("Nothing yet", "None of its times has come.").html
                : Table(
                    "Times",
                    columns: [.init("Time"), .init("Outcome"), .init("Drill"), .init("Why")],
                    rows: runs.map { run in
                        Table.Row([
                            Times.moment(run.dueAt), Status(run.outcome).html,
                            run.executionId.map { "<a href=\"\(Link.execution($0))\">Open</a>" } ?? "-",
                            "\(run.detail ?? "-")",
                        ])
                    }
                ).html
        ).html
    }

    private var dialogs: HTML {
        Dialog(
            "edit",
            "Edit schedule",
            CallForm(
                Action(UpdateSchedule.self, [schedule.scheduleId.description]),
                submit: "Save",
                then: "/schedules/{scheduleId}",
                done: "The schedule is saved.",
                revision: schedule.revision,
                fields: ScheduleFields(schedule: schedule, plans: plans).html
            ).html
        ).html
            + Dialog(
                "remove",
                "Delete schedule",
                """
                <p><strong>\(schedule.scheduleName)</strong> starts no more drills. Those that it started stay.</p>\
                \(CallForm(
                    Action(DeleteSchedule.self, [schedule.scheduleId.description]),
                    submit: "Delete",
                    .danger,
                    then: "/schedules",
                    done: "The schedule is deleted.",
                    revision: schedule.revision
                ).html)
                """
            ).html
    }
}
