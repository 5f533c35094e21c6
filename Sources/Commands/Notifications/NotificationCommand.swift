internal import Ambient
internal import ArgumentParser
internal import Contract
internal import Recovery

struct NotificationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notification",
        abstract: "Who is told of what happens: webhooks, SNS topics, mail.",
        subcommands: [
            NotificationList.self, NotificationShow.self, NotificationWebhook.self, NotificationTopic.self,
            NotificationMail.self, NotificationChange.self, NotificationTest.self, NotificationDeliveries.self,
            NotificationResend.self, NotificationDelete.self,
        ]
    )
}

struct NotificationList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List notification targets by name."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var list: ListOptions
    @Option(help: "Part of the name.") var search: String?

    func run() async throws {
        try await common.session { session in
            let call = ListNotificationTargets(q: search)
            session.output.show(try await session.client.every(call, atMost: list.limit))
        }
    }
}

struct NotificationShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a notification target.")

    @OptionGroup var common: CommonOptions
    @Argument(help: "The target's name or id.") var target: String

    func run() async throws {
        try await common.session { session in
            let id = try await session.target(target)
            session.output.show(try await session.client.reply(to: GetNotificationTarget(targetId: id)))
        }
    }
}

struct NotificationTest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Send a message that says that it is a trial.",
        discussion: "What became of it: muster notification deliveries."
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The target's name or id.") var target: String

    func run() async throws {
        try await common.session { session in
            let id = try await session.target(target)
            let reply = try await session.client.reply(to: TestNotificationTarget(targetId: id))
            session.output.report(reply, "A trial is on its way to \(reply.answer.targetName).")
        }
    }
}

struct NotificationDeliveries: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliveries",
        abstract: "List a target's messages, the newest first."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var list: ListOptions
    @Argument(help: "The target's name or id.") var target: String
    @Option(help: "Only such messages; DEAD: those that were given up.") var state: NotificationDelivery.State?

    func run() async throws {
        try await common.session { session in
            let call = ListNotificationDeliveries(targetId: try await session.target(target), state: state)
            session.output.show(try await session.client.every(call, atMost: list.limit))
        }
    }
}

struct NotificationResend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resend",
        abstract: "Send a message again that was given up."
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The target's name or id.") var target: String
    @Argument(help: "The message's id.") var delivery: String

    func run() async throws {
        guard let id = NotificationDelivery.ID(delivery) else {
            throw ValidationError("A message is named by its id: muster notification deliveries.")
        }
        try await common.session { session in
            let call = ResendNotification(targetId: try await session.target(target), deliveryId: id)
            let reply = try await session.client.reply(to: call)
            session.output.report(reply, "The message is sent again: \(reply.answer.subject)")
        }
    }
}

struct NotificationDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a notification target with everything that waits for it."
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The target's name or id.") var target: String

    func run() async throws {
        try await common.session { session in
            _ = try await session.client.send(DeleteNotificationTarget(targetId: try await session.target(target)))
            session.output.report("Deleted the notification target \(target).")
        }
    }
}
