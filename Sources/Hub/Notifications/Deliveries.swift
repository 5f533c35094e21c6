internal import Ambient
internal import Conductor
internal import Contract
internal import JSON
internal import Logging
internal import PostgreSQL
internal import Recovery
internal import Store

/// Sends what the outbox holds, at least once.
///
///     event ─► notification (its own transaction) ─► delivery (folded) ─► webhook · mail · spoke ─► DELIVERED | DEAD
///
/// Every replica looks. What a replica took that died is taken by another when its minute is over; a receiver knows the
/// repeated message by its delivery's identifier.
struct Deliveries: Sendable {
    let pool: Pool
    let hints: Hints
    let secrets: NotificationSecrets
    let webhooks: WebhookSender
    let mails: MailSender
    /// Where people reach the console: the first of the hub's own origins.
    let origin: String
    let ambient: Ambient
    let logger: Logger

    private static let pause = Duration.seconds(1)
    /// Targets folded, and messages sent, in one go.
    private static let atOnce = 10
    /// Notices of one message: what is above it becomes the next one.
    private static let noticesPerMessage = 5000
    /// A message that was taken is nobody else's for so long: twice what the slowest server is given.
    private static let lease = Duration.seconds(60)
    /// A spoke publishes within a second; one that is away may come back.
    private static let spokePatience = Duration.seconds(300)
    /// Looks between two at what is to be forgotten: an hour.
    private static let forgettingTurns = 3600

    /// Sends until cancelled; an unreachable database is reported once and tried again.
    func run() async {
        var (turn, isAway) = (0, false)
        while !Task.isCancelled {
            do {
                while try await look() { try Task.checkCancellation() }
                turn += 1
                if turn % Self.forgettingTurns == 0 { try await forget() }
                isAway = false
            } catch is CancellationError {
                return
            } catch {
                if !isAway { logger.error("nobody is notified; trying again", metadata: ["reason": "\(error)"]) }
                isAway = true
            }
            do { try await ambient.time.sleep(for: Self.pause) } catch { return }
        }
    }

    private func forget() async throws {
        let day = Duration.seconds(86_400)
        try await pool.execute(NotificationStatements.forget(before: ambient.now - day * Limits.deliveryDays))
    }

    /// Looks once; answers whether there may be more to do at once.
    func look() async throws -> Bool {
        guard let work = try await pool.first(NotificationWork.due(at: ambient.now)) else { return false }
        if work.publishing { try await settlePublished() }
        let folded = work.folding ? try await fold() : 0
        let sent = work.sending || folded > 0 ? try await send() : 0
        return folded == Self.atOnce || sent == Self.atOnce
    }

    // MARK: - Folding

    /// Makes a message of what waits for each target that is not to be left alone.
    private func fold() async throws -> Int {
        try await pool.transaction { transaction in
            let ready = try await transaction.run(NotificationStatements.ready(limit: Self.atOnce, at: ambient.now))
            for (id, pace) in ready { try await fold(for: id, pace, in: transaction) }
            return ready.count
        }
    }

    private func fold(
        for id: NotificationTarget.ID,
        _ former: NotificationPace,
        in transaction: Transaction
    ) async throws {
        let waiting = NotificationStatements.waiting(for: id, limit: Self.noticesPerMessage)
        let notices = try await transaction.run(waiting)
        guard !notices.isEmpty, let standing = try await transaction.first(NotificationTarget.find(id)) else { return }
        let (now, message) = (ambient.now, NoticeMessage(folding: notices))
        let deliveryId = ambient.identifier(for: NotificationDelivery.self)
        let document = NotificationDocument(
            message,
            deliveryId: deliveryId,
            targetName: standing.target.targetName,
            linking: link
        )
        let delivery = NotificationDelivery(
            deliveryId: deliveryId,
            targetId: id,
            notices: message.count,
            subject: message.subject,
            body: message.text(linking: link),
            document: JSON(document: document).text,
            nextAt: now,
            createdAt: now
        )
        var pace = former
        let rest = pace.sent(message.count, at: now)
        try await transaction.execute([
            delivery.insert, NotificationStatements.fold(notices.map(\.noticeId), for: id, into: deliveryId),
            NotificationStatements.rest(id, pace, until: rest),
        ])
    }

    private func link(_ notice: Notice) -> String? {
        if let id = notice.executionId { return "\(origin)/executions/\(id)" }
        return notice.planId.map { "\(origin)/recovery-plans/\($0)" }
    }

