internal import ArgumentParser
internal import Contract

struct PlanDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a recovery plan; its executions stay."
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The plan's name or id.") var plan: String

    func run() async throws {
        try await common.session { session in
            _ = try await session.client.send(DeleteRecoveryPlan(planId: try await session.plan(plan)))
            session.output.report("Deleted the recovery plan \(plan).")
        }
    }
}
