internal import Ambient
internal import ArgumentParser
internal import Contract
internal import Recovery

struct ExecutionTerminate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "terminate",
        abstract: "Terminate the instances that an ended execution launched.",
        discussion: "With --wait-terminated the exit status is 0 when all are gone, and 3 when some are left."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var named: ExecutionArgument
    @Option(help: "The plan's name; a recovery's instances are terminated with it alone.") var confirm: String?
    @Flag(help: "Wait until all instances are gone.") var waitTerminated = false

    func run() async throws {
        try await common.session { session in
            let id = try await session.execution(named.execution)
            let call = TerminateExecutionInstances(executionId: id, body: .init(confirm: confirm))
            var reply: HubClient.Reply<ExecutionView>
            do {
                reply = try await session.client.reply(to: call)
            } catch let refused as Refused where waitTerminated && Self.isAsked(refused) {
                reply = try await session.client.reply(to: GetExecution(executionId: id))
            }
            guard waitTerminated else {
                session.output.report(reply, Self.sentence(reply.answer))
                return
            }
            if Self.isUnderWay(reply.answer) {
                try await wait(session, id)
                reply = try await session.client.reply(to: GetExecution(executionId: id))
            }
            session.output.report(reply, Self.sentence(reply.answer))
            guard reply.answer.instancesTerminated else { throw Ending(status: .partial) }
        }
    }

    /// Whoever waits for the instances to be gone is served by a termination that somebody else asked for.
    private static func isAsked(_ refused: Refused) -> Bool {
        refused.code == "ALREADY_TERMINATED" || refused.code == "TERMINATION_IN_PROGRESS"
    }

    private func wait(_ session: Session, _ id: Execution.ID) async throws {
        var last: ExecutionView.CleanUp?
        try await Follower(session.client, id, readsJournal: false).run(every: .seconds(5)) { sight in
            let cleanUp = sight.execution.cleanup
            if let cleanUp, cleanUp != last, session.output.format == .table, !session.output.isQuiet {
                let now = ClockText.of(session.client.ambient.now)
                session.terminal.line("\(now)  \(cleanUp.terminated) of \(cleanUp.total) instances terminated")
            }
            last = cleanUp
            return Self.isUnderWay(sight.execution)
        }
    }

    private static func isUnderWay(_ execution: ExecutionView) -> Bool {
        !execution.instancesTerminated && execution.cleanup?.state == .running
    }

    private static func sentence(_ execution: ExecutionView) -> String {
        if execution.instancesTerminated { return "Every instance is gone." }
        guard let cleanUp = execution.cleanup else { return "The termination begins." }
        let counts = "\(cleanUp.terminated) of \(cleanUp.total) instances terminated, \(cleanUp.failed) failed"
        return "The termination is \(cleanUp.state.rawValue): \(counts)."
    }
}
