internal import ArgumentParser

struct ExecutionWatch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Watch an execution to its end.",
        discussion: """
            On a terminal a bar a wave, drawn anew as things happen; elsewhere one line an event, with its time in UTC. A \
            hub that restarts is waited for. To stop watching stops nothing else.

            The exit status is 0 for COMPLETED, 3 PARTIAL, 4 FAILED, 5 CANCELLED, and with --until-paused 6 when it waits \
            for a person.
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var named: ExecutionArgument
    @Flag(help: "Stop watching when it waits for a person.") var untilPaused = false
    @Flag(help: "Plain lines on a terminal, too.") var plain = false

    func validate() throws {
        guard common.format == .table else {
            throw ValidationError("watch has no JSON; execution events --follow --format json has the events.")
        }
    }

    func run() async throws {
        try await common.session { session in
            let id = try await session.execution(named.execution)
            let watch = Watch(session, id, untilPaused: untilPaused, plain: plain)
            throw Ending(status: try await watch.run())
        }
    }
}
