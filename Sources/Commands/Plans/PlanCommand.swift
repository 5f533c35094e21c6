internal import ArgumentParser

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Recovery plans: which groups, in which waves.",
        subcommands: [
            PlanCreate.self, PlanList.self, PlanShow.self, PlanUpdate.self, PlanDelete.self, PlanValidate.self,
        ]
    )
}
