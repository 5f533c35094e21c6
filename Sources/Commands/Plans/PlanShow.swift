internal import ArgumentParser
internal import Contract
internal import JSON

struct PlanShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a recovery plan with its waves."
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The plan's name or id.") var plan: String
    @Flag(help: "As the JSON that create and update take with --file.") var asFile = false

    func run() async throws {
        try await common.session { session in
            let call = GetRecoveryPlan(planId: try await session.plan(plan))
            let reply = try await session.client.reply(to: call)
            if asFile {
                session.terminal.line(try JSON(encoding: RecoveryPlanBody(reply.answer)).text)
            } else {
                session.output.show(reply)
            }
        }
    }
}

extension RecoveryPlanBody {
    /// The body that would make this plan: a view has every field of a body, and more.
    init(_ view: RecoveryPlanView) throws {
        self = try JSON(encoding: view).decoded(as: RecoveryPlanBody.self)
    }
}
