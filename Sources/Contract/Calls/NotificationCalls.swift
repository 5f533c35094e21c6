package import JSON
package import Recovery

extension Contract {
    static let notifications: [CallDescription] = [
        CallDescription(ListNotificationTargets.self), CallDescription(CreateNotificationTarget.self),
        CallDescription(GetNotificationTarget.self), CallDescription(UpdateNotificationTarget.self),
        CallDescription(DeleteNotificationTarget.self), CallDescription(TestNotificationTarget.self),
        CallDescription(ListNotificationDeliveries.self), CallDescription(ResendNotification.self),
    ]
}

/// Lists notification targets by name.
package struct ListNotificationTargets: Call {
    package typealias Answer = Page<NotificationTargetView>
    package static let route = Route.get("/notification-targets", of: .notifications)
    package static let permission: Permission? = .manageAccounts
    package static let summary = "List notification targets"
    package static let details = "They belong to the hub, so that only those who manage all accounts are shown any."
    package static let parameters: [Parameter] = [.query("q", Shapes.search, "Part of the name.")] + Parameter.paging

    package var q: String?
    package var limit: Int?
    package var nextToken: String?

    package init(q: String? = nil, limit: Int? = nil, nextToken: String? = nil) {
        self.q = q
        self.limit = limit
        self.nextToken = nextToken
    }
}

/// Has people told of what happens: by a signed webhook, an SNS topic or mail.
package struct CreateNotificationTarget: Call {
    package typealias Answer = NotificationTargetView
    package static let route = Route.post("/notification-targets", of: .notifications, answering: .created)
    package static let permission: Permission? = .manageAccounts
    package static let summary = "Create a notification target"
    package static let details = """
        Messages are delivered at least once. A webhook's carry `Muster-Timestamp` (Unix seconds) and `Muster-Signature: \
        v1=<hex>`, the HMAC-SHA-256 of the timestamp, a full stop and the body under the target's secret. An SNS topic is \
        published to by a spoke of the account. Secrets are kept sealed and never shown.
        """
    package static let bodyShape: Shape? = Shapes.notificationTarget

    package static func location(of answer: NotificationTargetView) -> String? {
        "\(Route.base)/notification-targets/\(answer.targetId)"
    }

    package var body: NotificationTargetBody

    package init(body: NotificationTargetBody) {
        self.body = body
    }
}

/// Shows one notification target.
package struct GetNotificationTarget: Call {
    package typealias Answer = NotificationTargetView
    package static let route = Route.get("/notification-targets/{targetId}", of: .notifications)
    package static let permission: Permission? = .manageAccounts
    package static let summary = "Show a notification target"
    package static let parameters = [Parameter.target]

    package var targetId: NotificationTarget.ID

    package init(targetId: NotificationTarget.ID) {
        self.targetId = targetId
    }
}

/// Replaces what is said of a notification target.
package struct UpdateNotificationTarget: Call {
    package typealias Answer = NotificationTargetView
    package static let route = Route.put("/notification-targets/{targetId}", of: .notifications)
    package static let permission: Permission? = .manageAccounts
    package static let summary = "Change a notification target"
    package static let details = """
        A secret or password that is left out stays as it is. Messages that are on their way go to the new address.
        """
    package static let parameters = [Parameter.target]
    package static let bodyShape: Shape? = Shapes.notificationTarget

    package var targetId: NotificationTarget.ID
    package var body: NotificationTargetBody

    package init(targetId: NotificationTarget.ID, body: NotificationTargetBody) {
        self.targetId = targetId
        self.body = body
    }
}

/// Removes a notification target with everything that was meant for it.
package struct DeleteNotificationTarget: Call {
    package typealias Answer = NoContent
    package static let route = Route.delete("/notification-targets/{targetId}", of: .notifications)
    package static let permission: Permission? = .manageAccounts
    package static let summary = "Delete a notification target"
    package static let parameters = [Parameter.target]

    package var targetId: NotificationTarget.ID

    package init(targetId: NotificationTarget.ID) {
        self.targetId = targetId
    }
}

/// Sends a message that says that it is a trial.
package struct TestNotificationTarget: Call {
    package typealias Answer = NotificationTargetView
    package static let route = Route.post(
        "/notification-targets/{targetId}/test",
        of: .notifications,
        answering: .accepted
    )
    package static let permission: Permission? = .manageAccounts
    package static let summary = "Try a notification target"
    package static let details = "What became of the message stands among the target's deliveries."
    package static let parameters = [Parameter.target]

    package var targetId: NotificationTarget.ID

    package init(targetId: NotificationTarget.ID) {
        self.targetId = targetId
    }
}

/// Lists the messages of a target, the newest first.
package struct ListNotificationDeliveries: Call {
    package typealias Answer = Page<NotificationDeliveryView>
    package static let route = Route.get("/notification-targets/{targetId}/deliveries", of: .notifications)
    package static let permission: Permission? = .manageAccounts
    package static let summary = "List a target's messages"
    package static let parameters: [Parameter] =
        [.target, .query("state", .choice(NotificationDelivery.State.self), "Only such messages.")] + Parameter.paging

    package var targetId: NotificationTarget.ID
    package var state: NotificationDelivery.State?
    package var limit: Int?
    package var nextToken: String?

    package init(
        targetId: NotificationTarget.ID,
        state: NotificationDelivery.State? = nil,
        limit: Int? = nil,
        nextToken: String? = nil
    ) {
        self.targetId = targetId
        self.state = state
        self.limit = limit
        self.nextToken = nextToken
    }
}

/// Sends a message again that was given up.
package struct ResendNotification: Call {
    package typealias Answer = NotificationDeliveryView
    package static let route = Route.post(
        "/notification-targets/{targetId}/deliveries/{deliveryId}/resend",
        of: .notifications,
        answering: .accepted
    )
    package static let permission: Permission? = .manageAccounts
    package static let summary = "Send a dead message again"
    package static let parameters = [
        Parameter.target, .path("deliveryId", Shapes.identifier, "The message."),
    ]

    package var targetId: NotificationTarget.ID
    package var deliveryId: NotificationDelivery.ID

    package init(targetId: NotificationTarget.ID, deliveryId: NotificationDelivery.ID) {
        self.targetId = targetId
        self.deliveryId = deliveryId
    }
}

extension Parameter {
    fileprivate static let target = Parameter.path("targetId", Shapes.identifier, "The notification target.")
}
