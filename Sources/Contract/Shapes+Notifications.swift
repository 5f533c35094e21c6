internal import JSON
internal import Recovery

/// The shape of a notification target.
extension Shapes {
    static let notificationTarget = Shape.object(
        name: "NotificationTarget",
        [
            .required("targetName", name),
            .optional("description", longText, default: "", nullable: true),
            .required("kind", .choice(NotificationTarget.Kind.self), "Which of webhook, sns and email is given."),
            .optional(
                "webhook",
                .object([
                    .required("url", webhookURL),
                    .optional(
                        "secret",
                        .line(Limits.webhookSecretLength),
                        "What messages are signed with; left out in a change: as before.",
                        nullable: true
                    ),
                ]),
                nullable: true
            ),
            .optional(
                "sns",
                .object([
                    .required("accountId", accountId, "The account whose spoke publishes."),
                    .required("topicArn", topic),
                ]),
                nullable: true
            ),
            .optional("email", mail, nullable: true),
            .required(
                "eventKinds",
                .array(
                    of: .choice(Notice.Kind.choices.map(\.rawValue)),
                    count: 0...Notice.Kind.choices.count,
                    unique: true
                )
            ),
            .optional(
                "accountIds",
                .array(of: accountId, count: Limits.namesPerTarget),
                "Only events about any of these accounts; null: about all.",
                nullable: true
            ),
            .optional(
                "planIds",
                .array(of: identifier, count: Limits.namesPerTarget),
                "Only events about any of these plans; null: about all.",
                nullable: true
            ),
            .optional("isEnabled", flag, default: true, nullable: true),
        ]
    )

    private static let mail = Shape.object([
        .required("host", hostName),
        .required("port", .whole(Limits.port)),
        .optional(
            "security",
            .choice(NotificationTarget.Mail.Security.self),
            "TLS from the first byte; STARTTLS or nothing; or STARTTLS where the server offers it.",
            default: "STARTTLS",
            nullable: true
        ),
        .optional("username", .line(Limits.bindingNameLength), nullable: true),
        .optional(
            "password",
            .line(Limits.bindingNameLength),
            "Left out in a change: as before, where server and user stay. Never sent without TLS.",
            nullable: true
        ),
        .required("from", mailAddress),
        .required("to", .array(of: mailAddress, count: Limits.mailReceivers)),
    ])

    private static let webhookURL = Shape.text(
        minimum: Limits.urlLength.lowerBound,
        maximum: Limits.urlLength.upperBound,
        pattern: Shape.Pattern(
            name: "an http or https URL of plain characters without user, password and fragment",
            regex: "^https?://([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?([/?][!-\"$-~]*)?$"
        ) { text in
            text.wholeMatch(of: /https?:\/\/([A-Za-z0-9.\-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?([\/?][!-"$-~]*)?/) != nil
        }
    )

    private static let topic = Shape.text(
        maximum: Limits.urlLength.upperBound,
        pattern: Shape.Pattern(
            name: "the ARN of an SNS topic that is no FIFO topic",
            regex: "^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$"
        ) { text in
            text.wholeMatch(of: /arn:aws[a-z\-]*:sns:[a-z0-9\-]+:[0-9]{12}:[A-Za-z0-9_\-]{1,256}/) != nil
        }
    )

    private static let hostName = Shape.text(
        minimum: Limits.hostLength.lowerBound,
        maximum: Limits.hostLength.upperBound,
        pattern: Shape.Pattern(name: "a host name or an address", regex: "^[A-Za-z0-9.:_-]*$") { text in
            text.wholeMatch(of: /[A-Za-z0-9.:_\-]*/) != nil
        }
    )

    /// Narrower than RFC 5321: nothing that would have to be quoted, so that nothing can be smuggled into a command.
    private static let mailAddress = Shape.text(
        minimum: Limits.mailAddressLength.lowerBound,
        maximum: Limits.mailAddressLength.upperBound,
        pattern: Shape.Pattern(
            name: "a mail address such as dr@example.com",
            regex: "^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+$"
        ) { text in
            text.wholeMatch(of: /[A-Za-z0-9.!#$%&'*+\/=?^_`{|}~\-]+@[A-Za-z0-9.\-]+/) != nil
        }
    )
}
