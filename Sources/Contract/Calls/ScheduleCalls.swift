package import JSON
package import Recovery

extension Contract {
    static let schedules: [CallDescription] = [
        CallDescription(ListSchedules.self), CallDescription(CreateSchedule.self), CallDescription(GetSchedule.self),
        CallDescription(UpdateSchedule.self), CallDescription(DeleteSchedule.self),
        CallDescription(ListScheduleRuns.self),
    ]
}

/// Lists schedules by name.
package struct ListSchedules: Call {
    package typealias Answer = Page<ScheduleView>
    package static let route = Route.get("/schedules", of: .schedules)
    package static let permission: Permission? = .viewResources
    package static let summary = "List schedules"
    package static let parameters: [Parameter] =
        [
            .query("planId", Shapes.identifier, "Only schedules of this plan."),
            .query("q", Shapes.search, "Part of the name."),
        ] + Parameter.paging

    package var planId: RecoveryPlan.ID?
    package var q: String?
    package var limit: Int?
    package var nextToken: String?

    package init(planId: RecoveryPlan.ID? = nil, q: String? = nil, limit: Int? = nil, nextToken: String? = nil) {
        self.planId = planId
        self.q = q
        self.limit = limit
        self.nextToken = nextToken
    }
}

/// Makes drills of a plan happen by themselves.
package struct CreateSchedule: Call {
    package typealias Answer = ScheduleView
    package static let route = Route.post("/schedules", of: .schedules, answering: .created)
    package static let permission: Permission? = .executeRecovery
    package static let summary = "Create a schedule"
    package static let details = """
        Starts drills of the plan at the times of a cron expression in a time zone, at most once an hour. A time that the \
        clocks jump over comes as much later as they jump; one that they show twice counts once.
        """
    package static let bodyShape: Shape? = Shapes.schedule

    package static func location(of answer: ScheduleView) -> String? {
        "\(Route.base)/schedules/\(answer.scheduleId)"
    }

    package var body: ScheduleBody

    package init(body: ScheduleBody) {
        self.body = body
    }
}

/// Shows one schedule with its next times.
package struct GetSchedule: Call {
    package typealias Answer = ScheduleView
    package static let route = Route.get("/schedules/{scheduleId}", of: .schedules)
    package static let permission: Permission? = .viewResources
    package static let summary = "Show a schedule"
    package static let parameters = [Parameter.schedule]

    package var scheduleId: Schedule.ID

    package init(scheduleId: Schedule.ID) {
        self.scheduleId = scheduleId
    }
}

/// Replaces what is said of a schedule.
package struct UpdateSchedule: Call {
    package typealias Answer = ScheduleView
    package static let route = Route.put("/schedules/{scheduleId}", of: .schedules)
    package static let permission: Permission? = .executeRecovery
    package static let summary = "Change a schedule"
    package static let details = "Its next time is worked out anew from now on; one that waits for servers is dropped."
    package static let parameters = [Parameter.schedule]
    package static let bodyShape: Shape? = Shapes.schedule

    package var scheduleId: Schedule.ID
    package var body: ScheduleBody

    package init(scheduleId: Schedule.ID, body: ScheduleBody) {
        self.scheduleId = scheduleId
        self.body = body
    }
}

/// Ends a schedule; the drills that it started stay.
package struct DeleteSchedule: Call {
    package typealias Answer = NoContent
    package static let route = Route.delete("/schedules/{scheduleId}", of: .schedules)
    package static let permission: Permission? = .executeRecovery
    package static let summary = "Delete a schedule"
    package static let parameters = [Parameter.schedule]

    package var scheduleId: Schedule.ID

    package init(scheduleId: Schedule.ID) {
        self.scheduleId = scheduleId
    }
}

/// Lists what became of a schedule's times, the newest first.
package struct ListScheduleRuns: Call {
    package typealias Answer = Page<ScheduleRunView>
    package static let route = Route.get("/schedules/{scheduleId}/runs", of: .schedules)
    package static let permission: Permission? = .viewResources
    package static let summary = "List what became of a schedule's times"
    package static let parameters: [Parameter] = [.schedule] + Parameter.paging

    package var scheduleId: Schedule.ID
    package var limit: Int?
    package var nextToken: String?

    package init(scheduleId: Schedule.ID, limit: Int? = nil, nextToken: String? = nil) {
        self.scheduleId = scheduleId
        self.limit = limit
        self.nextToken = nextToken
    }
}

extension Parameter {
    fileprivate static let schedule = Parameter.path("scheduleId", Shapes.identifier, "The schedule.")
}