    // MARK: - Sending

    private func send() async throws -> Int {
        let now = ambient.now
        let taken = try await pool.run(
            NotificationDelivery.take(limit: Self.atOnce, until: now + Self.lease, at: now)
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            for taken in taken { group.addTask { try await deliver(taken) } }
            try await group.waitForAll()
        }
        return taken.count
    }

    private func deliver(_ taken: NotificationDelivery.Taken) async throws {
        if case .topic(let topic) = taken.target.address { return try await handOver(taken.delivery, to: topic) }
        var problem: DeliveryProblem?
        do {
            try await attempt(taken)
        } catch let found as DeliveryProblem {
            problem = found
        }
        try await settle(taken.delivery, problem)
    }

    private func attempt(_ taken: NotificationDelivery.Taken) async throws {
        let (delivery, target) = (taken.delivery, taken.target)
        switch target.address {
        case .webhook(let webhook):
            try await webhooks.send(
                Array(delivery.document.utf8),
                as: delivery.deliveryId,
                to: webhook.url,
                signedWith: try secrets.open(taken.secret, of: target.targetId),
                at: ambient.now
            )
        case .mail(let mail):
            let secret = mail.username == nil ? nil : try secrets.open(taken.secret, of: target.targetId)
            let host = WebhookURL(origin)?.host ?? "localhost"
            let message = MailMessage(
                from: mail.from,
                to: mail.to,
                subject: "[Muster] \(delivery.subject)",
                text: delivery.body,
                at: delivery.createdAt,
                messageId: "\(delivery.deliveryId)@\(host)"
            )
            let password = secret.map { String(decoding: $0, as: UTF8.self) }
            // An address as the name of a speaker stands in brackets (RFC 5321 section 4.1.3).
            let name = Network.bytes(of: host).map { $0.count == 4 ? "[\(host)]" : "[IPv6:\(host)]" } ?? host
            try await mails.send(message, through: mail, password: password, as: name)
        case .topic: preconditionFailure("a topic is published to by a spoke")
        }
    }

    private func settle(_ delivery: NotificationDelivery, _ problem: DeliveryProblem?) async throws {
        let course = problem.map { problem in
            DeliveryCourse.after(
                attempts: delivery.attempts,
                allowed: delivery.attemptsAllowed,
                isFinal: problem.isFinal,
                at: ambient.now,
                by: ambient.chance
            )
        }
        try await pool.execute(delivery.settle(course, problem: problem?.description, at: ambient.now))
        guard let problem else { return }
        logger.warning(
            "notification not delivered",
            metadata: [
                "delivery": "\(delivery.deliveryId)", "attempt": "\(delivery.attempts)",
                "isDead": "\(course == .dead)", "problem": "\(problem)",
            ]
        )
    }

    // MARK: - Spokes

    /// Has a spoke of the account publish it.
    private func handOver(_ delivery: NotificationDelivery, to topic: NotificationTarget.Topic) async throws {
        guard let region = topic.region else {
            return try await settle(delivery, DeliveryProblem("the topic is in no Region", isFinal: true))
        }
        let publish = Publish(topicArn: topic.topicArn, subject: delivery.subject, message: delivery.body)
        let command = CommandStatements.New(
            commandId: ambient.identifier(),
            key: delivery.commandKey,
            kind: AgentCommand.Kind.publish.rawValue,
            place: Place(accountId: topic.accountId, region: region),
            executionId: nil,
            state: "READY",
            isRecovery: false,
            serverCount: 0,
            body: JSON(document: publish).text
        )
        let now = ambient.now
        try await pool.transaction { transaction in
            try await transaction.execute([
                CommandStatements.insert(command, at: now), delivery.handOver(until: now + Self.spokePatience),
            ])
        }
        hints.send(.work(topic.accountId))
    }

    /// Notes what spokes made of messages, and takes back what no spoke took.
    private func settlePublished() async throws {
        let now = ambient.now
        for (delivery, state, said) in try await pool.run(NotificationDelivery.published(limit: Self.atOnce, at: now)) {
            switch state {
            case "DONE": try await settle(delivery, nil)
            case "FAILED": try await settle(delivery, DeliveryProblem("the spoke could not publish it: \(said ?? "")"))
            default:
                try await pool.execute(delivery.withdraw(at: now))
                try await settle(
                    delivery,
                    DeliveryProblem("no spoke that serves the topic's account and Region published it")
                )
            }
        }
    }
}
