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
        fragment("/ui/plans", &calls) { visit in
            try await Self.plans(visit, text: visit.text("q")).list(visit.choice("as") ?? .several)
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

    /// The first plans by name, or those that somebody looks for.
    static func plans(_ visit: Visit, text: String? = nil) async throws -> PlanChoices {
        let answer = try await visit.ask(ListRecoveryPlans(q: text, sort: "planName", limit: PlanChoices.limit))
        return PlanChoices(
            plans: answer.items.map { PlanChoices.Plan($0.planId, $0.planName) },
            hasMore: answer.nextToken != nil
        )
    }
}
