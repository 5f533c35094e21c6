internal import Ambient
package import Contract
package import Hypertext
internal import Recovery

/// Who is told of what happens, and how each target stands.
package struct NotificationTargetsPage: ConsolePage {
    package let targets: [NotificationTargetView]
    package let query: ListQuery

    package init(
        targets: [NotificationTargetView],
        query: ListQuery = ListQuery("/notification-targets", sort: "targetName")
    ) {
        self.targets = targets
        self.query = query
    }

    package var title: String { "Notifications" }
    package var section: Section? { .notifications }

    package func heading(for viewer: Viewer) -> HTML {
        let why =
            viewer.may(CreateNotificationTarget.permission) ? nil : "This needs the permission ManageAccounts."
        let buttons = [("webhook", "New webhook"), ("topic", "New SNS topic"), ("mail", "New mail")]
        return Heading(
            title,
            count: query.count(targets.count),
            note: "Who is told of what happens, wherever they are.",
            actions: buttons.html { id, label in Button(label, opens: "new-\(id)", disabledBecause: why).html }
        ).html
    }

    package func content(for viewer: Viewer) -> HTML {
        let list: HTML =
            targets.isEmpty
            ? (query.isNarrowed
                ? Empty.noMatch("/notification-targets").html
                : Empty("Nobody is told", "A target is a signed webhook, an SNS topic, or people with a mail server.")
                    .html)
            : Table(
                title,
                columns: [
                    .init("Target"), .init("Stands"), .init("Kind"), .init("To"), .init("Last delivered"),
                ],
                rows: targets.map { row($0, viewer) }
            ).html
        return """
            <section class="card" aria-label="List">\
            \(Filter("/notification-targets", search: ("Find targets", query.text)).html)\
            \(list)\(query.pagination(targets.count))</section>\
            \(if: viewer.may(CreateNotificationTarget.permission), dialogs)
            """
    }

    private func row(_ target: NotificationTargetView, _ viewer: Viewer) -> Table.Row {
        Table.Row([
            "<a href=\"\(Link.notificationTarget(target.targetId))\" data-row-link>\(target.targetName)</a>",
            Status(target).html, "\(target.kind.words)", "<span class=\"code\">\(target.destination)</span>",
            target.lastDeliveredAt.map { Times.ago($0, at: viewer.now) } ?? "-",
        ])
    }

    private var dialogs: HTML {
        let kinds: [(id: String, kind: NotificationTarget.Kind, title: String)] = [
            ("webhook", .webhook, "New webhook"), ("topic", .topic, "New SNS topic"), ("mail", .mail, "New mail"),
        ]
        return kinds.html { id, kind, title in
            Dialog(
                "new-\(id)",
                title,
                CallForm(
                    Action(CreateNotificationTarget.self),
                    submit: "Create",
                    then: "/notification-targets/{targetId}",
                    done: "The target is made. Try it.",
                    fields: NotificationFields(target: nil, kind: kind, form: "\(id)-").html
                ).html
            ).html
        }
    }
}

/// The fields of a notification target of one kind.
struct NotificationFields: Sendable {
    let target: NotificationTargetView?
    let kind: NotificationTarget.Kind
    /// Tells the fields of several forms on a page apart.
    let form: String

    /// The port of mail that a program hands in (RFC 6409).
    private static let submissionPort = 587

    var html: HTML {
        """
        <div class="fields">\(Field.hidden("kind", kind.rawValue))\
        \(Field.text("targetName", "Name", value: target?.targetName, isRequired: true, form: form))\
        \(address)\(events)\
        \(Field.area("accountIds", "Only of these accounts", value: target?.accountIds.map { $0.map(\.rawValue).joined(separator: "\n") }, as: .optionalLines, hint: "One a line; empty: all.", form: form))\
        \(Field.area("description", "What it is for", value: target?.description, form: form))\
        \(Field.check("isEnabled", "Switched on", isOn: target?.isEnabled ?? true, form: form))\
        \((target?.planIds ?? []).html { Field.hidden("planIds[]", $0.description) })</div>
        """
    }

