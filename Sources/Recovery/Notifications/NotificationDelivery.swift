package import Ambient

/// One message to one target: notices folded, and what became of it.
package struct NotificationDelivery: Sendable, Hashable {
    package typealias ID = Identifier<NotificationDelivery>

    package enum State: String, Sendable, Codable, CaseIterable {
        case waiting = "WAITING"
        case sending = "SENDING"
        /// A spoke was given it to publish.
        case withSpoke = "WITH_SPOKE"
        case delivered = "DELIVERED"
        /// It was given up; a person may have it sent again.
        case dead = "DEAD"
    }

    package var deliveryId: ID
    package var targetId: NotificationTarget.ID
    package var state: State
    /// How many notices it tells of.
    package var notices: Int
    package var subject: String
    /// What people read.
    package var body: String
    /// The same for programs, as JSON.
    package var document: String
    package var attempts: Int
    package var attemptsAllowed: Int
    package var nextAt: Instant?
    /// Why the last attempt failed.
    package var problem: String?
    package var createdAt: Instant
    package var endedAt: Instant?

    package init(
        deliveryId: ID,
        targetId: NotificationTarget.ID,
        state: State = .waiting,
        notices: Int,
        subject: String,
        body: String,
        document: String,
        attempts: Int = 0,
        attemptsAllowed: Int = Limits.deliveryAttempts,
        nextAt: Instant?,
        problem: String? = nil,
        createdAt: Instant,
        endedAt: Instant? = nil
    ) {
        self.deliveryId = deliveryId
        self.targetId = targetId
        self.state = state
        self.notices = notices
        self.subject = subject
        self.body = body
        self.document = document
        self.attempts = attempts
        self.attemptsAllowed = attemptsAllowed
        self.nextAt = nextAt
        self.problem = problem
        self.createdAt = createdAt
        self.endedAt = endedAt
    }
}
