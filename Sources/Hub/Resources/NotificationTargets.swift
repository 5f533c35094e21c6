internal import Ambient
internal import Audit
internal import Contract
internal import PostgreSQL
internal import Recovery
internal import Store

/// What the calls about notification targets do.
///
/// A target belongs to the hub and may be told of any account: so only who manages all accounts sees or changes one.
struct NotificationTargets: Sendable {
    let pool: Pool
    let secrets: NotificationSecrets
    let rule: DestinationRule

    func bind(to calls: inout Bindings) {
        calls.answer(ListNotificationTargets.self) { call, context in try await list(call, context) }
        calls.answer(CreateNotificationTarget.self) { call, context in try await create(call.body, context) }
        calls.answer(GetNotificationTarget.self, finding: find) { call, context in try await show(call.targetId) }
        calls.answer(UpdateNotificationTarget.self, finding: find) { call, context in
            try await replace(call.targetId, by: call.body, context)
        }
        calls.answer(DeleteNotificationTarget.self, finding: find) { call, context in
            try await remove(call.targetId, context)
        }
        calls.answer(TestNotificationTarget.self, finding: find) { call, context in
            try await test(call.targetId, context)
        }
        calls.answer(ListNotificationDeliveries.self, finding: find) { call, _ in try await deliveries(call) }
        calls.answer(ResendNotification.self, finding: find) { call, context in try await resend(call, context) }
    }

    @Sendable private func find(_ path: Bindings.PathValues, _ context: CallContext) async throws {
        guard context.reach == .all else { throw Problem.notFound("notification target") }
        _ = try await show(path.value("targetId"))
    }

    private func show(_ id: NotificationTarget.ID) async throws -> NotificationTargetView {
        guard let standing = try await pool.first(NotificationTarget.find(id)) else {
            throw Problem.notFound("notification target")
        }
        return NotificationTargetView(standing)
    }

    private func list(
        _ call: ListNotificationTargets,
        _ context: CallContext
    ) async throws -> Page<NotificationTargetView> {
        let paging = try Paging(call.limit, call.nextToken, order: "notification targets", keys: 2)
        let last = try paging.nameAndIdentifier { NotificationTarget.ID($0) }
        guard context.reach == .all else { return Page(items: [], nextToken: nil) }
        let targets = try await pool.run(
            NotificationTarget.list(text: call.q, after: last.map { (name: $0.0, id: $0.1) }, limit: paging.limit)
        )
        return paging.page(of: targets.map { NotificationTargetView($0) }) {
            [$0.targetName, $0.targetId.description]
        }
    }

    private func create(
        _ body: NotificationTargetBody,
        _ context: CallContext
    ) async throws -> NotificationTargetView {
        guard context.reach == .all else {
            throw Refusal(.outsideScope, "Who makes notification targets must manage all accounts.")
        }
        let target = try NotificationTarget(body, id: context.identifier(), by: context.caller, at: context.ambient.now)
        try check(target)
        if !context.isMade {
            let secret = try body.secret.map { try secrets.seal($0, of: target.targetId) }
            try await target.create(through: pool, secret: secret, as: context.deed)
        }
        return try await show(target.targetId)
    }

    private func replace(
        _ id: NotificationTarget.ID,
        by body: NotificationTargetBody,
        _ context: CallContext
    ) async throws -> NotificationTargetView {
        let target = try NotificationTarget(body, id: id, by: context.caller, at: context.ambient.now)
        try check(target)
        let isThere = try await target.replace(
            through: pool,
            secret: try body.secret.map { try secrets.seal($0, of: id) },
            as: context.deed,
            checking: context.precondition.check
        )
        guard isThere else { throw Problem.notFound("notification target") }
        return try await show(id)
    }

    /// What can be seen of an address without asking anybody; each delivery judges what its name leads to.
    private func check(_ target: NotificationTarget) throws {
        guard case .webhook(let webhook) = target.address else { return }
        guard let url = WebhookURL(webhook.url) else {
            throw Refusal(
                .ruleBroken,
                "The URL's port is none.",
                .pointers([.init("/webhook/url", "has no such port")])
            )
        }
        guard url.isSecure || rule.allowsAny else {
            throw Refusal(
                .ruleBroken,
                "Plain http is for networks that MUSTER_NOTIFICATION_NETWORKS names only.",
                .pointers([.init("/webhook/url", "must begin with https")])
            )
        }
        guard Network.bytes(of: url.host) == nil || rule.standing(of: url.host) != .refused else {
            throw Refusal(
                .ruleBroken,
                "An internal address is for networks that MUSTER_NOTIFICATION_NETWORKS names only.",
                .pointers([.init("/webhook/url", "must not be an internal address")])
            )
        }
    }

