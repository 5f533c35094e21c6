internal import ArgumentParser
internal import Contract
internal import Recovery

struct ScheduleCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make drills of a plan happen by themselves.",
        discussion: """
            muster schedule create "First Saturday" --plan Shop --cron "30 22 * * SAT#1" --time-zone Europe/Berlin \\
                --clean-up-after 12

            The five fields are minute, hour, day of the month, month and day of the week; the minute is one number. L is a \
            month's last day, SAT#1 its first Saturday, FRI#L its last Friday.
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var facts: ScheduleFacts
    @Argument(help: "The schedule's name.") var name: String
    @Option(help: "The plan's name or id.") var plan: String
    @Option(help: "When: five fields as cron has them.") var cron: String

    func run() async throws {
        try await common.session { session in
            var body = ScheduleBody(scheduleName: name, planId: try await session.plan(plan), cron: cron)
            facts.fill(&body)
            let reply = try await session.client.reply(to: CreateSchedule(body: body))
            let first = reply.answer.nextRuns.first.map { "\($0)" } ?? "never"
            session.output.report(reply, "Created the schedule \(name), next at \(first): \(reply.answer.scheduleId).")
        }
    }
}

struct ScheduleChange: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "change",
        abstract: "Change a schedule, or switch it off and on.",
        discussion: "What is not named stays. Another's change in the meantime is not overwritten (REVISION_STALE)."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var facts: ScheduleFacts
    @Argument(help: "The schedule's name or id.") var schedule: String
    @Option(help: "The new name.") var name: String?
    @Option(help: "When: five fields as cron has them.") var cron: String?
    @Flag(help: "Switch it on.") var enable = false
    @Flag(help: "Switch it off.") var disable = false
    @Flag(help: "Nothing is terminated by itself any more.") var noCleanUp = false
    @Flag(help: "Take all blackouts away.") var noBlackouts = false

    func validate() throws {
        guard !(enable && disable) else { throw ValidationError("--enable and --disable exclude each other.") }
        guard !facts.isEmpty || name != nil || cron != nil || enable || disable || noCleanUp || noBlackouts else {
            throw ValidationError("Say what to change.")
        }
    }

    func run() async throws {
        try await common.session { session in
            let old = try await session.client.send(GetSchedule(scheduleId: try await session.schedule(schedule)))
            var body = ScheduleBody(old)
            facts.fill(&body)
            if let name { body.scheduleName = name }
            if let cron { body.cron = cron }
            if enable || disable { body.isEnabled = enable }
            if noCleanUp { body.cleanUpAfterHours = nil }
            if noBlackouts { body.blackouts = nil }
            let call = UpdateSchedule(scheduleId: old.scheduleId, body: body)
            let reply = try await session.client.reply(to: call, ifMatch: old.revision)
            session.output.report(
                reply,
                "Changed the schedule \(reply.answer.scheduleName): revision \(reply.answer.revision)."
            )
        }
    }
}

extension ScheduleBody {
    /// What is said of a schedule now.
    fileprivate init(_ view: ScheduleView) {
        self.init(
            scheduleName: view.scheduleName,
            planId: view.planId,
            description: view.description,
            cron: view.cron,
            timeZone: view.timeZone,
            isEnabled: view.isEnabled,
            blackouts: view.blackouts,
            whenBusy: view.whenBusy,
            whenMissed: view.whenMissed,
            patienceMinutes: view.patienceMinutes,
            cleanUpAfterHours: view.cleanUpAfterHours,
            noticeMinutes: view.noticeMinutes
        )
    }
}
