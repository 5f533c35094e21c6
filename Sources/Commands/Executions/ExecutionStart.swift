internal import Ambient
internal import ArgumentParser
internal import Contract
internal import Recovery

struct ExecutionStart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Start a drill, or with --type recovery a real recovery, of a plan."
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The plan's name or id.") var plan: String
    @Option(help: "drill or recovery.") var type = ExecutionType.drill
    @Option(help: "Why.") var reason: String?
    @Option(help: "When the disaster was declared: the recovery time counts from there.") var declaredAt: Instant?
    @Option(help: "Hours after its start at which a drill's instances are terminated by themselves.")
    var cleanUpAfter: Int?
    @Flag(help: "Cancel drills that are in the way and have no job running; for a recovery.") var cancelDrills = false
    @Flag(help: "Watch it to its end; the exit status is then that of execution watch.") var watch = false
    @Flag(help: "With --watch: stop watching when it waits for a person.") var untilPaused = false

    func validate() throws {
        guard !cancelDrills || type == .recovery else {
            throw ValidationError("--cancel-drills is for --type recovery.")
        }
        guard cleanUpAfter == nil || type == .drill else {
            throw ValidationError("--clean-up-after is for drills.")
        }
        guard !untilPaused || watch else { throw ValidationError("--until-paused belongs to --watch.") }
        guard !watch || common.format == .table else { throw ValidationError("--watch has no JSON; leave it out.") }
    }

    func run() async throws {
        try await common.session { session in
            let body = StartExecution.Body(
                planId: try await session.plan(plan),
                executionType: type,
                reason: reason,
                declaredAt: declaredAt,
                cancelDrills: cancelDrills ? true : nil,
                cleanUpAfterHours: cleanUpAfter
            )
            let reply = try await session.client.reply(to: StartExecution(body: body))
            let (id, kind) = (reply.answer.executionId, type.rawValue.lowercased())
            session.output.report(reply, "Started a \(kind) of \(reply.answer.planName): \(id)")
            guard watch else { return }
            throw Ending(status: try await Watch(session, id, untilPaused: untilPaused).run())
        }
    }
}
