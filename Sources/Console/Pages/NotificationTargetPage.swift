internal import Ambient
package import Contract
package import Hypertext
internal import Recovery

/// One notification target: how it is reached, and what became of its messages.
package struct NotificationTargetPage: ConsolePage {
    package let target: NotificationTargetView
    /// The newest first.
    package let deliveries: [NotificationDeliveryView]

    package init(target: NotificationTargetView, deliveries: [NotificationDeliveryView]) {
        self.target = target
        self.deliveries = deliveries
    }

    package var title: String { target.targetName }
    package var section: Section? { .notifications }
    package var trail: [Crumb] { [Crumb("Notifications", "/notification-targets")] }

    package func heading(for viewer: Viewer) -> HTML {
        let why =
            viewer.may(UpdateNotificationTarget.permission) ? nil : "This needs the permission ManageAccounts."
        return Heading(
            title,
            badges: Status(target).html,
            note: "\(target.description)",
            actions: """
                \(Button("Try it", opens: "try", disabledBecause: why).html)\
                \(Button("Edit", opens: "edit", disabledBecause: why).html)\
                \(Button("Delete", .danger, opens: "remove", disabledBecause: why).html)
                """
        ).html
    }

    package func content(for viewer: Viewer) -> HTML {
        "\(summary)\(history(viewer))\(if: viewer.may(UpdateNotificationTarget.permission), dialogs)"
    }

    private var summary: HTML {
        var rows: [(String, HTML)] = [
            ("Kind", "\(target.kind.words)"), ("To", "<span class=\"code\">\(target.destination)</span>"),
        ]
        if let email = target.email {
            rows.append(("Server", "\(email.host):\(email.port), \(email.security.rawValue)"))
            rows.append(("From", "\(email.from)"))
        }
        if let sns = target.sns { rows.append(("Published by a spoke of", "\(sns.accountId.rawValue)")) }
        rows += [
            ("Secret", target.hasSecret ? "Kept, and never shown" : "None"),
            ("Of what", "<ul>\(target.eventKinds.html { "<li>\($0.words)</li>" })</ul>"),
            ("Accounts", "\(target.accountIds.map { $0.map(\.rawValue).joined(separator: ", ") } ?? "All")"),
            ("Plans", "\(target.planIds.map { "\($0.count) chosen" } ?? "All")"), ("Made by", "\(target.createdBy)"),
        ]
        return Card("Summary", KeyValues(rows).html).html
    }

    private func history(_ viewer: Viewer) -> HTML {
        Card(
            "Messages",
            deliveries.isEmpty
                ? Empty("Nothing yet", "Nothing of what it is told of has happened.").html
                : Table(
                    "Messages",
                    columns: [
                        .init("Made"), .init("Stands"), .init("Message"), .init("Tried"), .init("Why not"),
                        .init("Send again"),
                    ],
                    rows: deliveries.map { delivery in
                        Table.Row([
                            Times.moment(delivery.createdAt), Status(delivery.state).html, "\(delivery.subject)",
                            "\(delivery.attempts)", "\(delivery.problem ?? "-")", again(delivery, viewer),
                        ])
                    }
                ).html
        ).html
    }

    private func again(_ delivery: NotificationDeliveryView, _ viewer: Viewer) -> HTML {
        guard delivery.state == .dead, viewer.may(ResendNotification.permission) else { return "-" }
        let path = Action(
            ResendNotification.self,
            [target.targetId.description, delivery.deliveryId.description]
        ).path
        return """
            <button type="button" class="button small" data-opens="resend" data-path="\(path)" \
            data-subject="\(delivery.subject)">Send again</button>
            """
    }

    private var dialogs: HTML {
        let id = target.targetId.description
        return Dialog(
            "edit",
            "Edit target",
            CallForm(
                Action(UpdateNotificationTarget.self, [id]),
                submit: "Save",
                then: "/notification-targets/{targetId}",
                done: "The target is saved.",
                revision: target.revision,
                fields: NotificationFields(target: target, kind: target.kind, form: "").html
            ).html
        ).html
            + dialog(
                "try",
                "Try the target",
                "It is sent a message that says that it is a trial.",
                CallForm(
                    Action(TestNotificationTarget.self, [id]),
                    submit: "Try it",
                    then: "/notification-targets/{targetId}",
                    done: "The trial is on its way."
                )
            )
            + dialog(
                "resend",
                "Send again",
                "<strong data-subject></strong> is sent again, and tried as often as a new message.",
                CallForm(
                    Action(ResendNotification.self, [id, "-"]),
                    submit: "Send again",
                    done: "The message is sent again."
                )
            )
            + dialog(
                "remove",
                "Delete target",
                "Everything that waits for <strong>\(target.targetName)</strong> is deleted with it.",
                CallForm(
                    Action(DeleteNotificationTarget.self, [id]),
                    submit: "Delete",
                    .danger,
                    then: "/notification-targets",
                    done: "The target is deleted.",
                    revision: target.revision
                )
            )
    }

    private func dialog(_ id: String, _ title: String, _ text: HTML, _ form: CallForm) -> HTML {
        Dialog(id, title, "<p>\(text)</p>\(form.html)").html
    }
}
