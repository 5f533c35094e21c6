internal import Ambient
internal import Contract
internal import Recovery

extension NotificationTargetView: Tabular, Detailed {
    static var columns: [Table.Column] {
        [.text("NAME"), .text("KIND"), .text("TO"), .text("EVENTS"), .text("DEAD"), .text("ID")]
    }

    private var address: String {
        if let webhook { return webhook.url }
        if let sns { return sns.topicArn }
        return email?.to.joined(separator: " ") ?? ""
    }

    var row: [Table.Cell] {
        [
            Table.Cell(targetName), Table.Cell(kind.rawValue),
            isEnabled ? Table.Cell(address) : Table.Cell("switched off", .faint),
            Table.Cell("\(eventKinds.count)"), Table.Cell("\(deadDeliveries)"),
            Table.Cell(targetId.description, .faint),
        ]
    }

    var quiet: String { targetId.description }

    var sections: [Section] {
        var fields: [(name: String, value: Table.Cell)] = [
            ("Target", Table.Cell(targetName, .strong)), ("Id", Table.Cell(targetId.description)),
            ("Kind", Table.Cell(kind.rawValue)), ("To", Table.Cell(address)),
            ("Switched", Table.Cell(isEnabled ? "on" : "off")),
            ("Secret", Table.Cell(hasSecret ? "kept" : "none")),
            ("Events", Table.Cell(eventKinds.map(\.rawValue).joined(separator: " "))),
            ("Accounts", Table.Cell(accountIds.map { $0.map(\.rawValue).joined(separator: " ") } ?? "all")),
            ("Plans", Table.Cell(planIds.map { $0.map(\.description).joined(separator: " ") } ?? "all")),
            ("Waiting", Table.Cell("\(waiting)")), ("Dead", Table.Cell("\(deadDeliveries)")),
            ("Last delivered", .optional(lastDeliveredAt.map { ClockText.of($0) })),
            ("Description", .optional(description.isEmpty ? nil : description)),
            ("Created by", Table.Cell(createdBy)), ("Revision", Table.Cell("\(revision)")),
        ]
        if let email {
            fields.insert(("Server", Table.Cell("\(email.host):\(email.port) \(email.security.rawValue)")), at: 4)
        }
        if let sns { fields.insert(("Published by", Table.Cell(sns.accountId.rawValue)), at: 4) }
        return [.fields(fields)]
    }
}

extension NotificationDeliveryView: Tabular, Detailed {
    static var columns: [Table.Column] {
        [
            .text("CREATED"), .text("STATE"), .text("EVENTS"), .text("TRIED"), .text("SUBJECT"), .text("PROBLEM"),
            .text("ID"),
        ]
    }

    var row: [Table.Cell] {
        [
            Table.Cell(ClockText.of(createdAt)), Table.Cell(state.rawValue), Table.Cell("\(notices)"),
            Table.Cell("\(attempts)"), Table.Cell(subject), .optional(problem),
            Table.Cell(deliveryId.description, .faint),
        ]
    }

    var quiet: String { deliveryId.description }

    var sections: [Section] {
        [
            .fields([
                ("Message", Table.Cell(subject, .strong)), ("Id", Table.Cell(deliveryId.description)),
                ("State", Table.Cell(state.rawValue)), ("Tried", Table.Cell("\(attempts)")),
                ("Problem", .optional(problem)),
            ])
        ]
    }
}