    private var address: HTML {
        switch kind {
        case .webhook:
            """
            \(Field.text("webhook.url", "URL", value: target?.webhook?.url, isRequired: true, maximum: Limits.urlLength.upperBound, form: form))\
            \(secret("webhook.secret", "Secret", "Messages are signed with it: 32 characters or more, such as openssl rand -hex 32 makes."))
            """
        case .topic:
            """
            \(Field.text("sns.accountId", "Published by a spoke of account", value: target?.sns?.accountId.rawValue, isRequired: true, form: form))\
            \(Field.text("sns.topicArn", "Topic's ARN", value: target?.sns?.topicArn, isRequired: true, maximum: Limits.urlLength.upperBound, form: form))
            """
        case .mail: mail
        }
    }

    private var mail: HTML {
        let email = target?.email
        return """
            \(Field.text("email.host", "Mail server", value: email?.host, isRequired: true, maximum: Limits.hostLength.upperBound, form: form))\
            \(Field.number("email.port", "Port", value: email?.port ?? Self.submissionPort, range: Limits.port, unit: "", form: form))\
            \(Field.select("email.security", "TLS", value: (email?.security ?? .startTLS).rawValue, options: [("STARTTLS", "STARTTLS"), ("TLS", "From the first byte"), ("WHERE_OFFERED", "Where the server offers it")], form: form))\
            \(Field.text("email.username", "User", value: email?.username, as: .optional, form: form))\
            \(secret("email.password", "Password", "Never sent without TLS."))\
            \(Field.text("email.from", "From", value: email?.from, isRequired: true, maximum: Limits.mailAddressLength.upperBound, form: form))\
            \(Field.area("email.to", "To", value: email?.to.joined(separator: "\n"), as: .lines, hint: "One a line.", isRequired: true, form: form))
            """
    }

    /// Never filled in: what is kept is not shown.
    private func secret(_ name: String, _ label: String, _ hint: String) -> HTML {
        let kept = target?.hasSecret == true ? " Empty: as before." : ""
        return Field.secret(name, label, hint: hint + kept, maximum: Limits.webhookSecretLength.upperBound, form: form)
    }

    private var events: HTML {
        """
        <fieldset class="field" data-field="eventKinds"><legend>Of what</legend>\(Notice.Kind.choices.html { kind in
            """
            <label><input type="checkbox" name="eventKinds[]" data-as="text" value="\(kind.rawValue)"\
            \(flag: "checked", target?.eventKinds.contains(kind) ?? true)> <span>\(kind.words)</span></label><br>
            """
        })<p class="problem"></p></fieldset>
        """
    }
}

extension Status {
    init(_ target: NotificationTargetView) {
        if target.deadDeliveries > 0 {
            self.init(.error, "\(target.deadDeliveries) dead")
        } else if !target.isEnabled {
            self.init(.stopped, "Switched off")
        } else if target.waiting > 0 {
            self.init(.pending, "\(target.waiting) waiting")
        } else {
            self.init(.success, "Delivered")
        }
    }

    init(_ state: NotificationDelivery.State) {
        switch state {
        case .waiting: self.init(.pending, "Waiting")
        case .sending: self.init(.running, "Sending")
        case .withSpoke: self.init(.running, "With a spoke")
        case .delivered: self.init(.success, "Delivered")
        case .dead: self.init(.error, "Dead")
        }
    }
}

extension NotificationTarget.Kind {
    var words: String {
        switch self {
        case .webhook: "Webhook"
        case .topic: "SNS topic"
        case .mail: "Mail"
        }
    }
}

extension NotificationTargetView {
    /// Where its messages go, in a line.
    var destination: String { webhook?.url ?? sns?.topicArn ?? email?.to.joined(separator: ", ") ?? "" }
}

extension Notice.Kind {
    var words: String {
        switch self {
        case .executionStarted: "A drill or recovery started"
        case .waveWaiting: "A wave waits for somebody"
        case .waveFailed: "A wave failed"
        case .serversFailed: "Servers failed"
        case .executionEnded: "A drill or recovery ended"
        case .cleanUpEnded: "A clean-up ended"
        case .scheduleComing: "A scheduled drill is about to begin"
        case .scheduleLeftOut: "A scheduled drill did not begin"
        case .campaignEnded: "A campaign ended"
        case .planNotReady: "A plan is not ready any more"
        case .spokeLost: "A spoke is lost"
        case .test: "A trial"
        }
    }
}
