internal import Console
internal import Contract
internal import Hypertext
internal import Recovery

extension Pages {
    /// The pages of who is told of what happens.
    func bindNotifications(_ calls: inout Bindings) {
        page("/notification-targets", &calls) { visit in
            let answer = try await visit.ask(
                ListNotificationTargets(q: visit.text("q"), nextToken: visit.query["nextToken"])
            )
            let query = ListQuery(
                "/notification-targets",
                sort: "targetName",
                text: visit.text("q"),
                token: visit.query["nextToken"],
                nextToken: answer.nextToken
            )
            return NotificationTargetsPage(targets: answer.items, query: query)
        }
        page("/notification-targets/{targetId}", &calls) { visit in
            let id: NotificationTarget.ID = try visit.parameter("targetId", of: "notification target")
            return NotificationTargetPage(
                target: try await visit.ask(GetNotificationTarget(targetId: id)),
                deliveries: try await visit.ask(ListNotificationDeliveries(targetId: id)).items
            )
        }
    }
}