    private func remove(_ id: NotificationTarget.ID, _ context: CallContext) async throws -> NoContent {
        let isGone = try await NotificationTarget.remove(
            id,
            through: pool,
            as: context.deed,
            checking: context.precondition.check
        )
        guard isGone else { throw Problem.notFound("notification target") }
        return NoContent()
    }

    private func test(_ id: NotificationTarget.ID, _ context: CallContext) async throws -> NotificationTargetView {
        if !context.isMade {
            let notice = Notice(
                noticeId: context.ambient.identifier(),
                kind: .test,
                at: context.ambient.now,
                accounts: [],
                title: "A trial by \(context.caller.name)",
                text: "Nothing happened. Whoever reads this is told of what does."
            )
            try await pool.transaction { transaction in
                try await transaction.execute([
                    notice.tell(only: id), context.deed.done(to: "NotificationTarget", id, detail: "tried").insert,
                ])
            }
        }
        return try await show(id)
    }

    private func deliveries(_ call: ListNotificationDeliveries) async throws -> Page<NotificationDeliveryView> {
        let paging = try Paging(call.limit, call.nextToken, order: "notification deliveries", keys: 1)
        let last = try paging.key(0) { NotificationDelivery.ID($0) }
        let deliveries = try await pool.run(
            NotificationDelivery.list(of: call.targetId, in: call.state, before: last, limit: paging.limit)
        )
        return paging.page(of: deliveries.map { NotificationDeliveryView($0) }) { [$0.deliveryId.description] }
    }

    private func resend(_ call: ResendNotification, _ context: CallContext) async throws -> NotificationDeliveryView {
        let find = NotificationDelivery.find(call.deliveryId, of: call.targetId)
        guard try await pool.first(find) != nil else { throw Problem.notFound("message") }
        if !context.isMade {
            try await pool.transaction { transaction in
                let revive = NotificationDelivery.revive(call.deliveryId, of: call.targetId, at: context.ambient.now)
                guard try await transaction.first(revive) != nil else {
                    throw Refusal(.deliveryNotDead, "The message was not given up: only a dead one is sent again.")
                }
                let detail = "delivery \(call.deliveryId)"
                try await transaction.execute(
                    context.deed.done(to: "NotificationTarget", call.targetId, detail: detail).insert
                )
            }
        }
        guard let delivery = try await pool.first(find) else { throw Problem.notFound("message") }
        return NotificationDeliveryView(delivery)
    }
}

extension NotificationTargetView {
    fileprivate init(_ standing: NotificationTargetStanding) {
        self.init(
            standing.target,
            hasSecret: standing.hasSecret,
            waiting: standing.waiting,
            deadDeliveries: standing.deadDeliveries,
            lastDeliveredAt: standing.lastDeliveredAt
        )
    }
}

extension NotificationTargetBody {
    /// The webhook's secret or the mail server's password, whichever is given.
    fileprivate var secret: String? {
        switch kind {
        case .webhook: webhook?.secret
        case .mail: email?.password
        case .topic: nil
        }
    }
}

extension NotificationTarget {
    /// - Throws: `Refusal` when another address is given than `kind` says.
    fileprivate init(_ body: NotificationTargetBody, id: ID, by caller: Caller, at now: Instant) throws {
        let given: [(kind: Kind, name: String, address: Address?)] = [
            (.webhook, "webhook", body.webhook.map { .webhook(Webhook(url: $0.url)) }),
            (.topic, "sns", body.sns.map { .topic($0) }), (.mail, "email", body.email.map { .mail(Mail($0)) }),
        ]
        let wrong = given.filter { ($0.kind == body.kind) != ($0.address != nil) }
        guard wrong.isEmpty, let address = given.first(where: { $0.kind == body.kind })?.address else {
            let pointers = wrong.map { place in
                let isMissing = place.kind == body.kind
                return Refusal.Pointer("/\(place.name)", isMissing ? "is required for this kind" : "is of another kind")
            }
            throw Refusal(
                .ruleBroken,
                "A target of the kind \(body.kind.rawValue) has one address.",
                .pointers(pointers)
            )
        }
        self.init(
            targetId: id,
            targetName: body.targetName,
            description: body.description ?? "",
            address: address,
            eventKinds: body.eventKinds,
            accounts: body.accountIds.map { Set($0).sorted() },
            plans: body.planIds.map { Set($0).sorted() },
            isEnabled: body.isEnabled ?? true,
            createdDate: now,
            lastModifiedDate: now,
            createdBy: caller.name,
            revision: 1
        )
    }
}

extension NotificationTarget.Mail {
    fileprivate init(_ body: NotificationTargetBody.Mail) {
        self.init(
            host: body.host.lowercased(),
            port: body.port,
            security: body.security ?? .startTLS,
            username: body.username,
            from: body.from,
            to: body.to
        )
    }
}
