internal import ArgumentParser

struct ExecutionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "execution",
        abstract: "Executions: drills and recoveries of a plan.",
        discussion: "An execution is named by its id, by latest, or by its plan, whose latest one is meant.",
        subcommands: [
            ExecutionStart.self, ExecutionList.self, ExecutionShow.self, ExecutionWatch.self, ExecutionPause.self,
            ExecutionResume.self, ExecutionCancel.self, ExecutionApprove.self, ExecutionDecline.self,
            ExecutionRetry.self, ExecutionSkip.self, ExecutionRecoveryPoint.self, ExecutionNote.self,
            ExecutionTerminate.self, ExecutionLogs.self, ExecutionWall.self,
            ExecutionEvents.self, ExecutionHide.self,
        ]
    )
}

/// The execution that a command is about.
struct ExecutionArgument: ParsableArguments {
    @Argument(help: "The execution's id, latest, or its plan's name.") var execution: String
}
