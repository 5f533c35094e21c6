internal import Console
internal import Contract
internal import Hypertext
internal import Recovery

extension Pages {
    /// The pages of what happens by itself.
    func bindSchedules(_ calls: inout Bindings) {
        page("/schedules", &calls) { visit in
            let answer = try await visit.ask(
                ListSchedules(q: visit.text("q"), limit: visit.rows, nextToken: visit.query["nextToken"])
            )
            let query = ListQuery(
                "/schedules",
                sort: "scheduleName",
                text: visit.text("q"),
                token: visit.query["nextToken"],
                nextToken: answer.nextToken
            )
            return SchedulesPage(schedules: answer.items, plans: try await Self.plans(visit), query: query)
        }
        page("/schedules/{scheduleId}", &calls) { visit in
            let id: Schedule.ID = try visit.parameter("scheduleId", of: "schedule")
            return SchedulePage(
                schedule: try await visit.ask(GetSchedule(scheduleId: id)),
                runs: try await visit.ask(ListScheduleRuns(scheduleId: id)).items,
                plans: try await Self.plans(visit)
            )
        }
    }

    /// The newest plans, as many as one page of a list has: more do not fit into a field of choices.
    private static func plans(_ visit: Visit) async throws -> [RecoveryPlanView] {
        try await visit.ask(ListRecoveryPlans(limit: Limits.pageSize.upperBound)).items
    }
}
