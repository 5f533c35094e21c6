package import Ambient
package import JSON
package import Recovery

/// A notification target as the API shows it: without its secret.
package struct NotificationTargetView: Codable, Sendable, Hashable, Revisioned {
    package var targetId: NotificationTarget.ID
    package var targetName: String
    package var description: String
    package var kind: NotificationTarget.Kind
    @Nullable package var webhook: NotificationTarget.Webhook?
    @Nullable package var sns: NotificationTarget.Topic?
    @Nullable package var email: NotificationTarget.Mail?
    /// Whether a secret or password is kept with it.
    package var hasSecret: Bool
    package var eventKinds: [Notice.Kind]
    /// Null: all accounts.
    @Nullable package var accountIds: [AccountNumber]?
    /// Null: all plans, and what is about no plan.
    @Nullable package var planIds: [RecoveryPlan.ID]?
    package var isEnabled: Bool
    /// Events and messages that are not delivered yet.
    package var waiting: Int
    /// Messages that were given up.
    package var deadDeliveries: Int
    @Nullable package var lastDeliveredAt: Instant?
    package var createdDate: Instant
    package var lastModifiedDate: Instant
    package var createdBy: String
    package var revision: Int

    package init(
        _ target: NotificationTarget,
        hasSecret: Bool,
        waiting: Int,
        deadDeliveries: Int,
        lastDeliveredAt: Instant?
    ) {
        targetId = target.targetId
        targetName = target.targetName
        description = target.description
        kind = target.address.kind
        switch target.address {
        case .webhook(let address): (webhook, sns, email) = (address, nil, nil)
        case .topic(let address): (webhook, sns, email) = (nil, address, nil)
        case .mail(let address): (webhook, sns, email) = (nil, nil, address)
        }
        self.hasSecret = hasSecret
        eventKinds = target.eventKinds
        accountIds = target.accounts
        planIds = target.plans
        isEnabled = target.isEnabled
        self.waiting = waiting
        self.deadDeliveries = deadDeliveries
        self.lastDeliveredAt = lastDeliveredAt
        createdDate = target.createdDate
        lastModifiedDate = target.lastModifiedDate
        createdBy = target.createdBy
        revision = target.revision
    }
}

/// What a client says of a notification target.
package struct NotificationTargetBody: Codable, Sendable, Hashable {
    package struct Webhook: Codable, Sendable, Hashable {
        package var url: String
        package var secret: String?

        package init(url: String, secret: String? = nil) {
            self.url = url
            self.secret = secret
        }
    }

    package struct Mail: Codable, Sendable, Hashable {
        package var host: String
        package var port: Int
        package var security: NotificationTarget.Mail.Security?
        package var username: String?
        package var password: String?
        package var from: String
        package var to: [String]

        package init(
            host: String,
            port: Int,
            security: NotificationTarget.Mail.Security? = nil,
            username: String? = nil,
            password: String? = nil,
            from: String,
            to: [String]
        ) {
            self.host = host
            self.port = port
            self.security = security
            self.username = username
            self.password = password
            self.from = from
            self.to = to
        }
    }

    package var targetName: String
    package var description: String?
    package var kind: NotificationTarget.Kind
    package var webhook: Webhook?
    package var sns: NotificationTarget.Topic?
    package var email: Mail?
    package var eventKinds: [Notice.Kind]
    package var accountIds: [AccountNumber]?
    package var planIds: [RecoveryPlan.ID]?
    package var isEnabled: Bool?

    package init(
        targetName: String,
        description: String? = nil,
        kind: NotificationTarget.Kind,
        webhook: Webhook? = nil,
        sns: NotificationTarget.Topic? = nil,
        email: Mail? = nil,
        eventKinds: [Notice.Kind],
        accountIds: [AccountNumber]? = nil,
        planIds: [RecoveryPlan.ID]? = nil,
        isEnabled: Bool? = nil
    ) {
        self.targetName = targetName
        self.description = description
        self.kind = kind
        self.webhook = webhook
        self.sns = sns
        self.email = email
        self.eventKinds = eventKinds
        self.accountIds = accountIds
        self.planIds = planIds
        self.isEnabled = isEnabled
    }
}

/// A message to a target, and what became of it.
package struct NotificationDeliveryView: Codable, Sendable, Hashable {
    package var deliveryId: NotificationDelivery.ID
    package var state: NotificationDelivery.State
    /// How many events it tells of.
    package var notices: Int
    package var subject: String
    package var body: String
    package var attempts: Int
    /// When it is tried next; null: it has ended.
    @Nullable package var nextAt: Instant?
    /// Why the last attempt failed.
    @Nullable package var problem: String?
    package var createdAt: Instant
    @Nullable package var endedAt: Instant?

    package init(_ delivery: NotificationDelivery) {
        deliveryId = delivery.deliveryId
        state = delivery.state
        notices = delivery.notices
        subject = delivery.subject
        body = delivery.body
        attempts = delivery.attempts
        nextAt = delivery.nextAt
        problem = delivery.problem
        createdAt = delivery.createdAt
        endedAt = delivery.endedAt
    }
}

/// What a webhook receives: notices, folded into one message.
package struct NotificationDocument: Codable, Sendable, Hashable {
    package struct Event: Codable, Sendable, Hashable {
        package var noticeId: Notice.ID
        package var kind: Notice.Kind
        package var at: Instant
        package var accountIds: [AccountNumber]
        @Nullable package var planId: RecoveryPlan.ID?
        @Nullable package var executionId: Execution.ID?
        package var title: String
        package var text: String
        /// Where the console shows it.
        @Nullable package var url: String?

        init(_ notice: Notice, url: String?) {
            noticeId = notice.noticeId
            kind = notice.kind
            at = notice.at
            accountIds = notice.accounts
            planId = notice.planId
            executionId = notice.executionId
            title = notice.title
            text = notice.text
            self.url = url
        }
    }

    /// The version of this form.
    package var version: Int
    /// The same when a message is delivered again.
    package var deliveryId: NotificationDelivery.ID
    package var targetName: String
    package var subject: String
    /// How many events there are, shown or not.
    package var count: Int
    package var counts: [NoticeMessage.Count]
    /// The first of them, the oldest first.
    package var events: [Event]

    package init(
        _ message: NoticeMessage,
        deliveryId: NotificationDelivery.ID,
        targetName: String,
        linking link: (Notice) -> String?
    ) {
        version = 1
        self.deliveryId = deliveryId
        self.targetName = targetName
        subject = message.subject
        count = message.count
        counts = message.counts
        events = message.shown.map { Event($0, url: link($0)) }
    }
}
