/// What must hold of a target beyond the form of each field.
package struct NotificationRules: Sendable {
    let target: NotificationTarget
    let hasSecret: Bool

    /// - Parameters:
    ///   - target: As it is to be.
    ///   - hasSecret: Whether a secret goes with it, given now or kept from before.
    package init(target: NotificationTarget, hasSecret: Bool) {
        self.target = target
        self.hasSecret = hasSecret
    }

    /// The answer to the caller; nil when every rule holds.
    package var refusal: Refusal? {
        var pointers: [Refusal.Pointer] = []
        if target.eventKinds.isEmpty { pointers.append(.init("/eventKinds", "must name at least one")) }
        if let accounts = target.accounts, accounts.isEmpty {
            pointers.append(.init("/accountIds", "must name at least one, or be null for all"))
        }
        if let plans = target.plans, plans.isEmpty {
            pointers.append(.init("/planIds", "must name at least one, or be null for all"))
        }
        switch target.address {
        case .webhook:
            if !hasSecret { pointers.append(.init("/webhook/secret", "is required: messages are signed with it")) }
        case .topic(let topic):
            if topic.region == nil { pointers.append(.init("/sns/topicArn", "names no Region that DRS is in")) }
        case .mail(let mail):
            if mail.to.isEmpty { pointers.append(.init("/email/to", "must name at least one")) }
            if mail.username != nil, !hasSecret {
                let rule = "is required with a username, and anew where server or user change"
                pointers.append(.init("/email/password", rule))
            }
            if mail.username == nil, hasSecret {
                pointers.append(.init("/email/username", "is required with a password"))
            }
        }
        guard let first = pointers.first else { return nil }
        let detail = pointers.count == 1 ? "\(first.pointer) \(first.message)" : "\(pointers.count) rules are broken"
        return Refusal(.ruleBroken, detail, .pointers(pointers))
    }
}
