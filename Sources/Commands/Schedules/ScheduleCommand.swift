internal import ArgumentParser
internal import Contract
internal import Recovery

struct ScheduleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule",
        abstract: "Drills that happen by themselves.",
        subcommands: [
            ScheduleList.self, ScheduleShow.self, ScheduleCreate.self, ScheduleChange.self, ScheduleRuns.self,
            ScheduleDelete.self,
        ]
    )
}

struct ScheduleList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List schedules by name.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var list: ListOptions
    @Option(help: "Only schedules of this plan, by name or id.") var plan: String?
    @Option(help: "Part of the name.") var search: String?

    func run() async throws {
        try await common.session { session in
            var call = ListSchedules(q: search)
            if let plan { call.planId = try await session.plan(plan) }
            session.output.show(try await session.client.every(call, atMost: list.limit))
        }
    }
}

struct ScheduleShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a schedule with its next times."
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The schedule's name or id.") var schedule: String

    func run() async throws {
        try await common.session { session in
            let id = try await session.schedule(schedule)
            session.output.show(try await session.client.reply(to: GetSchedule(scheduleId: id)))
        }
    }
}

struct ScheduleRuns: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List what became of a schedule's times, the newest first."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var list: ListOptions
    @Argument(help: "The schedule's name or id.") var schedule: String

    func run() async throws {
        try await common.session { session in
            let call = ListScheduleRuns(scheduleId: try await session.schedule(schedule))
            session.output.show(try await session.client.every(call, atMost: list.limit))
        }
    }
}

struct ScheduleDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "End a schedule; the drills that it started stay."
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The schedule's name or id.") var schedule: String

    func run() async throws {
        try await common.session { session in
            _ = try await session.client.send(DeleteSchedule(scheduleId: try await session.schedule(schedule)))
            session.output.report("Deleted the schedule \(schedule).")
        }
    }
}
