internal import ArgumentParser
internal import Contract
internal import Recovery

struct NotificationWebhook: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhook",
        abstract: "Have a webhook told, by signed messages.",
        discussion: """
            openssl rand -hex 32 > secret
            muster notification webhook "On call" --url https://hooks.example.com/muster --secret-file secret \\
                --event WAVE_WAITING EXECUTION_ENDED

            Each message has Muster-Timestamp and Muster-Signature: v1=<hex>, the HMAC-SHA-256 of the timestamp, a full stop \
            and the body.
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var facts: NotificationFacts
    @Argument(help: "The target's name.") var name: String
    @Option(help: "Where messages are sent.") var url: String
    @Option(help: "A file with the secret that messages are signed with; - for standard input.", completion: .file())
    var secretFile: String

    func run() async throws {
        let webhook = NotificationTargetBody.Webhook(url: url, secret: try InputFile.line(secretFile))
        try await common.session { session in
            let body = NotificationTargetBody(targetName: name, kind: .webhook, webhook: webhook, eventKinds: [])
            try await facts.create(body, session)
        }
    }
}

struct NotificationTopic: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topic",
        abstract: "Have an SNS topic told, published to by a spoke of the account.",
        discussion: "The spoke's role needs sns:Publish on the topic."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var facts: NotificationFacts
    @Argument(help: "The target's name.") var name: String
    @Option(help: "The account whose spoke publishes.") var publisher: AccountNumber
    @Option(help: "The topic's ARN.") var topicArn: String

    func run() async throws {
        try await common.session { session in
            let topic = NotificationTarget.Topic(accountId: publisher, topicArn: topicArn)
            let body = NotificationTargetBody(targetName: name, kind: .topic, sns: topic, eventKinds: [])
            try await facts.create(body, session)
        }
    }
}

struct NotificationMail: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mail",
        abstract: "Have people told by mail, through a mail server.",
        discussion: """
            muster notification mail "DR team" --host smtp.example.com --port 587 --from dr@example.com \\
                --to ada@example.com --username dr --password-file password --event EXECUTION_ENDED
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var facts: NotificationFacts
    @Argument(help: "The target's name.") var name: String
    @Option(help: "The mail server.") var host: String
    @Option(help: "Its port.") var port = 587
    @Option(help: "TLS, STARTTLS, or WHERE_OFFERED.") var security = NotificationTarget.Mail.Security.startTLS
    @Option(help: "Who signs in to it.") var username: String?
    @Option(help: "A file with the password; - for standard input.", completion: .file()) var passwordFile: String?
    @Option(help: "Whom mail is from.") var from: String
    @Option(parsing: .upToNextOption, help: "Whom it is to.") var to: [String]

    func run() async throws {
        let mail = NotificationTargetBody.Mail(
            host: host,
            port: port,
            security: security,
            username: username,
            password: try passwordFile.map { try InputFile.line($0) },
            from: from,
            to: to
        )
        try await common.session { session in
            let body = NotificationTargetBody(targetName: name, kind: .mail, email: mail, eventKinds: [])
            try await facts.create(body, session)
        }
    }
}

struct NotificationChange: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "change",
        abstract: "Change a notification target, or switch it off and on.",
        discussion: "What is not named stays. Another's change in the meantime is not overwritten (REVISION_STALE)."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var facts: NotificationFacts
    @Argument(help: "The target's name or id.") var target: String
    @Option(help: "The new name.") var name: String?
    @Option(help: "The new URL of a webhook.") var url: String?
    @Option(help: "A file with the new secret or password; - for standard input.", completion: .file())
    var secretFile: String?
    @Option(parsing: .upToNextOption, help: "Whom mail is to.") var to: [String] = []
    @Flag(help: "Switch it on.") var enable = false
    @Flag(help: "Switch it off.") var disable = false
    @Flag(help: "Tell of all accounts.") var allAccounts = false
    @Flag(help: "Tell of all plans.") var allPlans = false

    func validate() throws {
        guard !(enable && disable) else { throw ValidationError("--enable and --disable exclude each other.") }
    }

    func run() async throws {
        let secret = try secretFile.map { try InputFile.line($0) }
        try await common.session { session in
            let old = try await session.client.send(GetNotificationTarget(targetId: try await session.target(target)))
            var body = NotificationTargetBody(old)
            try await facts.fill(&body, session)
            if let name { body.targetName = name }
            if let url { body.webhook?.url = url }
            if !to.isEmpty { body.email?.to = to }
            body.webhook?.secret = secret
            body.email?.password = secret
            if enable || disable { body.isEnabled = enable }
            if allAccounts { body.accountIds = nil }
            if allPlans { body.planIds = nil }
            let call = UpdateNotificationTarget(targetId: old.targetId, body: body)
            let reply = try await session.client.reply(to: call, ifMatch: old.revision)
            session.output.report(
                reply,
                "Changed the notification target \(reply.answer.targetName): revision \(reply.answer.revision)."
            )
        }
    }
}

/// What can be said of every target.
struct NotificationFacts: ParsableArguments {
    @Option(parsing: .upToNextOption, help: "What it is told of.") var event: [Notice.Kind] = []
    @Option(parsing: .upToNextOption, help: "Only of these accounts; all unless said.") var account: [AccountNumber] =
        []
    @Option(parsing: .upToNextOption, help: "Only of these plans, by name or id; all unless said.") var plan: [String] =
        []
    @Option(help: "What it is for.") var description: String?

    /// Writes what was said over what is there.
    func fill(_ body: inout NotificationTargetBody, _ session: Session) async throws {
        if !event.isEmpty { body.eventKinds = event }
        if !account.isEmpty { body.accountIds = account }
        if !plan.isEmpty {
            var plans: [RecoveryPlan.ID] = []
            for plan in plan { plans.append(try await session.plan(plan)) }
            body.planIds = plans
        }
        if let description { body.description = description }
    }

    func create(_ body: NotificationTargetBody, _ session: Session) async throws {
        var body = body
        try await fill(&body, session)
        let reply = try await session.client.reply(to: CreateNotificationTarget(body: body))
        session.output.report(
            reply,
            "Created the notification target \(reply.answer.targetName): \(reply.answer.targetId). "
                + "Try it with: muster notification test"
        )
    }
}

extension Notice.Kind: ExpressibleByArgument {
    init?(argument: String) {
        guard let kind = Self(rawValue: argument.uppercased()), Self.choices.contains(kind) else { return nil }
        self = kind
    }

    static var allValueStrings: [String] { choices.map(\.rawValue) }
}

extension NotificationDelivery.State: ExpressibleByArgument {}
extension NotificationTarget.Mail.Security: ExpressibleByArgument {}

extension NotificationTargetBody {
    /// What is said of a target now; its secret stays where it is.
    fileprivate init(_ view: NotificationTargetView) {
        self.init(
            targetName: view.targetName,
            description: view.description,
            kind: view.kind,
            webhook: view.webhook.map { Webhook(url: $0.url) },
            sns: view.sns,
            email: view.email.map { mail in
                Mail(
                    host: mail.host,
                    port: mail.port,
                    security: mail.security,
                    username: mail.username,
                    from: mail.from,
                    to: mail.to
                )
            },
            eventKinds: view.eventKinds,
            accountIds: view.accountIds,
            planIds: view.planIds,
            isEnabled: view.isEnabled
        )
    }
}
