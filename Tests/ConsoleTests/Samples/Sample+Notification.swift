import Ambient
import Contract
import Recovery

extension Sample {
    static func target(
        _ kind: NotificationTarget.Kind = .webhook,
        _ text: String = "On call",
        dead: Int = 0,
        isEnabled: Bool = true
    ) -> NotificationTargetView {
        let address: NotificationTarget.Address =
            switch kind {
            case .webhook: .webhook(.init(url: text))
            case .topic: .topic(.init(accountId: label("111122223333"), topicArn: text))
            case .mail:
                .mail(.init(host: text, port: 587, security: .startTLS, username: text, from: text, to: [text, text]))
            }
        let target = NotificationTarget(
            targetId: id(50),
            targetName: text,
            description: text,
            address: address,
            eventKinds: [.waveWaiting, .executionEnded],
            accounts: isEnabled ? nil : [label("111122223333")],
            plans: isEnabled ? nil : [id(30)],
            isEnabled: isEnabled,
            createdDate: now,
            lastModifiedDate: now,
            createdBy: text,
            revision: 2
        )
        return NotificationTargetView(
            target,
            hasSecret: kind != .topic,
            waiting: 1,
            deadDeliveries: dead,
            lastDeliveredAt: dead > 0 ? nil : now
        )
    }

    static func delivery(_ state: NotificationDelivery.State, _ text: String) -> NotificationDeliveryView {
        NotificationDeliveryView(
            NotificationDelivery(
                deliveryId: id(51),
                targetId: id(50),
                state: state,
                notices: 3,
                subject: text,
                body: text,
                document: "{}",
                attempts: 2,
                nextAt: nil,
                problem: state == .dead ? text : nil,
                createdAt: now,
                endedAt: now
            )
        )
    }
}
